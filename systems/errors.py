"""What can be wrong with systems, powers, inspections and rectifications, each a whole sentence that says what to do."""

from django.utils.translation import gettext_lazy as _

from portal.web.errors import PortalError, WrongState


class ReasonMissing(PortalError):
    code = "reason-missing"
    field = "reason"
    message = _("Give the reason: whoever looks later must understand it.")


# --- Catalogue --------------------------------------------------------------------------------------------------------


class CodeTaken(PortalError):
    code = "code-taken"
    field = "code"
    message = _("There is a system with the code %(code)s already. Write another one.")


class YearPast(PortalError):
    code = "year-past"
    field = "year"
    message = _("A version is in force from this year or a later one: past years stay as they were.")


class YearBeforePredecessor(PortalError):
    code = "year-before-predecessor"
    field = "year"
    message = _("The version before it is in force from %(year)s. This one begins in the same year or later.")


class StillRequired(PortalError):
    code = "still-required"
    message = _(
        "This system is still required of: %(types)s. Make a version that requires it of nobody; then it can be repealed."
    )


class AlreadyRepealed(WrongState):
    code = "category-repealed"
    message = _("This system has been repealed in the catalogue. A new version brings it back.")


# --- Register ---------------------------------------------------------------------------------------------------------


class HasOneAlready(WrongState):
    code = "category-taken"
    message = _("The unit has a system of this category already. Open it, and revise it where it must change.")


class NameMissing(PortalError):
    code = "name-missing"
    field = "name_zh"
    message = _("Give the system a name in one of the languages.")


class TextMissing(PortalError):
    code = "text-missing"
    field = "text"
    message = _("The version says nothing yet. Write its text or attach its document first.")


class NotWritable(WrongState):
    code = "version-not-writable"
    message = _("This version is issued: what it says is kept. Begin a revision to change it.")


class NothingComing(WrongState):
    code = "nothing-coming"
    message = _("No version is being written. Begin a revision first.")


class RevisionUnderWay(WrongState):
    code = "revision-under-way"
    message = _("A version is being written already. Go on with that one.")


class BeforePredecessor(PortalError):
    code = "before-predecessor"
    field = "in_force_from"
    message = _("The version before it is in force since %(day)s. This one can begin on a later day only.")


class DecidedAfterForce(PortalError):
    code = "decided-after-force"
    field = "adopted_on"
    message = _("It was decided after the day on which it comes into force. Correct one of the two days.")


class DecidedInFuture(PortalError):
    code = "decided-in-future"
    field = "adopted_on"
    message = _("This day is still to come. Write the day on which it was decided.")


class DayPast(PortalError):
    code = "day-past"
    field = "until"
    message = _("This day has passed. Set a day that is still to come.")


class SystemRepealed(WrongState):
    code = "system-repealed"
    message = _("This system has been repealed. Adopt a new one instead.")


class NotInForce(WrongState):
    code = "not-in-force"
    message = _("No version of this system is in force, so there is nothing to do here yet.")


class UnitEnded(WrongState):
    code = "unit-ended"
    message = _("%(unit)s is no more since %(day)s: this is done with the unit that goes on.")


class NotOfUnit(PortalError):
    code = "not-of-unit"
    message = _("Choose one that belongs to %(unit)s.")


# --- Powers -----------------------------------------------------------------------------------------------------------


class PowerEnded(WrongState):
    code = "power-ended"
    message = _("The unit no longer has this power.")


class HolderSupervises(PortalError):
    code = "holder-supervises"
    field = "supervisor"
    message = _("%(post)s holds this power and cannot watch over it. Name another post or unit.")


class SupervisorMissing(PortalError):
    code = "supervisor-missing"
    field = "supervisor"
    message = _("Name the post or the unit that watches over it: a measure that nobody sees to has no effect.")


class TwoSupervisors(PortalError):
    code = "two-supervisors"
    field = "supervising_unit"
    message = _("Name either a post of the unit or another unit, not both.")


class MeasureWithoutWords(PortalError):
    code = "measure-without-words"
    field = "text"
    message = _("Say what is done, or choose the system of the register that does it.")


class MeasureEnded(WrongState):
    code = "measure-ended"
    message = _("This measure has ended already.")


class ReviewedAlready(WrongState):
    code = "reviewed-already"
    message = _("This review has been recorded already.")


# --- Joint supervision ------------------------------------------------------------------------------------------------


class TooFewMembers(PortalError):
    code = "too-few-members"
    field = "supervised"
    message = _("A group has at least one unit that supervises and one that is supervised.")


class MemberTwice(PortalError):
    code = "member-twice"
    field = "supervised"
    message = _("%(unit)s cannot stand on both sides.")


class GroupEnded(WrongState):
    code = "group-ended"
    message = _("This group has ended.")


class ConfirmedAlready(WrongState):
    code = "confirmed-already"
    message = _("Your unit's part has been confirmed already.")


# --- Inspections ------------------------------------------------------------------------------------------------------


class NothingToInspect(PortalError):
    code = "nothing-to-inspect"
    field = "categories"
    message = _("None of the chosen systems is required of these units with a checklist in this year. Choose others.")


class NobodyToInspect(PortalError):
    code = "nobody-to-inspect"
    message = _("No unit of this part of the tree is left to inspect. Choose another part or type.")


class PlannedInPast(PortalError):
    code = "planned-in-past"
    field = "planned_on"
    message = _("This day has passed. Plan the inspection for today or a later day.")


class NotUnderWay(WrongState):
    code = "inspection-not-under-way"
    message = _("The inspection is not under way: nothing is entered into it.")


class AlreadyBegun(WrongState):
    code = "inspection-begun"
    message = _("The inspection has begun already.")


class InspectionOver(WrongState):
    code = "inspection-over"
    message = _("The inspection is over.")


class ItemsOpen(PortalError):
    code = "items-open"
    message = _("%(count)s items of the checklist have no answer yet. Answer them, or say that they do not apply.")


class FindingsMissing(PortalError):
    code = "findings-missing"
    message = _("Item %(number)s is not met and has no finding. Record one, so that somebody answers for it.")


class SummaryMissing(PortalError):
    code = "summary-missing"
    field = "summary"
    message = _("Sum up in a few sentences what was seen: the leader reads it first.")


class OwnUnit(WrongState):
    code = "own-unit"
    status = 403
    message = _("Nobody inspects the unit that he leads, speaks or works for.")


# --- Rectification ----------------------------------------------------------------------------------------------------


class NotOwed(WrongState):
    code = "rectification-not-owed"
    message = _("Nothing is owed here any more: it was handed in, or has ended.")


class MeasureMissing(PortalError):
    code = "measure-missing"
    field = "measure"
    message = _("Say what will be done, so that it can be checked later.")


class DoneMissing(PortalError):
    code = "done-missing"
    field = "done"
    message = _("Say what was done and what proves it.")


class NotSubmitted(WrongState):
    code = "rectification-not-submitted"
    message = _("This rectification does not wait for verification.")


class OwnRectification(PortalError):
    code = "own-rectification"
    status = 403
    message = _("You own this rectification, or handed it in. Somebody else verifies it.")


class ExceptionTooLong(PortalError):
    code = "exception-too-long"
    field = "until"
    message = _("An exception lasts twelve months at most: until %(day)s. After that it is asked for again.")


class CompensationMissing(PortalError):
    code = "compensation-missing"
    field = "compensation"
    message = _("Say what is done instead as long as the exception lasts.")
