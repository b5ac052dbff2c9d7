"""The words of this room that lower floors keep: the kinds of notice, the sentences of the log."""

from django.utils.translation import gettext_lazy as _

from portal.notices.registry import NoticeKind

NOTICES = (
    NoticeKind(
        "inspection_planned",
        _("An inspection is planned: %(unit_name)s"),
        _("Systems of %(unit_name)s will be inspected on %(planned_on)s. The page tells which."),
        ("unit_name", "planned_on"),
    ),
    NoticeKind(
        "inspection_completed",
        _("The inspection of %(unit_name)s is completed"),
        _("The inspection is completed; findings: %(findings)s. Each has a day by which it is put right."),
        ("unit_name", "findings"),
    ),
    NoticeKind(
        "finding_recorded",
        _("Finding: %(unit_name)s"),
        _("A finding was recorded at %(unit_name)s. Name the measure and who owns it, then hand in what was done."),
        ("unit_name",),
        formal=True,
    ),
    NoticeKind(
        "finding_shared",
        _("Finding in a unit that you answer for jointly: %(unit_name)s"),
        _(
            "A finding was recorded at %(unit_name)s, for which your unit answers jointly. Talk it over within ten working days."
        ),
        ("unit_name",),
        formal=True,
    ),
    NoticeKind(
        "rectification_submitted",
        _("To be verified: rectification at %(unit_name)s"),
        _("%(unit_name)s has handed in what was done. Look at it, then verify it or send it back."),
        ("unit_name",),
    ),
    NoticeKind(
        "rectification_verified",
        _("Verified: rectification at %(unit_name)s"),
        _("The rectification at %(unit_name)s was verified."),
        ("unit_name",),
    ),
    NoticeKind(
        "rectification_returned",
        _("Not accepted: rectification at %(unit_name)s"),
        _(
            "The rectification at %(unit_name)s was not accepted. The page says what is still wrong; ten working days are left."
        ),
        ("unit_name",),
        formal=True,
    ),
    NoticeKind(
        "rectification_excepted",
        _("Exception granted: finding at %(unit_name)s"),
        _("The finding at %(unit_name)s may stand for a time, with a measure that compensates for it."),
        ("unit_name",),
    ),
    NoticeKind(
        "exception_over",
        _("The exception is over: finding at %(unit_name)s"),
        _(
            "The time of the exception at %(unit_name)s has passed: the finding is to be put right within ten working days."
        ),
        ("unit_name",),
        formal=True,
    ),
    NoticeKind(
        "joint_bound",
        _("%(unit_name)s answers jointly with others"),
        _(
            "%(unit_name)s was bound into a group of units that answer for each other. The page tells what each answers for."
        ),
        ("unit_name",),
    ),
)

ACTIONS = {
    "catalogue.system_added": _("Catalogue of systems extended"),
    "catalogue.version_made": _("New version of a required system"),
    "catalogue.repealed": _("Required system repealed"),
    "system.drafted": _("System drafted"),
    "system.written": _("Version of a system written"),
    "system.document_attached": _("Document of a system attached"),
    "system.described": _("System described"),
    "system.consulted": _("System laid before those it binds"),
    "system.issued": _("System issued"),
    "system.in_force": _("System came into force"),
    "system.given_up": _("Version of a system given up"),
    "system.revision_begun": _("Revision of a system begun"),
    "system.repealed": _("System repealed"),
    "system.reviewed": _("System reviewed"),
    "systems.imported": _("Register of systems imported"),
    "power.entered": _("Power entered"),
    "power.changed": _("Power changed"),
    "power.given_up": _("Power given up"),
    "power.supervised": _("Supervision of a power entered"),
    "power.measure_ended": _("Supervision of a power ended"),
    "power.list_reviewed": _("List of powers reviewed"),
    "powers.imported": _("List of powers imported"),
    "joint.bound": _("Units bound to answer jointly"),
    "joint.ended": _("Joint supervision ended"),
    "joint.duty_set": _("Joint duty set"),
    "joint.confirmed": _("Part in a joint duty confirmed"),
    "inspection.round_planned": _("Round of inspections planned"),
    "inspection.begun": _("Inspection begun"),
    "inspection.completed": _("Inspection completed"),
    "inspection.cancelled": _("Inspection cancelled"),
    "finding.recorded": _("Finding recorded"),
    "findings.imported": _("Findings imported"),
    "rectification.under_way": _("Measure of a rectification named"),
    "rectification.submitted": _("Rectification handed in"),
    "rectification.verified": _("Rectification verified"),
    "rectification.returned": _("Rectification not accepted"),
    "rectification.excepted": _("Exception from a rectification granted"),
    "rectification.ended": _("Rectification ended with the unit"),
}
