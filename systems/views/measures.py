"""The library of preventive measures: the list, a measure with its trials, the verbs."""

from typing import Any

import django_filters
import django_tables2
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.organisation.models import OfficialType, Rank, Sector
from portal.web.i18n import listed
from portal.web.views import ListPage, ObjectPage, VerbView
from portal.workdays import clock
from systems import policies_programme as policies
from systems.forms.measures import JudgeForm, MeasureForm, TrialForm
from systems.measure_figures import of_measure
from systems.models import RequiredSystem
from systems.models.experience import MeasureState, MeasureTrial, PreventiveMeasure
from systems.models.projects import Project
from systems.models.research import ResearchReport
from systems.services import experience
from systems.services.experience.measures import FOR_WHOM

CRUMBS = ((_("Preventive measures"), "/measures/"),)


def _by(rows: Any, name: str, label: Any) -> django_filters.ModelChoiceFilter:
    return django_filters.ModelChoiceFilter(queryset=rows, field_name=name, to_field_name="code", label=label)


class MeasureFilter(django_filters.FilterSet):
    """By words, and for which field, industry, type and rank of official."""

    q = django_filters.CharFilter(label=_("Words"), method="words")
    field = _by(RequiredSystem.objects.all(), "categories", _("Field"))
    industry = _by(Sector.objects.all(), "sectors", _("Industry"))
    official = _by(OfficialType.objects.all(), "official_types", _("Type of official"))
    rank = _by(Rank.objects.all(), "ranks", _("Rank"))
    state = django_filters.ChoiceFilter(choices=MeasureState.choices, label=_("State"))

    def words(self, queryset: "QuerySet[PreventiveMeasure]", name: str, value: str) -> "QuerySet[PreventiveMeasure]":
        """In names, text and lessons."""
        looked = Q(name_zh__icontains=value) | Q(name_en__icontains=value)
        return queryset.filter(looked | Q(text__icontains=value) | Q(lessons__icontains=value))


class MeasureTable(django_tables2.Table):
    """Measures of the library."""

    name = django_tables2.Column(verbose_name=_("Measure"), accessor="name", linkify=True, order_by="name_zh")
    fields = django_tables2.Column(verbose_name=_("Fields"), empty_values=(), orderable=False)
    industries = django_tables2.Column(verbose_name=_("Industries"), empty_values=(), orderable=False)
    tried = django_tables2.Column(verbose_name=_("Trials"), order_by="tried")
    state = django_tables2.Column(verbose_name=_("State"), accessor="get_state_display", order_by="state")

    def render_fields(self, record: PreventiveMeasure) -> str:
        """The systems that it strengthens."""
        return listed(category.name for category in record.categories.all())

    def render_industries(self, record: PreventiveMeasure) -> str:
        """For which; all where none is named."""
        return listed(sector.name for sector in record.sectors.all()) or _t("all")


