"""What can be wrong with letters, reports and cases, each a whole sentence that says what to do."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from portal.web.dates import day
from portal.web.errors import PortalError, WrongState

if TYPE_CHECKING:
    from responsibility.report_rules import Missing


class NotYourLetter(WrongState):
    code = "not-your-letter"
    message = _("You no longer hold the post in which this letter is signed. A letter in your name follows.")


class NotRead(PortalError):
    code = "not-read"
    field = "read"
    message = _("Read the letter to its end, then confirm it here.")


class NotShown(PortalError):
    code = "not-shown"
    status = 409
    message = _(
        "This page was loaded long ago, or for another letter or person. Load it again, so that you sign what it shows."
    )


class NameDiffers(PortalError):
    code = "name-differs"
    field = "typed_name"
    message = _("Type your name as it stands in the letter: %(name)s.")


class WrongPassword(PortalError):
    code = "wrong-password"
    field = "password"
    message = _("This is not your password. After five wrong tries, wait ten minutes.")


class SignedAlready(WrongState):
    code = "signed-already"
    message = _("This letter has been signed already. Nobody signs twice.")


class HeadNotSigned(WrongState):
    code = "head-not-signed"
    message = _("The head of the leading group has not signed yet. You are told when it is your turn.")


class LetterClosed(WrongState):
    code = "letter-closed"
    message = _("This letter has been replaced or withdrawn: it is no longer signed.")


class ObstacleMissing(PortalError):
    code = "obstacle-missing"
    field = "reason"
    message = _("Say what keeps you from signing: the leading group's head and the coordinator read it.")


class NothingChosen(PortalError):
    code = "nothing-chosen"
    field = "letters"
    message = _("Choose at least one letter.")


class YearNotOpen(PortalError):
    code = "year-not-open"
    message = _("The programme year has not been opened. Set the day by which its letters are signed.")


class NoTemplate(PortalError):
    code = "no-template"
    message = _("No version of the letter has been published. Publish one first.")


class WeightsDiffer(PortalError):
    code = "weights-differ"
    message = _("The weights of each letter's targets must add up to 100 percent. They give: %(sums)s.")


class TargetTwice(PortalError):
    code = "target-twice"
    field = "code"
    message = _(
        "There is a target with the code %(code)s for these units already. Change that one, or write another code."
    )


class SigningDayPast(PortalError):
    code = "signing-day-past"
    field = "signing_due_on"
    message = _("This day has passed. Everybody would be late at once: set today or a later day.")


class NothingToIssue(PortalError):
    code = "nothing-to-issue"
    message = _("Nobody of this choice would get a letter. The page says why.")


class TemplatePublished(WrongState):
    code = "template-published"
    message = _("A published version is never changed. Make a new one from it.")


class PeriodExists(WrongState):
    code = "period-exists"
    message = _("This reporting period is open already.")


class NoLetters(PortalError):
    code = "no-letters"
    message = _("No unit has a letter for this year, so nobody owes a report. Issue the letters first.")


class DueDayPassed(PortalError):
    code = "due-day-passed"
    field = "due_on"
    message = _("This day has passed, or is today. Set a due day that is still to come.")


class PeriodNotOpen(WrongState):
    """The period opens on a later day."""

    code = "period-not-open"
    message = _("The period opens on %(day)s. Until then nothing is written and nothing is handed in.")

    def __init__(self, opens_on: date) -> None:
        self.opens_on = opens_on
        super().__init__()

    def __str__(self) -> str:
        return str(self.message) % {"day": day(self.opens_on)}


class PeriodClosed(WrongState):
    code = "period-closed"
    message = _("The period is closed: reports are no longer taken. Ask the coordinator.")


class ReportNotEditable(WrongState):
    code = "report-not-editable"
    message = _("The report has been handed in. It can be changed again only if the coordinator returns it.")


class ReportAccepted(ReportNotEditable):
    code = "report-accepted"
    message = _("The report has been accepted. It is not changed any more.")


class ReportEnded(ReportNotEditable):
    code = "report-ended"
    message = _("The duty to hand in this report has ended: nobody owes it any more. What was written stays on file.")


class ReportNotSubmitted(WrongState):
    code = "report-not-submitted"
    message = _("The report is not with the reviewer: it has been decided already, or was never handed in.")


class RemarkMissing(PortalError):
    code = "remark-missing"
    message = _("Write at least one remark: the leader must know what to correct.")


class FileHandedIn(WrongState):
    code = "file-handed-in"
    message = _("%(name)s was handed in with the report and stays with it. Attach the new version beside it.")


class ReportIncomplete(PortalError):
    """The report lacks something; `lacking` names each field."""

    code = "report-incomplete"
    message = _("The report is not complete. What is missing is listed below.")

    def __init__(self, lacking: Sequence["Missing"]) -> None:
        self.lacking = lacking
        super().__init__()


class CaseDecided(WrongState):
    code = "case-decided"
    message = _("This case has been decided.")


class CaseReferred(WrongState):
    code = "case-referred"
    message = _("This case has been referred to the body above: it is no longer decided here.")


class StillDecidedHere(WrongState):
    code = "still-decided-here"
    message = _("Somebody in this tree may decide this case: it is referred to the body above only where nobody may.")


class CaseNotDecided(WrongState):
    code = "case-not-decided"
    message = _("There is no decision to object to, or the objection has been answered.")


class NotHeardYet(WrongState):
    code = "not-heard-yet"
    message = _("The person has not been heard: wait for the explanation, or until the time for it has passed.")


class TooMild(PortalError):
    code = "too-mild"
    field = "measure"
    message = _("For a major case the measure is an admonishing talk or a stricter one.")


class ExplanationMissing(PortalError):
    code = "explanation-missing"
    field = "text"
    message = _("Write your explanation.")


class ReasonMissing(PortalError):
    code = "reason-missing"
    field = "reason"
    message = _("Give the reason: the person will read it.")


class ObjectedAlready(WrongState):
    code = "objected-already"
    message = _("You have objected to this decision already. It can be objected to once.")


class ObjectionTooLate(WrongState):
    code = "objection-too-late"
    message = _("The ten working days for an objection have passed.")
