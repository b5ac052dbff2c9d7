"""The programme's settings, its years, and the versions of the letter."""

from typing import Any

from django import forms
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.web.views import ObjectPage, PageMixin, TemplateView, VerbView
from portal.workdays import clock
from responsibility import policies
from responsibility.errors import TemplatePublished
from responsibility.forms import ClauseForm, ProgrammeForm, TargetForm, YearForm
from responsibility.models import Clause, LetterTemplate, Programme, ProgrammeYear, Target
from responsibility.services import programme


def _coordinates(user: User, _object: object) -> bool:
    return policies.may_edit_programme(user)


class ProgrammePage(PageMixin, TemplateView):
    """What the programme is called, its years and the letter's versions."""

    template_name = "responsibility/programme.html"
    title = _("Programme")
    lede = _("Names, years and the text of the letter.")

    def allowed(self, user: User) -> bool:
        """The coordinator."""
        return policies.may_edit_programme(user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds settings, years and versions."""
        settings_row = Programme.objects.get(pk=1)
        values = [
            (field.verbose_name, getattr(settings_row, field.name))
            for field in Programme._meta.fields
            if field.name != "id"
        ]
        return super().get_context_data(
            values=values, years=ProgrammeYear.objects.all(), templates=LetterTemplate.objects.all(), **kwargs
        )


class EditProgramme(VerbView):
    """Change the programme's settings."""

    title = _("Settings of the programme")
    lede = _("They stand in every letter issued from now on; letters already issued keep their words.")
    crumbs = ((_("Programme"), "/programme/"),)
    form_class = ProgrammeForm
    purpose = "edit-programme"
    policy = staticmethod(_coordinates)
    back_url = "/programme/"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The row as it stands."""
        return super().get_form_kwargs() | {"instance": Programme.objects.get(pk=1)}

    def perform(self, form: ProgrammeForm) -> Programme:
        """Save it."""
        return programme.update_programme(self.request.user, form.cleaned_data)

    def get_result_url(self, result: Programme) -> str:
        """The programme."""
        return "/programme/"


class OpenYear(VerbView):
    """Open a programme year."""

    title = _("Open a programme year")
    lede = _("The day by which the year's letters are signed.")
    crumbs = ((_("Programme"), "/programme/"),)
    form_class = YearForm
    purpose = "open-year"
    submit_label = _("Open the year")
    policy = staticmethod(_coordinates)
    back_url = "/programme/"

    def get_initial(self) -> dict[str, Any]:
        """The next year."""
        return {"year": clock.today().year + 1}

    def perform(self, form: YearForm) -> ProgrammeYear:
        """Open it."""
        return programme.open_year(self.request.user, **form.cleaned_data)

    def get_result_url(self, result: ProgrammeYear) -> str:
        """The year's letters."""
        return reverse("responsibility:letters-of-year", args=(result.pk,))


class TemplateMixin:
    """Finds the version that the address names."""

    kwargs: dict[str, Any]

    def get_object(self) -> LetterTemplate:
        """By its number."""
        return LetterTemplate.objects.get(version=self.kwargs["version"])

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The programme."""
        return [(_t("Programme"), "/programme/")]


class TemplatePage(TemplateMixin, ObjectPage):
    """A version of the letter with its clauses and targets."""

    template_name = "responsibility/template.html"

    def allowed(self, user: User) -> bool:
        """The coordinator."""
        return policies.may_edit_programme(user)

    def get_title(self) -> str:
        """Which version."""
        return _t("%(name)s, version %(version)s") % {"name": self.object.name, "version": self.object.version}

    def get_lede(self) -> str:
        """Published or draft, and the sum of the weights."""
        total = sum(Target.objects.filter(section__template=self.object).values_list("weight", flat=True))
        if self.object.published_at:
            return _t("Published. It is never changed; letters name the version they were issued from.")
        return _t("Draft. The weights add up to %(sum)s percent; they must give 100.") % {"sum": total}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the sections."""
        sections = self.object.sections.prefetch_related("clauses__unit_type", "targets")
        return super().get_context_data(template=self.object, sections=sections, **kwargs)


class DraftTemplate(VerbView):
    """Begin a new version of the letter."""

    title = _("New version of the letter")
    lede = _("A copy of the newest version, to be changed and then published.")
    crumbs = ((_("Programme"), "/programme/"),)
    form_class = forms.Form
    purpose = "draft-template"
    submit_label = _("Begin a new version")
    policy = staticmethod(_coordinates)
    back_url = "/programme/"

    def perform(self, form: forms.Form) -> LetterTemplate:
        """Copy the newest."""
        return programme.draft_template(self.request.user)


class EditRow(TemplateMixin, VerbView):
    """Change a clause or a target of a draft."""

    policy = staticmethod(_coordinates)
    model: type[Clause] | type[Target]

    def get_row(self) -> Any:
        """The row, of this version."""
        return self.model._default_manager.get(pk=self.kwargs["pk"], section__template=self.object)

    def get_initial(self) -> dict[str, Any]:
        """As it stands."""
        row = self.get_row()
        return {name: getattr(row, name) for name in self.form_class.base_fields}  # type: ignore[union-attr]

    def perform(self, form: forms.Form) -> LetterTemplate:
        """Save it."""
        with transaction.atomic():
            template = LetterTemplate.objects.select_for_update().get(pk=self.object.pk)
            if template.published_at is not None:
                raise TemplatePublished
            row = self.get_row()
            for name, value in form.cleaned_data.items():
                setattr(row, name, value)
            row.save(update_fields=list(form.cleaned_data))
        return template


class EditClause(EditRow):
    """Change a clause."""

    title = _("Clause")
    form_class = ClauseForm
    purpose = "edit-clause"
    model = Clause


class EditTarget(EditRow):
    """Change a target."""

    title = _("Target")
    form_class = TargetForm
    purpose = "edit-target"
    model = Target


class PublishTemplate(TemplateMixin, VerbView):
    """Publish a draft."""

    title = _("Publish this version")
    form_class = forms.Form
    purpose = "publish-template"
    submit_label = _("Publish")
    policy = staticmethod(_coordinates)

    def get_consequences(self) -> list[str]:
        """What follows."""
        return [
            _t("Letters are issued from this version from now on."),
            _t("It can never be changed; the next change is a new version."),
            _t("Letters already issued stay as they are."),
        ]

    def perform(self, form: forms.Form) -> LetterTemplate:
        """Publish it."""
        return programme.publish_template(self.request.user, self.object.version)
