"""The verdicts on articles in words, each with its icon and the look of a state."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.obligations.presentation import Code
from systems.regulation_rules import Verdict


class Words(NamedTuple):
    """A verdict in short, and what it means."""

    short: str | Promise
    why: str | Promise
    code: Code
    icon: str


WORDS = {
    Verdict.DEAD: Words(
        _("Dead letter"),
        _("It is tied to what should carry it out, and in twelve months nothing of it was done."),
        Code.OVERDUE,
        "ghost",
    ),
    Verdict.UNTIED: Words(
        _("Nobody carries it out"),
        _("No duty, system or role is tied to it: nobody can tell whether it is kept."),
        Code.SOON,
        "unlink",
    ),
    Verdict.PARTLY: Words(
        _("Lived in part"), _("Some of what it asks is done, and some is missing."), Code.SUSPENDED, "circle-half-2"
    ),
    Verdict.LIVED: Words(
        _("Lived"), _("What carries it out was done, at least four times out of five."), Code.DONE, "check"
    ),
    Verdict.DECLARATORY: Words(
        _("Asks nothing"), _("It says what is meant; there is nothing to carry out."), Code.WAIVED, "minus"
    ),
}


def state_of(verdict: Verdict) -> dict[str, str]:
    """A verdict as a state's badge: code, text, icon."""
    words = WORDS[verdict]
    return {"code": words.code.value, "text": str(words.short), "cell_text": "", "icon": words.icon}
