"""The words of this room that lower floors keep: the kinds of notice, the sentences of the log."""

from django.utils.translation import gettext_lazy as _

from portal.notices.registry import NoticeKind

NOTICES = (
    NoticeKind(
        "clue_received",
        _("Clue %(number)s has come in"),
        _("Clue %(number)s has come in by the public page. Name who verifies it."),
        ("number",),
    ),
    NoticeKind(
        "clue_assigned",
        _("You verify clue %(number)s"),
        _("You are named on clue %(number)s. What it says is read in the portal alone, for a purpose that is kept."),
        ("number",),
    ),
    NoticeKind(
        "clue_answered",
        _("The sender of clue %(number)s has answered"),
        _("The sender of clue %(number)s has answered or added something. Open the clue to read it."),
        ("number",),
    ),
    NoticeKind(
        "clue_opening_refused",
        _("Somebody tried to open clue %(number)s"),
        _("%(name)s tried to open clue %(number)s and was refused. It is in the log."),
        ("number", "name"),
        formal=True,
    ),
)
ACTIONS = {
    "punishments.imported": _("Decisions on penalties imported"),
    "punishments.exported": _("Decisions on penalties exported"),
    "punishments.screened": _("Decisions on penalties screened"),
    "hit.dismissed": _("Hit of a screening rule dismissed"),
    "clue.received": _("Clue received"),
    "clue.officers_named": _("Officers named on a clue"),
    "clue.opened": _("Clue opened"),
    "clue.opening_refused": _("Opening of a clue refused"),
    "clue.step_taken": _("Step taken in a clue"),
    "clue.sender_asked": _("Sender of a clue asked"),
    "clue.sender_answered": _("Sender of a clue has answered"),
    "clue.closed": _("Clue closed with its result"),
    "clue.keys_rotated": _("Keys of the clues enclosed anew"),
    "case_settings.changed": _("Settings of cases changed"),
    "screening_rule.changed": _("Screening rule changed"),
}
