"""The versions of the letter: their clauses and targets, drafted and published."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.web.i18n import localized
from portal.web.views import ObjectPage, VerbView
from responsibility import policies
from responsibility.letter_forms import ClauseForm, TargetForm, TemplateForm
from responsibility.models import Clause, LetterTemplate, Section, Target
from responsibility.services import programme


def _coordinates(user: User, _object: object) -> bool:
    return policies.may_edit_programme(user)


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
        """Published or draft."""
        if self.object.published_at:
            return _t("Published. It is never changed; letters name the version they were issued from.")
        return _t("Draft. The weights of each letter's targets must add up to 100 percent.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the sections, and what the targets weigh together."""
        sections = self.object.sections.prefetch_related("clauses__unit_type", "targets__unit_type")
        weights = programme.weight_names(target for section in sections for target in section.targets.all())
        return super().get_context_data(template=self.object, sections=sections, weights=weights, **kwargs)


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


class EditDraft(TemplateMixin, VerbView):
    """A verb on a draft; on a published version it is refused."""

    policy = staticmethod(_coordinates)


class EditTemplate(EditDraft):
    """Change the names of a draft and its first sentence."""

    title = _("Names and opening of the letter")
    form_class = TemplateForm
    purpose = "edit-template"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The version as it stands."""
        return super().get_form_kwargs() | {"instance": self.get_object()}

    def perform(self, form: TemplateForm) -> LetterTemplate:
        """Save it."""
        return programme.edit_template(self.request.user, self.object.version, form.cleaned_data)


class EditClause(EditDraft):
    """Change a clause."""

    title = _("Clause")
    form_class = ClauseForm
    purpose = "edit-clause"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The row, of this version."""
        row = Clause.objects.get(pk=self.kwargs["pk"], section__template=self.object)
        return super().get_form_kwargs() | {"instance": row}

    def perform(self, form: ClauseForm) -> LetterTemplate:
        """Save it."""
        return programme.edit_clause(self.request.user, self.object.version, self.kwargs["pk"], form.cleaned_data)


class AddToSection(EditDraft):
    """Add a row to a section of a draft."""

    def get_lede(self) -> str:
        """To which section."""
        return self.section.name

    @property
    def section(self) -> Section:
        """The section that the address names."""
        return Section.objects.get(template=self.object, code=self.kwargs["section"])


class AddClause(AddToSection):
    """Add a clause to a section."""

    title = _("New clause")
    form_class = ClauseForm
    purpose = "add-clause"
    submit_label = _("Add the clause")

    def get_initial(self) -> dict[str, Any]:
        """At the end."""
        return {"order": self.section.clauses.count() + 1}

    def perform(self, form: ClauseForm) -> LetterTemplate:
        """Save it."""
        return programme.add_clause(self.request.user, self.object.version, self.kwargs["section"], form.cleaned_data)


class RemoveClause(EditDraft):
    """Take a clause out of a draft."""

    title = _("Remove the clause")
    form_class = forms.Form
    purpose = "remove-clause"
    submit_label = _("Remove the clause")
    danger = True

    def get_lede(self) -> str:
        """Which."""
        return localized(Clause.objects.get(pk=self.kwargs["pk"], section__template=self.object), "text")

    def perform(self, form: forms.Form) -> LetterTemplate:
        """Take it out."""
        return programme.remove_clause(self.request.user, self.object.version, self.kwargs["pk"])


class EditTarget(EditDraft):
    """Change a target."""

    title = _("Target")
    form_class = TargetForm
    purpose = "edit-target"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The row, of this version."""
        row = Target.objects.get(pk=self.kwargs["pk"], section__template=self.object)
        return super().get_form_kwargs() | {"instance": row}

    def perform(self, form: TargetForm) -> LetterTemplate:
        """Save it."""
        return programme.edit_target(self.request.user, self.object.version, self.kwargs["pk"], form.values())


class AddTarget(AddToSection):
    """Add a target to a section."""

    title = _("New target")
    form_class = TargetForm
    purpose = "add-target"
    submit_label = _("Add the target")

    def get_initial(self) -> dict[str, Any]:
        """At the end."""
        return {"order": self.section.targets.count() + 1}

    def perform(self, form: TargetForm) -> LetterTemplate:
        """Save it."""
        return programme.add_target(self.request.user, self.object.version, self.kwargs["section"], form.values())


class RemoveTarget(EditDraft):
    """Take a target out of a draft."""

    title = _("Remove the target")
    form_class = forms.Form
    purpose = "remove-target"
    submit_label = _("Remove the target")
    danger = True

    def get_lede(self) -> str:
        """Which."""
        return Target.objects.get(pk=self.kwargs["pk"], section__template=self.object).name

    def perform(self, form: forms.Form) -> LetterTemplate:
        """Take it out."""
        return programme.remove_target(self.request.user, self.object.version, self.kwargs["pk"])


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
