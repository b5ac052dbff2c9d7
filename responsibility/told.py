"""The words of this room that lower floors keep: the kinds of notice, the sentences of the log."""

from django.utils.translation import gettext_lazy as _

from portal.notices.registry import NoticeKind

NOTICES = (
    NoticeKind(
        "letters_wait",
        _("%(count)s letters of %(year)s wait for your signature"),
        _(
            "%(count)s letters of responsibility for %(year)s have been issued in your jurisdiction. Sign them in one act."
        ),
        ("count", "year"),
    ),
    NoticeKind(
        "letter_ready",
        _("Letter of responsibility %(year)s: read and sign"),
        _(
            "The letter of %(unit_name)s is signed by the leading group and waits for the top leader, until %(sign_on)s."
        ),
        ("year", "unit_name", "sign_on"),
    ),
    NoticeKind(
        "letter_withdrawn",
        _("Letter %(number)s is withdrawn"),
        _("The letter of %(unit_name)s is withdrawn and need not be signed. The reason: %(reason)s"),
        ("number", "unit_name", "reason"),
    ),
    NoticeKind(
        "letter_obstacle",
        _("Cannot sign: letter %(number)s, %(unit_name)s"),
        _(
            "The top leader of %(unit_name)s says why the letter cannot be signed: %(reason)s The letter still waits, and the "
            "clock of its duty goes on."
        ),
        ("number", "unit_name", "reason"),
    ),
    NoticeKind(
        "report_asked",
        _("%(period)s: due on %(due_on)s"),
        _(
            "%(unit_name)s owes the %(period)s by %(due_on)s: prevention work, the letter's targets, own clean government."
        ),
        ("period", "unit_name", "due_on"),
    ),
    NoticeKind(
        "report_submitted",
        _("Handed in: %(period)s, %(unit_name)s"),
        _("%(unit_name)s has handed in the %(period)s. It waits for your review."),
        ("period", "unit_name"),
    ),
    NoticeKind(
        "report_returned",
        _("Returned: %(period)s"),
        _("The %(period)s of %(unit_name)s was returned with remarks. Answer them and hand it in again by %(due_on)s."),
        ("period", "unit_name", "due_on"),
    ),
    NoticeKind(
        "report_accepted",
        _("Accepted: %(period)s"),
        _("The %(period)s of %(unit_name)s was accepted."),
        ("period", "unit_name"),
    ),
    NoticeKind(
        "case_opened",
        _("Accountability case opened: %(unit_name)s"),
        _(
            "A case has been opened against you. Until %(explain_on)s nothing is decided before you are heard; you can add "
            "to your explanation until the decision."
        ),
        ("unit_name", "number", "explain_on"),
        formal=True,
    ),
    NoticeKind(
        "case_explained",
        _("Explanation given: %(unit_name)s"),
        _("The person concerned has explained. Propose a measure."),
        ("unit_name", "number"),
    ),
    NoticeKind(
        "case_proposed",
        _("A measure is proposed: %(unit_name)s"),
        _("A measure has been proposed and waits for your decision."),
        ("unit_name", "number"),
    ),
    NoticeKind(
        "case_decided",
        _("Decision in your case: %(unit_name)s"),
        _("Your case has been decided. You may object once, until %(object_on)s."),
        ("unit_name", "number", "object_on"),
        formal=True,
    ),
    NoticeKind(
        "case_objected",
        _("Objection: %(unit_name)s"),
        _("The person concerned objects to the decision. It is yours to answer."),
        ("unit_name", "number"),
    ),
    NoticeKind(
        "case_raised",
        _("Case raised to level %(level)s: %(unit_name)s"),
        _("The duty is still not done: case %(number)s rises to level %(level)s. %(group)s decides from now on."),
        ("unit_name", "number", "level", "group"),
        formal=True,
    ),
    NoticeKind(
        "case_raised_own",
        _("Your case is raised to level %(level)s: %(unit_name)s"),
        _(
            "The duty is still not done: your case rises to level %(level)s, and %(group)s decides from now on. What you have "
            "explained counts, and you can add to it until the decision. If you have not explained yet, nothing is decided "
            "before you do or %(explain_on)s has passed."
        ),
        ("unit_name", "number", "level", "group", "explain_on"),
        formal=True,
    ),
    NoticeKind(
        "case_to_refer",
        _("Nobody here may decide: %(unit_name)s"),
        _(
            "Nobody in this tree may take the next decision in case %(number)s. Refer it to %(body)s, and record the outcome "
            "with its reason."
        ),
        ("unit_name", "number", "body"),
        formal=True,
    ),
    NoticeKind(
        "case_referred",
        _("Your case was referred: %(unit_name)s"),
        _("Your case was referred to %(body)s. The outcome and its reason are recorded in the case."),
        ("unit_name", "number", "body"),
        formal=True,
    ),
    NoticeKind(
        "case_answered",
        _("Your objection has been decided: %(unit_name)s"),
        _("Your objection has been decided. The decision is final."),
        ("unit_name", "number"),
        formal=True,
    ),
    NoticeKind(
        "assessment_to_check",
        _("Assessment %(year)s: check your unit's score"),
        _(
            "Your unit's score for %(year)s is there, each point with the rows it came from. Until %(until)s you can agree, or "
            "object once with a reason."
        ),
        ("year", "until"),
        formal=True,
    ),
    NoticeKind(
        "assessment_answered",
        _("Assessment %(year)s: your objection is answered"),
        _("Your objection to the score of %(year)s has been answered. The answer stands beside the score."),
        ("year",),
        formal=True,
    ),
    NoticeKind(
        "assessment_published",
        _("Assessment %(year)s is published"),
        _("The assessment of %(year)s is confirmed and published, with places and commendations."),
        ("year",),
    ),
)

ACTIONS = {
    "programme.changed": _("programme settings changed"),
    "year.opened": _("programme year opened"),
    "template.drafted": _("version of the letter drafted"),
    "template.changed": _("draft of the letter changed"),
    "template.published": _("version of the letter published"),
    "letters.issue_started": _("issue of letters started"),
    "letters.issued": _("letters issued"),
    "letters.signed_for_group": _("letters signed for the leading group"),
    "letter.signed": _("letter signed by the top leader"),
    "letter.obstacle_stated": _("reason given for not signing a letter"),
    "letter.withdrawn": _("letter withdrawn"),
    "letter.superseded": _("letter replaced"),
    "period.opened": _("reporting period opened"),
    "report.submitted": _("report handed in"),
    "report.returned": _("report returned"),
    "report.accepted": _("report accepted"),
    "case.explained": _("explanation given"),
    "case.proposed": _("measure proposed"),
    "case.decided": _("case decided"),
    "case.objected": _("objection made"),
    "case.answered": _("objection decided"),
    "case.raised": _("case raised one level"),
    "case.closed": _("case closed: nobody objected in time"),
    "case.referred": _("case referred to the body above"),
    "standard.drafted": _("version of the assessment standard drafted"),
    "standard.changed": _("draft of the assessment standard changed"),
    "standard.adopted": _("version of the assessment standard adopted"),
    "assessment.opened": _("assessment opened"),
    "assessment.marked": _("mark given in the assessment"),
    "assessment.self_check": _("scores shown to the units"),
    "assessment.computed": _("scores computed anew"),
    "assessment.agreed": _("unit agreed to its score"),
    "assessment.objected": _("unit objected to its score"),
    "assessment.answered": _("objection to a score answered"),
    "assessment.frozen": _("scores frozen"),
    "assessment.published": _("assessment published"),
}
