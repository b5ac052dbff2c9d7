"""The leader cannot sign a letter, and says why."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.web.dates import due_day
from portal.web.views import VerbView
from responsibility import policies
from responsibility.letter_forms import ObstacleForm
from responsibility.models import Letter, LetterState, Obstacle
from responsibility.services import letters
from responsibility.views.letters import letter_of


class CannotSign(VerbView):
    """State why the letter cannot be signed; letter and duty stay as they are."""

    title = _("I cannot sign this letter")
    form_class = ObstacleForm
    purpose = "cannot-sign"
    submit_label = _("Send the reason")

    @staticmethod
    def policy(user: User, letter: Letter) -> bool:
        """Only who holds the top post."""
        return policies.is_top_leader(user, letter)

    def get_object(self) -> Letter:
        """The unit's letter."""
        return letter_of(self.request.user, self.kwargs["year"], self.kwargs["code"])

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form; the letter where there is nothing to sign."""
        if self.object.state != LetterState.HEAD_SIGNED:
            return HttpResponseRedirect(self.object.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def get_lede(self) -> str:
        """Which letter."""
        return f"{self.object.unit.name} · {self.object.number}"

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The letter."""
        return [(_t("Letter of responsibility %(year)s") % self.kwargs, self.object.get_absolute_url())]

    def get_consequences(self) -> list[str]:
        """What follows, and what does not."""
        due_on = due_day(self.object.obligation.due_on)
        return [
            _t(
                "The head of the leading group and the coordinator are told, with your reason. It stands beside the letter."
            ),
            _t("The letter stays as it is: you can still sign it at any time."),
            _t("The clock of your duty goes on: it stays due on %(day)s, with all reminders and formal steps.")
            % {"day": due_on},
        ]

    def get_back_url(self) -> str:
        """Where one signs."""
        return reverse("responsibility:sign", args=(self.kwargs["year"], self.kwargs["code"]))

    def perform(self, form: ObstacleForm) -> Obstacle:
        """Keep the reason and tell it."""
        return letters.state_obstacle(self.request.user, self.object.pk, reason=form.cleaned_data["reason"])

    def get_result_url(self, result: Obstacle) -> str:
        """The letter, which shows the reason."""
        return f"{self.object.get_absolute_url()}#obstacle"
