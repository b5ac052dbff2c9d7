"""What is done with a clue: enter it, name officers, take a step, ask the sender, close it; settings of the site."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from cases import policies
from cases.clue_forms import CloseForm, EnterForm, HitClueForm, OfficersForm, SettingsForm, TextForm
from cases.models import CaseSettings, Clue, ScreeningHit
from cases.services import clues
from cases.services.clues.receiving import Told, office_of_public
from cases.services.settings import keep_settings
from cases.views.base import RoomMixin
from cases.views.clues import ROOM, ClueMixin
from cases.views.screening import HitMixin
from portal.accounts.models import User
from portal.web.views import Text, VerbView
from portal.workdays import clock


class EnterClue(RoomMixin, VerbView):
    """Enter a clue that came to the office."""

    title = _("Enter a clue")
    lede = _("A duty to verify it begins with its day. What it says is sealed at once.")
    form_class = EnterForm
    purpose = "enter-clue"
    submit_label = _("Enter the clue")
    room, back_url = ROOM, "/cases/clues/"

    @staticmethod
    def policy(user: User, _object: Any) -> bool:
        """Who works on cases where clues are verified."""
        return policies.may_work_at(user, str(office_of_public().path))

    def get_initial(self) -> dict[str, Any]:
        """Today."""
        return {"received_on": clock.today()}

    def perform(self, form: EnterForm) -> Clue:
        """Enter it."""
        typed = form.cleaned_data
        return clues.receive(
            self.request.user,
            office=office_of_public(),
            source=typed["source"],
            channel=typed["channel"],
            unit=typed["unit"],
            received_on=typed["received_on"],
            told=Told(typed["content"], typed["concerned"], typed["reporter"]),
        )


class MakeClue(HitMixin, VerbView):
    """Make a clue of a hit of the screening."""

    title = _("Make a clue of it")
    form_class = HitClueForm
    purpose = "make-clue"
    submit_label = _("Make a clue")

    @staticmethod
    def policy(user: User, hit: ScreeningHit) -> bool:
        """Who works on cases where the agency is."""
        return policies.may_work_at(user, str(hit.punishment.agency.path))

    def get_lede(self) -> Text:
        """Of which decision."""
        return str(self.object.punishment.number)

    def get_consequences(self) -> list[Text]:
        """A duty begins."""
        return [
            _t("A clue is opened, with the decision and what the rule saw; its text is sealed."),
            _t("A duty to verify it begins today."),
        ]

    def get_initial(self) -> dict[str, Any]:
        """The version shown."""
        return {"version": self.object.version}

    def perform(self, form: HitClueForm) -> Clue:
        """Make it."""
        typed = form.cleaned_data
        return clues.from_hit(
            self.request.user, self.object.pk, expected_version=typed["version"], remark=typed["remark"]
        )


class NameOfficers(ClueMixin, VerbView):
    """Name who verifies the clue."""

    title = _("Name officers")
    form_class = OfficersForm
    purpose = "name-officers"
    submit_label = _("Name them")

    @staticmethod
    def policy(user: User, clue: Clue) -> bool:
        """Who works on cases over the office."""
        return policies.may_name_officers(user, clue)

    def get_lede(self) -> Text:
        """Which."""
        return _t("Clue %(number)s") % {"number": self.object.number}

    def get_consequences(self) -> list[Text]:
        """Who may read it."""
        return [_t("Only those named can open the clue; who is not named any more no longer can.")]

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who may be named."""
        self.possible = {str(user.pk): user for user in policies.possible_officers(self.object)}
        return super().get_form_kwargs() | {"possible": {pk: user.name for pk, user in self.possible.items()}}

    def get_initial(self) -> dict[str, Any]:
        """Those named now."""
        named = [str(pk) for pk in self.object.officers.values_list("user_id", flat=True)]
        return {"officers": named, "grade": self.object.grade, "rank": self.object.rank_id} | {
            "version": self.object.version
        }

    def perform(self, form: OfficersForm) -> Clue:
        """Name them."""
        typed = form.cleaned_data
        return clues.name_officers(
            self.request.user,
            self.object.pk,
            expected_version=typed["version"],
            users=[self.possible[pk] for pk in typed["officers"]],
            grade=typed["grade"],
            rank=typed["rank"],
        )


class OfficerVerb(ClueMixin, VerbView):
    """A verb of an officer named on the clue."""

    @staticmethod
    def policy(user: User, clue: Clue) -> bool:
        """Its officers."""
        return policies.is_officer(user, clue)

    def get_lede(self) -> Text:
        """Which."""
        return _t("Clue %(number)s") % {"number": self.object.number}


class AddStep(OfficerVerb):
    """Write down what was done to verify it."""

    title = _("Add a step")
    form_class = TextForm
    purpose = "add-clue-step"
    submit_label = _("Add the step")

    def perform(self, form: TextForm) -> Clue:
        """Keep it."""
        return clues.add_step(self.request.user, self.object.pk, text=form.cleaned_data["text"])


class AskSender(OfficerVerb):
    """Ask who sent it."""

    title = _("Ask the sender")
    form_class = TextForm
    purpose = "ask-sender"
    submit_label = _("Ask")

    def get_consequences(self) -> list[Text]:
        """Who reads it."""
        return [_t("The sender reads the question under the receipt, and can answer there.")]

    def perform(self, form: TextForm) -> Clue:
        """Keep the question."""
        return clues.ask_sender(self.request.user, self.object.pk, text=form.cleaned_data["text"])


class CloseClue(OfficerVerb):
    """Close the clue with its result."""

    title = _("Close the clue")
    form_class = CloseForm
    purpose = "close-clue"
    submit_label = _("Close it with this result")

    def get_consequences(self) -> list[Text]:
        """It is done."""
        return [_t("The duty to verify it is done. Nothing is added to the clue any more.")]

    def get_form_kwargs(self) -> dict[str, Any]:
        """Whether there is a sender to reply to."""
        return super().get_form_kwargs() | {"clue": self.object}

    def get_initial(self) -> dict[str, Any]:
        """The version shown."""
        return {"version": self.object.version}

    def perform(self, form: CloseForm) -> Clue:
        """Close it."""
        typed = form.cleaned_data
        return clues.close_clue(
            self.request.user,
            self.object.pk,
            expected_version=typed["version"],
            result=typed["result"],
            reasons=typed["reasons"],
            reply=typed.get("reply", ""),
        )


class EditSettings(RoomMixin, VerbView):
    """What the site sets for clues."""

    title = _("Settings of clues")
    form_class = SettingsForm
    purpose = "edit-clue-settings"
    room, back_url = ROOM, "/cases/clues/"

    @staticmethod
    def policy(user: User, _object: Any) -> bool:
        """The site's coordinator."""
        return policies.may_keep_rules(user)

    def get_object(self) -> CaseSettings:
        """The one row, or what holds without it."""
        return CaseSettings.objects.select_related("office").filter(pk=1).first() or CaseSettings(pk=1)

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        kept = self.object
        office = kept.office.code if kept.office else ""
        months, public = kept.verify_months, kept.public_page
        return {"office": office, "verify_months": months, "public_page": public, "version": kept.version}

    def perform(self, form: SettingsForm) -> CaseSettings:
        """Keep it."""
        typed = form.cleaned_data
        return keep_settings(
            self.request.user,
            expected_version=typed["version"],
            office=typed["office"],
            verify_months=typed["verify_months"],
            public_page=typed["public_page"],
        )

    def get_result_url(self, result: CaseSettings) -> str:
        """The clues."""
        return reverse("cases:clues")
