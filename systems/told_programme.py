"""The words of this part of the room that lower floors keep: the kinds of notice, the sentences of the log."""

from django.utils.translation import gettext_lazy as _

from portal.notices.registry import NoticeKind

NOTICES = (
    NoticeKind(
        "project_asks",
        _("Prevention project: %(project)s"),
        _("%(unit_name)s takes part in the project “%(project)s”. Report at each of its milestones what was done."),
        ("unit_name", "project"),
    ),
    NoticeKind(
        "milestone_reported",
        _("Reported: %(milestone)s, %(unit_name)s"),
        _("%(unit_name)s has reported on the milestone “%(milestone)s”. It waits for its check."),
        ("unit_name", "milestone"),
    ),
    NoticeKind(
        "milestone_returned",
        _("Not kept: %(milestone)s"),
        _(
            "The check of “%(milestone)s” at %(unit_name)s found that it is not kept: %(reason)s Report again within ten "
            "working days."
        ),
        ("unit_name", "milestone", "reason"),
    ),
)

ACTIONS = {
    "regulations.drafted": _("version of the Regulations begun"),
    "regulations.changed": _("title of the Regulations changed"),
    "regulations.article_added": _("article of the Regulations added"),
    "regulations.article_changed": _("article of the Regulations changed"),
    "regulations.article_removed": _("article of the Regulations removed"),
    "regulations.issued": _("version of the Regulations issued"),
    "regulations.discarded": _("draft of the Regulations given up"),
    "regulations.tied": _("article tied to what carries it out"),
    "project.planned": _("prevention project planned"),
    "project.changed": _("prevention project changed"),
    "project.milestone_set": _("milestone set"),
    "project.milestone_removed": _("milestone removed"),
    "project.units_involved": _("units take part in a project"),
    "project.unit_released": _("unit released from a project"),
    "project.started": _("prevention project started"),
    "project.completed": _("prevention project completed"),
    "project.stopped": _("prevention project stopped"),
    "milestone.reported": _("milestone reported"),
    "milestone.passed": _("milestone checked and kept"),
    "milestone.returned": _("milestone checked and not kept"),
}