class MeasuresPage(ListPage):
    """The library."""

    model = PreventiveMeasure
    title = _("Preventive measures")
    lede = _("What was tried against duty crimes, for whom, and what it changed.")
    table_class = MeasureTable
    filterset_class = MeasureFilter
    template_name = "systems/measures.html"
    export_name = "measures"
    empty = _("The library is empty. The coordinator adds what was tried here or elsewhere.")

    def allowed(self, user: User) -> bool:
        """Whoever sees content."""
        return policies.may_read(user)

    def get_queryset(self) -> "QuerySet[PreventiveMeasure]":
        """With what each row shows."""
        seen = PreventiveMeasure.objects.visible_to(self.request.user).prefetch_related("categories", "sectors")
        return seen.annotate(tried=Count("trials", distinct=True))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the way to a new one."""
        return super().get_context_data(may_keep=policies.may_keep_measures(self.request.user), **kwargs)


class MeasureMixin:
    """Finds the measure that the address names."""

    request: Any
    kwargs: dict[str, Any]
    object: Any

    def allowed(self, user: User) -> bool:
        """Whoever sees content."""
        return policies.may_read(user)

    def get_object(self) -> PreventiveMeasure:
        """By its id. Raises DoesNotExist."""
        return PreventiveMeasure.objects.visible_to(self.request.user).get(pk=self.kwargs["pk"])

    def get_crumbs(self) -> Any:
        """The library."""
        return CRUMBS


class MeasurePage(MeasureMixin, ObjectPage):
    """A measure: what is done, for whom, where it was tried with the figures before and after, the lessons."""

    template_name = "systems/measure.html"
    object: PreventiveMeasure

    def get_title(self) -> str:
        """Its name."""
        return self.object.name

    def get_lede(self) -> str:
        """What is known of it."""
        return str(self.object.get_state_display())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds for whom, the trials, the reports and the verbs."""
        measure, user = self.object, self.request.user
        trials = list(MeasureTrial.objects.filter(measure=measure).select_related("unit"))
        labels = (_t("Industries"), _t("Fields"), _t("Types of official"), _t("Ranks"))
        whom = [(label, listed(getattr(measure, name).all())) for label, name in zip(labels, FOR_WHOM, strict=True)]
        return super().get_context_data(
            measure=measure,
            whom=[(label, words or _t("all")) for label, words in whom],
            tried=of_measure(measure, trials, clock.today()),
            reports=ResearchReport.objects.visible_to(user).filter(measures=measure),
            project=Project.objects.visible_to(user).filter(pk=measure.project_id or 0).first(),
            may_keep=policies.may_keep_measures(user),
            **kwargs,
        )


class AddMeasure(VerbView):
    """Put a measure into the library."""

    title = _("New preventive measure")
    crumbs = CRUMBS
    form_class = MeasureForm
    purpose = "add-measure"
    submit_label = _("Add the measure")
    back_url = "/measures/"
    policy = staticmethod(policies.may_keep_measures)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who adds it."""
        return super().get_form_kwargs() | {"by": self.request.user}

    def perform(self, form: MeasureForm) -> PreventiveMeasure:
        """Add it."""
        return experience.add(self.request.user, form.measure())


class ChangeMeasure(MeasureMixin, AddMeasure):
    """Change a measure."""

    title = _("Change the measure")
    purpose = "change-measure"
    submit_label = _("Save")

    def get_initial(self) -> dict[str, Any]:
        """As it stands."""
        measure = self.object
        chosen = {name: list(getattr(measure, name).values_list("pk", flat=True)) for name in FOR_WHOM}
        plain = {name: getattr(measure, name) for name in ("name_zh", "name_en", "text", "version")}
        return plain | chosen | {"project": measure.project_id}

    def get_back_url(self) -> str:
        """The measure."""
        return str(self.object.get_absolute_url())

    def perform(self, form: MeasureForm) -> PreventiveMeasure:
        """Save it."""
        version = form.cleaned_data["version"] or 0
        return experience.change(self.request.user, self.object.pk, form.measure(), expected_version=version)


class TryMeasure(MeasureMixin, VerbView):
    """Record where a measure was tried."""

    title = _("Where it was tried")
    form_class = TrialForm
    purpose = "try-measure"
    submit_label = _("Record the trial")
    policy = staticmethod(policies.may_keep_measures)

    def get_lede(self) -> str:
        """Which measure."""
        return str(self.object.name)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who records it."""
        return super().get_form_kwargs() | {"by": self.request.user}

    def perform(self, form: TrialForm) -> PreventiveMeasure:
        """Record it."""
        return experience.try_(self.request.user, self.object.pk, form.trial()).measure


class JudgeMeasure(MeasureMixin, VerbView):
    """Say what a measure taught."""

    title = _("What it taught")
    form_class = JudgeForm
    purpose = "judge-measure"
    policy = staticmethod(policies.may_keep_measures)

    def get_lede(self) -> str:
        """Which measure."""
        return str(self.object.name)

    def get_initial(self) -> dict[str, Any]:
        """As it stands."""
        return {name: getattr(self.object, name) for name in ("state", "lessons", "version")}

    def perform(self, form: JudgeForm) -> PreventiveMeasure:
        """Save it."""
        typed = form.cleaned_data
        return experience.judge(
            self.request.user,
            self.object.pk,
            expected_version=typed["version"],
            state=MeasureState(typed["state"]),
            lessons=typed["lessons"],
        )
