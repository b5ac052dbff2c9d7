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
    NoticeKind(
        "questionnaire_sent",
        _("Questionnaire: %(title)s"),
        _("%(unit_name)s is asked to answer the questionnaire “%(title)s” in the portal by %(due_on)s."),
        ("unit_name", "title", "due_on"),
    ),
    NoticeKind(
        "proposal_made",
        _("Proposed: %(title)s"),
        _("%(unit_name)s proposes: %(title)s. It waits for your decision."),
        ("unit_name", "title"),
    ),
    NoticeKind(
        "proposal_adopted",
        _("Adopted: %(title)s"),
        _("Your proposal “%(title)s” has been adopted: %(reason)s You are told what comes of it."),
        ("title", "reason"),
    ),
    NoticeKind(
        "proposal_declined",
        _("Declined: %(title)s"),
        _("Your proposal “%(title)s” has been declined. The reason: %(reason)s"),
        ("title", "reason"),
    ),
    NoticeKind(
        "proposal_to_carry_out",
        _("To be carried out: %(title)s"),
        _("%(unit_name)s carries out the adopted proposal “%(title)s” by %(due_on)s."),
        ("unit_name", "title", "due_on"),
    ),
    NoticeKind(
        "proposal_result",
        _("What came of your proposal: %(title)s"),
        _("Your proposal “%(title)s” has come to a result: %(result)s"),
        ("title", "result"),
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
    "investigation.drafted": _("investigation begun"),
    "investigation.changed": _("investigation changed"),
    "investigation.question_added": _("question added"),
    "investigation.question_changed": _("question changed"),
    "investigation.question_removed": _("question removed"),
    "investigation.addressed": _("units of an investigation chosen"),
    "investigation.opened": _("investigation opened"),
    "investigation.closed": _("investigation closed"),
    "questionnaire.answered": _("questionnaire answered"),
    "research.begun": _("research report begun"),
    "research.changed": _("research report changed"),
    "research.published": _("research report published"),
    "measure.added": _("preventive measure added"),
    "measure.changed": _("preventive measure changed"),
    "measure.tried": _("trial of a measure recorded"),
    "measure.judged": _("lessons of a measure written"),
    "proposal.submitted": _("proposal made"),
    "proposal.adopted": _("proposal adopted"),
    "proposal.declined": _("proposal declined"),
    "proposal.withdrawn": _("proposal withdrawn"),
    "proposal.in_effect": _("adopted proposal in effect"),
    "proposal.dropped": _("adopted proposal not carried out"),
}
