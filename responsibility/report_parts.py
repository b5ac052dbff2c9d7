"""The three parts of a report: which fields each has, in the order in which people fill them."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class ReportField(NamedTuple):
    """A field of a part; `rows` is the height of its box."""

    code: str
    label: Text
    hint: Text
    required: bool = False
    rows: int = 4


WORK = (
    ReportField("summary", _("Summary"), _("What was planned for the period and what came of it."), True, 6),
    ReportField("measures", _("Measures taken"), _("What was done, by whom, with what effect."), True, 6),
    ReportField("signs", _("Early signs found and how they were answered"), _("Write “none” if there were none.")),
    ReportField("difficulties", _("Difficulties"), _("What the leading group should know, or help with.")),
    ReportField("next_steps", _("Next steps"), _("What comes next, who does it, by when.")),
)

CLEAN = (
    ReportField(
        "income", _("Income and property changes reported"), _("What changed, and when it was reported."), True, 3
    ),
    ReportField("gifts", _("Gifts and cash handed in"), _("What, from whom, handed in when and where."), True, 3),
    ReportField("outside_posts", _("Outside posts"), _("Posts held outside the unit, paid or not."), True, 3),
    ReportField("family", _("Family members in business or abroad"), _("Who, where, since when."), True, 3),
    ReportField(
        "vehicles", _("Official vehicles, housing, receptions"), _("Use beyond the standard, if any."), True, 3
    ),
    ReportField(
        "relatives",
        _("Relatives employed or favoured"),
        _("Any appointment or order that concerned a relative."),
        True,
        3,
    ),
    ReportField("travel", _("Private travel abroad"), _("Where, when, with whose approval."), True, 3),
    ReportField(
        "investigation", _("Matters under investigation"), _("Any inquiry or letter that you had to answer."), True, 3
    ),
    ReportField("statement", _("Statement"), _("In your own words: that the above is true and complete."), True, 4),
)


class TargetState(NamedTuple):
    """How far a target is, in the leader's judgement; with the sign and the tint it is shown in."""

    code: str
    label: Text
    icon: str
    tint: str


REACHED, ON_THE_WAY, NOT_REACHED = "reached", "on_the_way", "not_reached"
TARGET_STATES = (
    TargetState(REACHED, _("Reached"), "check", "done"),
    TargetState(ON_THE_WAY, _("On the way"), "circle", "open"),
    TargetState(NOT_REACHED, _("Not reached"), "alert-triangle", "soon"),
)
TARGET_FIELDS = ("figure", "state", "evidence", "explanation", "remedy", "remedy_on")
# Asked for only where a target is not reached.
SHORTFALL_FIELDS = ("explanation", "remedy", "remedy_on")
MAX_LENGTH = 8000
# The longest text of each field of a target, in characters.
TARGET_LIMITS = {"figure": 200, "evidence": 500, "explanation": MAX_LENGTH, "remedy": 500}
