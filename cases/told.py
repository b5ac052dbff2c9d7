"""The words of this room that lower floors keep: the kinds of notice, the sentences of the log."""

from django.utils.translation import gettext_lazy as _

from portal.notices.registry import NoticeKind

NOTICES = (
    NoticeKind(
        "recommendation_sent",
        _("Recommendation %(number)s to %(unit_name)s"),
        _(
            "A procuratorial recommendation has been sent to %(unit_name)s. Read and acknowledge it; the reply is owed from "
            "that day on."
        ),
        ("number", "unit_name"),
        formal=True,
    ),
    NoticeKind(
        "recommendation_replied",
        _("Reply to %(number)s: %(unit_name)s"),
        _("%(unit_name)s has replied to recommendation %(number)s. Judge the reply."),
        ("number", "unit_name"),
        formal=True,
    ),
    NoticeKind(
        "recommendation_accepted",
        _("Reply to %(number)s accepted"),
        _("The reply of %(unit_name)s to recommendation %(number)s is accepted."),
        ("number", "unit_name"),
        formal=True,
    ),
    NoticeKind(
        "recommendation_returned",
        _("Reply to %(number)s is not enough"),
        _("The reply of %(unit_name)s to recommendation %(number)s is not enough. It is owed again within a month."),
        ("number", "unit_name"),
        formal=True,
    ),
    NoticeKind(
        "recommendation_withdrawn",
        _("Recommendation %(number)s is withdrawn"),
        _("The recommendation %(number)s to %(unit_name)s is withdrawn; no reply is owed."),
        ("number", "unit_name"),
        formal=True,
    ),
    NoticeKind(
        "major_case",
        _("Major case in %(unit_name)s"),
        _("A major case concerns %(unit_name)s. The leader in office at the time of the act is held accountable."),
        ("unit_name",),
        formal=True,
    ),
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
    "recommendation.drafted": _("Recommendation drafted"),
    "recommendation.edited": _("Draft of a recommendation edited"),
    "recommendation.signed": _("Recommendation signed"),
    "recommendation.served": _("Recommendation acknowledged"),
    "recommendation.replied": _("Recommendation replied to"),
    "recommendation.judged": _("Reply to a recommendation judged"),
    "recommendation.visited": _("Follow-up visit after a recommendation"),
    "recommendation.withdrawn": _("Recommendation withdrawn"),
    "crime_case.filed": _("Duty-crime case filed"),
    "crime_case.charged": _("Charge added to a case"),
    "crime_case.suspect_added": _("Person added to a case"),
    "crime_case.edited": _("Case edited"),
    "crime_case.became_major": _("Case became a major one"),
    "crime_case.stage_reached": _("Milestone of a case entered"),
    "crime_case.limit_extended": _("Limit of a case made longer"),
    "crime_case.suspended": _("Proceeding suspended"),
    "crime_case.resumed": _("Proceeding resumed"),
    "crime_case.quality_checked": _("Quality of a case checked"),
    "crime_case.concluded": _("Case concluded"),
    "crime_case.joined": _("Cases joined"),
    "crime_case.split": _("Case split"),
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
