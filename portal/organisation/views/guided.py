"""A verb in steps: what is typed, what it touches, what is confirmed. What was typed travels in the form."""

import hashlib
import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from portal.organisation.models import Person, Unit
from portal.organisation.touched import Group
from portal.organisation.views.base import UnitVerb
from portal.web.dates import full_day
from portal.web.errors import NotAllowed, PortalError, WrongState, forbidden
from portal.web.i18n import listed, with_note
from portal.web.models import SubmittedForm
from portal.web.pages import Text

VALUES, REVIEW, CONFIRM = "values", "review", "confirm"


class TouchedChanged(WrongState):
    code = "touched-changed"
    message = _("What it touches has changed since you looked. Look again, then confirm.")


class Guided(UnitVerb):
    """A verb whose page shows what it touches before it is confirmed.

    Sets: `steps` (code and title of each page, the first `VALUES`, the last `CONFIRM` or `REVIEW`). Overrides: `look(form)`,
    which refuses what the service would refuse and returns the groups touched; `perform(form)` as any verb, which calls
    `require_seen` first.

    The button of a page names the page that follows (`next`); a page before may be named as well, to change something.
    """

    steps: ClassVar[Sequence[tuple[str, Text]]]
    stage = VALUES
    groups: Sequence[Group] = ()

    def look(self, form: Any) -> list[Group]:
        """Everything touched. Raises what the service raises."""
        raise NotImplementedError

    def may_go_on(self, form: Any) -> bool:
        """Whether what the review asks has been answered."""
        return True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A post that was answered gets its answer again, though the unit it was about may be no more."""
        key = request.POST.get("idempotency_key", "")
        try:
            answered = SubmittedForm.objects.filter(
                user_id=int(request.user.pk or 0), purpose=self.purpose, key=uuid.UUID(key)
            ).exclude(result_url="")
        except ValueError:
            answered = SubmittedForm.objects.none()
        url = answered.values_list("result_url", flat=True).first()
        return HttpResponseRedirect(url) if url else super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Go to the page that the button names; perform where it names none."""
        following = self.request.POST.get("next", "")
        if following == VALUES:
            return self.render_to_response(self.get_context_data(form=form))
        if following not in {REVIEW, CONFIRM}:
            return super().form_valid(form)
        try:
            self.groups = self.look(form)
        except NotAllowed as error:
            return forbidden(self.request, error)
        except PortalError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            return self._again(form, error.status)
        self.stage = REVIEW
        if following == CONFIRM:
            if not self.may_go_on(form):
                return self._again(form, 422)
            self.stage = CONFIRM
        return self.render_to_response(self.get_context_data(form=form))

    def require_seen(self, form: Any) -> None:
        """That what is confirmed is what was shown. Raises TouchedChanged, and what `look` raises."""
        self.groups = self.look(form)
        if self.request.POST.get("seen") != self.fingerprint():
            self.stage = REVIEW
            raise TouchedChanged

    def fingerprint(self) -> str:
        """Of everything that was shown, in the reader's language."""
        shown = [(g.code, g.count, [(str(row.text), str(row.note)) for row in g.rows]) for g in self.groups]
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the page of the procedure, what is touched, and what was typed before."""
        context = super().get_context_data(**kwargs)
        form = context["form"]
        codes = [code for code, _title in self.steps]
        at = codes.index(self.stage)
        marks = ["done" if n < at else "now" if n == at else "todo" for n in range(len(codes))]
        return context | {
            "stage": self.stage,
            "steps": [
                {"code": mark, "title": title, "text": ""}
                for mark, (_code, title) in zip(marks, self.steps, strict=True)
            ],
            "is_last": at == len(codes) - 1,
            "following": codes[at + 1] if at + 1 < len(codes) else "",
            "before": codes[at - 1] if at else "",
            "groups": self.groups,
            "seen": self.fingerprint(),
            "typed": [field.as_hidden() for field in form] if self.stage != VALUES else [],
            "answers": answers(form) if self.stage != VALUES else [],
        }


def answers(form: Any) -> list[tuple[str, str]]:
    """What was typed, as it is read: label and value of each field that has one; units and persons by name, days in words."""
    found = []
    for field in form:
        value = field.value()
        if value in (None, "") or field.name in getattr(form, "idle", ()):
            continue
        meant = getattr(form, "cleaned_data", {}).get(field.name)
        choices = {str(key): str(label) for key, label in getattr(field.field, "choices", ())}
        found.append((str(field.label), in_words(meant) or choices.get(str(value), str(value))))
    return found


def in_words(meant: object) -> str:
    """A day, a unit, a person or several of them; nothing for a plain text."""
    if isinstance(meant, date):
        return full_day(meant)
    if isinstance(meant, Unit):
        return with_note(meant.name, meant.code)
    if isinstance(meant, Person):
        return with_note(meant.name, meant.employee_no)
    return listed(in_words(one) for one in meant) if isinstance(meant, list) else ""
