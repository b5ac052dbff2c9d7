"""What the coordinator does with letters: issue them, withdraw one."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts import scopes
from portal.accounts.models import User
from portal.accounts.places import places_for
from portal.accounts.roles import Role
from portal.organisation.models import Unit
from portal.web.errors import PortalError
from portal.web.forms import ReasonForm
from portal.web.i18n import titled, with_note
from portal.web.models import Job
from portal.web.views import VerbView
from responsibility import policies
from responsibility.errors import NoTemplate, YearNotOpen
from responsibility.letter_forms import IssueForm
from responsibility.models import Letter, LetterTemplate, ProgrammeYear
from responsibility.services import letters
from responsibility.views.letters import letter_of


def parts_of(user: User) -> list[tuple[str, str]]:
    """The parts of the tree that a person coordinates, and each part of them that has units below."""
    own = places_for(user, Role.COORDINATOR)
    below = Unit.objects.filter(scopes.q(user, "path", (Role.COORDINATOR,)), children__isnull=False).distinct()
    known = {path for path, _name in own}
    return own + [(str(u.path), with_note(u.name, u.code)) for u in below.order_by("path") if str(u.path) not in known]


class IssueLetters(VerbView):
    """Issue the letters of a part of the tree."""

    template_name = "responsibility/issue.html"
    form_class = IssueForm
    purpose = "issue-letters"
    submit_label = _("Issue the letters")

    @staticmethod
    def policy(user: User, _object: object) -> bool:
        """The coordinator."""
        return policies.may_issue(user)

    def get_title(self) -> str:
        """The year."""
        return _t("Issue letters for %(year)s") % {"year": self.kwargs["year"]}

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The letters."""
        return [(_t("Letters"), self.get_back_url())]

    def get_back_url(self) -> str:
        """The letters."""
        return reverse("responsibility:letters-of-year", args=(self.kwargs["year"],))

    def get_form_kwargs(self) -> dict[str, Any]:
        """The parts of the tree the person coordinates; a look before it is done fills the form from the address."""
        kwargs = super().get_form_kwargs() | {"places": parts_of(self.request.user)}
        if self.request.method == "GET" and "path" in self.request.GET:
            kwargs["data"] = self.request.GET
        return kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds how many letters there would be, who gets none and why, and what is still missing before it can be."""
        context = super().get_context_data(**kwargs)
        year = self.kwargs["year"]
        path, types = context["form"].choice()
        found = letters.preview(year, path=path, type_ids=types) if path else None
        missing: list[PortalError] = []
        if not ProgrammeYear.objects.filter(pk=year).exists():
            missing.append(YearNotOpen())
        if not LetterTemplate.objects.published().exists():
            missing.append(NoTemplate())
        ready = not missing and bool(found and found.ready)
        return context | {"preview": found, "missing": missing, "year": year, "ready": ready}

    def perform(self, form: IssueForm) -> Job:
        """Begin."""
        path, types = form.choice()
        return letters.start_issue(self.request.user, year=self.kwargs["year"], path=path, type_ids=types)

    def get_result_url(self, result: Job) -> str:
        """The progress."""
        return reverse("web:job", args=(result.pk,))


class WithdrawLetter(VerbView):
    """Withdraw an unsigned letter."""

    title = _("Withdraw the letter")
    form_class = ReasonForm
    purpose = "withdraw-letter"
    submit_label = _("Withdraw the letter")
    danger = True

    @staticmethod
    def policy(user: User, letter: Letter) -> bool:
        """The coordinator."""
        return policies.may_withdraw(user, letter)

    def get_object(self) -> Letter:
        """The unit's letter."""
        return letter_of(self.request.user, self.kwargs["year"], self.kwargs["code"])

    def get_title(self) -> str:
        """Whose letter."""
        return titled(self.title, self.object.unit.name)

    def get_lede(self) -> str:
        """Its number."""
        return str(self.object.number)

    def get_consequences(self) -> list[str]:
        """What follows."""
        return [
            _t("Nobody can sign this letter any more."),
            _t("The unit's duty to sign it ends, with your reason."),
            _t("The top leader and the head of the leading group are told."),
            _t("A new letter can then be issued to the unit."),
        ]

    def get_initial(self) -> dict[str, Any]:
        """The version that is shown."""
        return {"version": self.object.version}

    def perform(self, form: ReasonForm) -> Letter:
        """Withdraw it."""
        typed = form.cleaned_data
        return letters.withdraw(
            self.request.user, self.object.pk, expected_version=typed["version"], reason=typed["reason"]
        )
