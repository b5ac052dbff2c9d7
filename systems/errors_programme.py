"""What can be wrong with the Regulations, projects, investigations, measures, reports and proposals; each a whole sentence."""

from django.utils.translation import gettext_lazy as _

from portal.web.errors import PortalError, WrongState

# --- The Regulations --------------------------------------------------------------------------------------------------


class DraftExists(WrongState):
    code = "regulations-draft-exists"
    message = _("A new version is being written already. Go on with that one.")


class RegulationsIssued(WrongState):
    code = "regulations-issued"
    message = _("This version is issued: what it says is kept. Begin a new version to change it.")


class NoArticles(PortalError):
    code = "no-articles"
    message = _("The version has no article yet. Write its articles first.")


class InForceBeforeAdopted(PortalError):
    code = "in-force-before-adopted"
    field = "in_force_from"
    message = _("It was adopted on %(day)s and can be in force from that day on, not before.")


class InForceBeforePredecessor(PortalError):
    code = "in-force-before-predecessor"
    field = "in_force_from"
    message = _("The version before it is in force from %(day)s. This one begins on a later day.")


class AdoptedLater(PortalError):
    code = "adopted-later"
    field = "adopted_on"
    message = _("The day lies ahead. Enter the Regulations once they have been adopted.")


class TieUnknown(PortalError):
    code = "tie-unknown"
    message = _("There is no such duty, system or role. Choose from the lists.")


# --- Projects ---------------------------------------------------------------------------------------------------------


class ProjectNotPlanned(WrongState):
    code = "project-not-planned"
    message = _("The project has begun. What was planned can no longer be changed; add to it, or stop it.")


class ProjectNotRunning(WrongState):
    code = "project-not-running"
    message = _("The project is not under way.")


class ProjectClosed(WrongState):
    code = "project-closed"
    message = _("The project is closed.")


class NobodyInvolved(PortalError):
    code = "nobody-involved"
    message = _("No unit takes part yet. Name the units first.")


class NoMilestones(PortalError):
    code = "no-milestones"
    message = _("The project has no milestone yet. Set at least one, so that something can be checked.")


class MilestonePast(PortalError):
    code = "milestone-past"
    field = "due_on"
    message = _("The milestone “%(name)s” lies before today. Give it a day to come.")


class MilestoneOutside(PortalError):
    code = "milestone-outside"
    field = "due_on"
    message = _("A milestone lies within the project: from %(first)s to %(last)s.")


class ProjectDaysReversed(PortalError):
    code = "project-days-reversed"
    field = "ends_on"
    message = _("The project ends before it begins. Exchange the days.")


class ChecksOutstanding(PortalError):
    code = "checks-outstanding"
    message = _(
        "%(count)s checks are not passed yet. A project is completed when all are; until then it can be stopped."
    )


class NotToReport(WrongState):
    code = "not-to-report"
    message = _("There is nothing to report here now: it has been reported already, or is no longer asked.")


class NotToCheck(WrongState):
    code = "not-to-check"
    message = _("There is nothing to check here now: the unit has not reported, or it has been checked already.")


class OwnCheck(PortalError):
    code = "own-check"
    status = 403
    message = _("You reported it, or belong to the unit. Somebody else checks it.")


class WordsMissing(PortalError):
    code = "words-missing"
    field = "text"
    message = _("Write what was done, so that it can be checked.")


class OutcomeMissing(PortalError):
    code = "outcome-missing"
    field = "outcome"
    message = _("Write what came of it: later projects learn from it.")


class NoUnits(PortalError):
    code = "no-units"
    message = _("No unit is chosen. Choose a part of the tree, a type or a sector, or name units.")


# --- Investigations and research reports ------------------------------------------------------------------------------


class InvestigationOpened(WrongState):
    code = "investigation-opened"
    message = _(
        "Units answer this investigation already: its questions are kept. Begin another one for other questions."
    )


class InvestigationNotOpen(WrongState):
    code = "investigation-not-open"
    message = _("This investigation is not open: nothing can be answered in it.")


class NoQuestions(PortalError):
    code = "no-questions"
    message = _("The investigation asks nothing yet. Write its questions first.")


class NobodyAsked(PortalError):
    code = "nobody-asked"
    message = _("The investigation asks no unit yet. Choose the units first.")


class DueInPast(PortalError):
    code = "due-in-past"
    field = "due_on"
    message = _("The day lies before today. Give the units a day to come.")


class OptionsMissing(PortalError):
    code = "options-missing"
    field = "options"
    message = _("A question with a choice has at least two options, one in each line.")


class NotToAnswer(WrongState):
    code = "not-to-answer"
    message = _("This questionnaire has been handed in, or is no longer asked. What was answered is kept.")


class AnswersMissing(PortalError):
    code = "answers-missing"
    message = _("Questions %(numbers)s are not answered yet. They must be answered before you hand in.")


class AnswerUnfit(PortalError):
    code = "answer-unfit"
    message = _("The answer to question %(number)s does not fit the question. Choose one of the options.")


class ReportPublished(WrongState):
    code = "report-published"
    message = _("This report is published: what it says is kept. Write another one that names it.")


# --- Measures and proposals -------------------------------------------------------------------------------------------


class LessonsMissing(PortalError):
    code = "lessons-missing"
    field = "lessons"
    message = _("Write what the trials taught: a measure is judged by its lessons.")


class TrialPlace(PortalError):
    code = "trial-place"
    field = "place"
    message = _("Name either a unit of this site or a place elsewhere.")


class TrialDays(PortalError):
    code = "trial-days"
    field = "until"
    message = _("The trial begins no later than today and ends no earlier than it begins.")


class ProposalDecided(WrongState):
    code = "proposal-decided"
    message = _("This proposal has been decided or withdrawn already.")


class ProposalNotAdopted(WrongState):
    code = "proposal-not-adopted"
    message = _("Only an adopted proposal that is being carried out has a result to record.")


class OwnProposal(PortalError):
    code = "own-proposal"
    status = 403
    message = _("You made this proposal. Somebody else decides it.")


class DecisionReasonMissing(PortalError):
    code = "decision-reason-missing"
    field = "text"
    message = _("Give the reason of the decision: who proposed reads it.")


class CarrierMissing(PortalError):
    code = "carrier-missing"
    field = "unit"
    message = _("An adopted proposal names the unit that carries it out and a day to come.")


class NotForCatalogue(PortalError):
    code = "not-for-catalogue"
    message = _(
        "Only a proposal of a required system is carried out in the catalogue. Record the result of the others."
    )
