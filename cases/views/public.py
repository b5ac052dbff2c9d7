"""The pages for everybody: send a clue, follow it by its receipt. No address is kept of who does."""

import uuid
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _t
from django.views.generic import FormView

from cases import sealing
from cases.clue_forms import AnswerForm, PublicForm, ReceiptForm
from cases.errors import PublicPageClosed
from cases.models import Clue, ClueState
from cases.services import clues
from cases.services.clues.receiving import Told, office_of_public
from portal.audit.middleware import _address
from portal.web.errors import PortalError, not_found, too_many_requests
from portal.workdays import clock

# So many posts from one address within the hour; what counts them is a fingerprint that is forgotten with the hour.
SENT_MAX, TRIED_MAX, HOUR = 5, 20, 3600
SAME_POST = 24 * HOUR


def throttled(request: HttpRequest, what: str, limit: int) -> bool:
    """Whether an address has posted too often; it is kept nowhere, only its fingerprint of this hour."""
    hour = clock.now().strftime("%Y-%m-%d-%H")
    key = f"public:{what}:{sealing.fingerprint(f'{hour}|{_address(request)}')[:32]}"
    cache.add(key, 0, HOUR)
    return int(cache.incr(key)) > limit


class PublicPage(FormView):  # type: ignore[type-arg]
    """A page for everybody, kept by no browser or proxy. Sets `what` and `limit`, by which posts are counted."""

    what: str
    limit: int

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Only while the site takes clues, and not too often."""
        try:
            office_of_public()
        except PublicPageClosed:
            return not_found(request)
        if request.method == "POST" and throttled(request, self.what, self.limit):
            return too_many_requests(request)
        answer = super().dispatch(request, *args, **kwargs)
        answer["Cache-Control"] = "no-store"
        return answer

    def refused(self, form: Any, error: PortalError) -> HttpResponse:
        """The form again, with the sentence."""
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return self.render_to_response(self.get_context_data(form=form), status=error.status)


class SendClue(PublicPage):
    """Send a clue, by name or anonymously."""

    template_name = "cases/public_send.html"
    form_class = PublicForm
    what, limit = "send", SENT_MAX

    def form_valid(self, form: PublicForm) -> HttpResponse:
        """Take it and show the receipt, once."""
        key = self.request.POST.get("idempotency_key", "")
        if not cache.add(f"public:post:{sealing.fingerprint(key)}", 1, SAME_POST):
            form.add_error(None, _t("This was sent already. Its receipt was shown once; what was sent is kept."))
            return self.render_to_response(self.get_context_data(form=form), status=409)
        typed = form.cleaned_data
        told = Told(typed["content"], typed["concerned"], typed["reporter"])
        try:
            received = clues.receive_from_public(told, typed["attached"])
        except PortalError as error:
            cache.delete(f"public:post:{sealing.fingerprint(key)}")
            return self.refused(form, error)
        context = {"receipt": in_fours(received.receipt), "due_on": received.clue.obligation.due_on}
        return self.response_class(self.request, ["cases/public_sent.html"], context)

    def form_invalid(self, form: PublicForm) -> HttpResponse:
        """The form again."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds what tells a second post of the same form."""
        return super().get_context_data(
            idempotency_key=self.request.POST.get("idempotency_key") or uuid.uuid4(), **kwargs
        )


class FollowClue(PublicPage):
    """Follow a clue by its receipt, and answer what is asked."""

    template_name = "cases/public_follow.html"
    form_class = ReceiptForm
    what, limit = "follow", TRIED_MAX

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The state of the clue, or an answer to keep."""
        if "text" in request.POST:
            return self._answer(AnswerForm(request.POST))
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: ReceiptForm) -> HttpResponse:
        """Where it stands."""
        clue = clues.by_receipt(form.cleaned_data["receipt"])
        if clue is None:
            form.add_error("receipt", _t("No clue has this receipt. Check the sixteen digits."))
            return self.form_invalid(form)
        return self._show(clue, form.cleaned_data["receipt"])

    def form_invalid(self, form: Any) -> HttpResponse:
        """The form again."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def _answer(self, form: AnswerForm) -> HttpResponse:
        clue = clues.by_receipt(form.data.get("receipt", ""))
        if clue is None:
            return self.form_invalid(ReceiptForm(self.request.POST))
        if not form.is_valid():
            return self._show(clue, form.data["receipt"], form, 422)
        try:
            clues.answer_question(clue.pk, form.cleaned_data["text"])
        except PortalError as error:
            form.add_error(None, str(error))
            return self._show(clue, form.data["receipt"], form, error.status)
        return self._show(clue, form.data["receipt"], answered=True)

    def _show(
        self, clue: Clue, receipt: str, form: AnswerForm | None = None, status: int = 200, *, answered: bool = False
    ) -> HttpResponse:
        context = {
            "clue": clue,
            "is_open": clue.state != ClueState.CLOSED,
            "said": clues.said_to_sender(clue),
            "form": form or AnswerForm(initial={"receipt": receipt}),
            "receipt": in_fours("".join(char for char in receipt if char.isdecimal())),
            "answered": answered,
        }
        return self.response_class(self.request, ["cases/public_clue.html"], context, status=status)


def in_fours(digits: str) -> str:
    """A receipt as it is read out: 1234 5678 9012 3456."""
    return " ".join(digits[place : place + 4] for place in range(0, len(digits), 4))
