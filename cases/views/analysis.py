"""The page of timeliness and detection, and the page of patterns with what follows from a loophole."""

from typing import Any

from django import forms
from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cases import measures, policies
from cases.crime_forms import long_text
from cases.models import Clue, CrimeCase, Offence, Recommendation, Source, Stage
from cases.punishments import finding
from cases.services import crime, recommendations
from cases.views.base import RoomMixin
from cases.views.crime_verbs import CaseVerb
from cases.views.recommendation_verbs import BASIS
from cases.views.search import CLASSES
from portal.accounts.models import User
from portal.organisation.models import Rank, Unit
from portal.web.i18n import is_chinese
from portal.web.views import ObjectPage, TemplateView, Text, VerbView
from portal.workdays import clock
from systems.models import BlankArea, RequiredSystem

AGES: dict[str, Text] = {
    "under-90": _("under 90 days"),
    "90-180": _("90 to 180 days"),
    "180-365": _("180 days to a year"),
    "over-365": _("over a year"),
}


class AnalysisForm(forms.Form):
    """What the figures are narrowed to, and which two sources are compared."""

    offence = forms.ModelChoiceField(Offence.objects.all(), label=_("Offence"), required=False, empty_label=_("All"))
    rank = forms.ModelChoiceField(Rank.objects.all(), label=_("Rank at the time"), required=False, empty_label=_("All"))
    first = forms.ChoiceField(label=_("One source"), choices=Source.choices, required=False)
    second = forms.ChoiceField(label=_("Another source"), choices=Source.choices, required=False)


class Analysis(RoomMixin, TemplateView):
    """How long cases take, how old open ones are, who finds them, and how many nobody finds."""

    template_name = "cases/analysis.html"
    title = _("Timeliness and detection")
    room = "cases:analysis"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the figures."""
        asked = {"first": Source.REPORT, "second": Source.AUDIT} | self.request.GET.dict()
        form = AnalysisForm(asked)
        cases = CrimeCase.objects.visible_to(self.request.user)
        first, second = str(Source.REPORT), str(Source.AUDIT)
        if form.is_valid():
            typed = form.cleaned_data
            first, second = typed["first"] or first, typed["second"] or second
            if typed["offence"]:
                cases = cases.filter(
                    pk__in=CrimeCase.objects.filter(charges__law__offence=typed["offence"]).values("pk")
                )
            if typed["rank"]:
                cases = cases.filter(pk__in=CrimeCase.objects.filter(suspects__rank=typed["rank"]).values("pk"))
        lists, estimate = measures.dark_figure(cases, first, second)
        stages, sources = dict(Stage.choices), dict(Source.choices)
        return super().get_context_data(
            form=form,
            spans=[(stages[s.start], stages[s.end], s) for s in measures.spans(cases)],
            trend=measures.trend(cases),
            ages=[(AGES[name], n) for name, n in measures.ages(cases, clock.today()).items()],
            sources=[(sources[source], n) for source, n in measures.by_source(cases)],
            clues=measures.clues_in_time(Clue.objects.visible_to(self.request.user)),
            lists=lists,
            estimate=estimate,
            names=(sources[first], sources[second]),
            same=first == second,
            **kwargs,
        )


class FoundByForm(forms.Form):
    """A further source of the same facts."""

    source = forms.ChoiceField(label=_("Source"), choices=Source.choices)


class AddSource(CaseVerb):
    """Enter that another source came upon the same facts by itself."""

    title = _("Also found by")
    form_class = FoundByForm
    purpose = "case-found-by"
    submit_label = _("Enter it")

    def get_consequences(self) -> list[Text]:
        """What it is for."""
        return [_t("From what independent sources share, the number of cases that nobody found is estimated.")]

    def perform(self, form: FoundByForm) -> CrimeCase:
        """Enter it."""
        return crime.also_found_by(self.request.user, self.object.pk, source=form.cleaned_data["source"])


class Patterns(RoomMixin, TemplateView):
    """Which loopholes, sectors, ranks and amounts recur."""

    template_name = "cases/patterns.html"
    title = _("Patterns")
    lede = _("What recurs is where the next case comes from.")
    room = "cases:patterns"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the counts, each set-based."""
        cases = CrimeCase.objects.visible_to(self.request.user)
        mine = Q(crime_cases__in=cases)
        blank = Q(blank_areas__closed_on=None, blank_areas__in=BlankArea.objects.visible_to(self.request.user))
        loopholes = RequiredSystem.objects.annotate(
            cases=Count("crime_cases", filter=mine, distinct=True),
            blanks=Count("blank_areas", filter=blank, distinct=True),
        )
        sectors = cases.order_by().values_list("unit__sector__name_en", "unit__sector__name_zh").annotate(n=Count("pk"))
        ranks = (
            cases.order_by().values_list("suspects__rank__name_en", "suspects__rank__name_zh").annotate(n=Count("pk"))
        )
        return super().get_context_data(
            loopholes=loopholes.filter(cases__gt=0).order_by("-cases", "order"),
            sectors=_named(sectors),
            ranks=_named(ranks),
            amounts=_amounts(cases),
            **kwargs,
        )


