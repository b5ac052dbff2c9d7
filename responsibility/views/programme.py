"""The programme's settings and its years."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.web.views import PageMixin, TemplateView, VerbView
from portal.workdays import clock
from responsibility import policies
from responsibility.letter_forms import ProgrammeForm, YearForm
from responsibility.models import LetterTemplate, Programme, ProgrammeYear
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