def _named(rows: Any) -> list[tuple[str, int]]:
    found = [((zh if is_chinese() else en) or zh or en, n) for en, zh, n in rows if en or zh]
    return sorted(found, key=lambda pair: -pair[1])


def _amounts(cases: Any) -> list[tuple[Text, int]]:
    sums = cases.annotate(total=Sum("charges__amount")).values_list("total", flat=True)
    found = dict.fromkeys(CLASSES, 0)
    for total in sums:
        name = "unknown"
        for code, low, high in finding.CLASSES:
            if total is not None and total >= low and (high is None or total < high):
                name = code
        found[name] += 1
    return [(CLASSES[name], n) for name, n in found.items() if n]


class Loophole(RoomMixin, ObjectPage):
    """One loophole: the cases that used it, who was asked to close it, and the units that have the same blank area."""

    template_name = "cases/loophole.html"
    room = "cases:patterns"
    object: RequiredSystem

    def get_object(self) -> RequiredSystem:
        """By its code."""
        return RequiredSystem.objects.get(code=self.kwargs["code"])

    def get_title(self) -> Text:
        """The system."""
        return self.object.name

    def get_crumbs(self) -> list[tuple[Text, str]]:
        """The patterns."""
        return [(_("Patterns"), reverse("cases:patterns"))]

    def get_lede(self) -> Text:
        """How many cases."""
        count = CrimeCase.objects.visible_to(self.request.user).filter(loophole=self.object).count()
        sentence = ngettext("%(count)s case went through this gap.", "%(count)s cases went through this gap.", count)
        return sentence % {"count": count}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds cases, recommendations, blank areas."""
        user, system = self.request.user, self.object
        blanks = BlankArea.objects.visible_to(user).filter(category=system).select_related("unit", "obligation")
        asked = Recommendation.objects.visible_to(user).filter(loophole=system).select_related("unit")
        may_send = policies.may_work(user)
        actions = []
        if may_send and blanks.open().exists():
            url = reverse("cases:recommend-to-many", args=(system.code,))
            actions = [{"url": url, "label": _("Recommend to all of them"), "icon": "send", "primary": True}]
        return super().get_context_data(
            cases=CrimeCase.objects.visible_to(user).filter(loophole=system).select_related("unit"),
            recommendations=asked,
            open_blanks=blanks.open(),
            closed_blanks=blanks.filter(closed_on__isnull=False)[:20],
            actions=actions,
            **kwargs,
        )


class ManyForm(forms.Form):
    """The same recommendation to several units."""

    number = forms.CharField(label=_("Number"), max_length=50, help_text=_("Each unit's gets its place behind it."))
    case = forms.ModelChoiceField(CrimeCase.objects.none(), label=_("Case"), required=False, empty_label=_("none"))
    units = forms.ModelMultipleChoiceField(
        Unit.objects.none(), label=_("Units with the same blank area"), widget=forms.CheckboxSelectMultiple
    )
    facts = long_text(_("Facts and loophole"), 6)
    basis = long_text(_("Legal basis"), 2)
    measures = long_text(_("Measures asked for"), 6)

    def __init__(self, *args: Any, units: Any, cases: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units  # type: ignore[attr-defined]
        self.fields["units"].label_from_instance = lambda unit: unit.name  # type: ignore[attr-defined]
        self.fields["case"].queryset = cases  # type: ignore[attr-defined]


class RecommendToMany(RoomMixin, VerbView):
    """One case, one prevention: every unit with the same blank area is asked to fill it."""

    title = _("Recommend to all units with this gap")
    form_class = ManyForm
    purpose = "recommend-to-many"
    submit_label = _("Keep the drafts")
    room = "cases:patterns"

    @staticmethod
    def policy(user: User, _system: Any) -> bool:
        """Who works on cases."""
        return policies.may_work(user)

    def get_object(self) -> RequiredSystem:
        """By its code."""
        return RequiredSystem.objects.get(code=self.kwargs["code"])

    def get_back_url(self) -> str:
        """The loophole."""
        return reverse("cases:loophole", args=(self.object.code,))

    def get_lede(self) -> Text:
        """Which."""
        return str(self.object.name)

    def _units(self) -> Any:
        blanks = BlankArea.objects.visible_to(self.request.user).open().filter(category=self.object)
        return Unit.objects.filter(pk__in=blanks.values("unit_id"))

    def get_form_kwargs(self) -> dict[str, Any]:
        """The units, and the cases."""
        cases = CrimeCase.objects.visible_to(self.request.user).filter(loophole=self.object)
        return super().get_form_kwargs() | {"units": self._units(), "cases": cases}

    def get_initial(self) -> dict[str, Any]:
        """All of them."""
        return {"units": list(self._units().values_list("pk", flat=True)), "basis": BASIS}

    def perform(self, form: ManyForm) -> Any:
        """Draft them; somebody else signs each."""
        typed = dict(form.cleaned_data)
        units = list(typed.pop("units"))
        return recommendations.draft_many(
            self.request.user, units, number=typed.pop("number"), loophole=self.object, **typed
        )

    def get_result_url(self, result: Any) -> str:
        """The drafts."""
        return f"{reverse('cases:recommendations')}?state=draft"
