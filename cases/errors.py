"""What cannot be done in this room, each with the sentence that says what to do."""

from django.utils.translation import gettext_lazy as _

from portal.web.errors import PortalError, WrongState


class ReasonMissing(PortalError):
    """A decision without a reason."""

    code = "reason-missing"
    message = _("Give the reason.")
    field = "reason"


class NothingReady(WrongState):
    """The check is not through, the file was imported, or no row is ready."""

    code = "nothing-ready"
    message = _("No row of this file is ready to be imported.")


class ColumnsMissing(PortalError):
    """A column that every decision needs is not in the file."""

    code = "columns-missing"
    message = _("Say which column of the file holds: %(columns)s.")


class ColumnTwice(PortalError):
    """Two columns of the file are to be the same."""

    code = "column-twice"
    message = _("“%(column)s” is chosen for two columns of the file. Leave one of them out.")


class HitDecided(WrongState):
    """Somebody has decided about the hit."""

    code = "hit-decided"
    message = _("This hit has been decided already. Load the page again to see how.")


class PublicPageClosed(PortalError):
    """The site takes no clues by the public page."""

    code = "public-page-closed"
    status = 404
    message = _("Clues are not taken on this page. Call the office.")


class NoQuestion(WrongState):
    """The clue is closed, or did not come by the public page."""

    code = "no-question"
    message = _("This clue has been verified. Send a new one if there is more to say.")


class PurposeMissing(PortalError):
    """A clue is opened for a purpose."""

    code = "purpose-missing"
    message = _("Say what you open it for. It is kept with your name.")
    field = "purpose"


class OpeningOver(PortalError):
    """The time of an opening is over."""

    code = "opening-over"
    status = 403
    message = _("The clue was open for fifteen minutes. Open it again and say what for.")


class ClueClosed(WrongState):
    """The clue has been verified."""

    code = "clue-closed"
    message = _("This clue has been closed with its result. Nothing is added to it any more.")


class OfficerNotFit(PortalError):
    """Somebody cannot verify this clue."""

    code = "officer-not-fit"
    message = _("Choose at least one person who works on cases over this office and does not lead the unit concerned.")
    field = "officers"


class NoReceipt(PortalError):
    """The clue did not come by the public page."""

    code = "no-receipt"
    message = _("The sender has no receipt and cannot be asked here.")


class ResultMissing(PortalError):
    """A clue is closed with a result, after officers were named."""

    code = "result-missing"
    message = _("Choose the result. No clue is closed without one, nor before officers were named.")
    field = "result"


class FileTooLarge(PortalError):
    """A file that comes with a clue is too large."""

    code = "clue-file-too-large"
    message = _("%(name)s is larger than %(limit)s MB.")
    field = "attached"


class CaseNotOpen(WrongState):
    """The case stands still, was joined or is concluded."""

    code = "case-not-open"
    message = _("This case stands still, was joined with another or is concluded. Load the page again to see.")


class NumberTaken(PortalError):
    """Another case has the number."""

    code = "number-taken"
    message = _("There is a case %(number)s already.")
    field = "number"


class ClueAlreadyFiled(PortalError):
    """A case was filed on the clue."""

    code = "clue-already-filed"
    message = _("A case was filed on this clue already.")
    field = "clue"


class DaysInWrongOrder(PortalError):
    """A day lies before the one it follows, or is still to come."""

    code = "days-in-wrong-order"
    message = _("The day lies before what it follows, or is still to come. Check it.")
    field = "on"


class TextNotLater(PortalError):
    """A text of the law that does not follow the ones known."""

    code = "text-not-later"
    message = _("The portal knows a text of this day or a later one. A new text comes after it.")
    field = "in_force_from"


class TiersOutOfOrder(PortalError):
    """A higher tier with a lower amount."""

    code = "tiers-out-of-order"
    message = _("Each amount must be higher than the one before.")
    field = "huge"


class LimitEmpty(PortalError):
    """A limit of no time at all."""

    code = "limit-empty"
    message = _("Write how many months or days the limit has.")
    field = "months"


class NotReached(WrongState):
    """A milestone that the case does not have is to be corrected."""

    code = "not-reached"
    message = _("The case has not reached this stage. Enter the milestone instead.")


class OutOfOrder(PortalError):
    """A milestone does not fit the others."""

    code = "out-of-order"
    message = _("This does not fit “%(stage)s” on %(day)s. Check both days.")
    field = "on"


class NoLawThen(PortalError):
    """The portal knows no text of the offence for the day of the act."""

    code = "no-law-then"
    message = _("The portal has no amounts of “%(offence)s” for the day of the act. Enter that version first.")
    field = "offence"


class UnitNotThen(PortalError):
    """The unit was not there on the day of the act."""

    code = "unit-not-then"
    message = _("%(unit)s did not exist on the day of the act. Name the unit that did its work then.")
    field = "unit"


class MajorAlready(WrongState):
    """The case is a major one."""

    code = "major-already"
    message = _("This is a major case already.")


class NoLimit(WrongState):
    """No limit runs."""

    code = "no-limit"
    message = _("No limit of the law runs in this case now.")


class ArticleUsed(PortalError):
    """The article does not make this limit longer, or did so before."""

    code = "article-used"
    message = _("This article does not make the limit longer, or was used for it before.")
    field = "article"


class CheckedByOwnOfficer(PortalError):
    """The officer of a case does not judge it."""

    code = "checked-by-own-officer"
    status = 403
    message = _("A second officer checks the case. You handle it yourself.")


class NotEffective(PortalError):
    """There is no effective judgment."""

    code = "not-effective"
    message = _("Enter the day on which the judgment became effective first.")
    field = "outcome"


class NotChecked(PortalError):
    """The five points were not judged, or do not all hold."""

    code = "not-checked-quality"
    message = _("A conviction is entered after a second officer has found all five points of quality.")
    field = "outcome"


class JoinWithItself(PortalError):
    """A case is joined with another."""

    code = "join-with-itself"
    message = _("Choose another case.")
    field = "into"


class NothingToSplit(PortalError):
    """Somebody must go and somebody stay."""

    code = "nothing-to-split"
    message = _("Choose those who go; at least one person stays.")
    field = "suspects"


class StepNotOpen(WrongState):
    """The recommendation, exposure or case has moved on, or is not so far."""

    code = "step-not-open"
    message = _("This cannot be done now: it has moved on, or is not so far. Load the page again to see.")


class SignedByDrafter(PortalError):
    """Whoever drafted does not sign."""

    code = "signed-by-drafter"
    status = 403
    message = _("You drafted it yourself. Somebody else signs it.")


class MaskNotInText(PortalError):
    """Something to be masked does not stand in the text."""

    code = "mask-not-in-text"
    message = _("“%(text)s” does not stand in the text. Write it as it stands there.")
    field = "more"


class ReleasedByDrafter(PortalError):
    """Whoever prepared does not release."""

    code = "released-by-drafter"
    status = 403
    message = _("You prepared it yourself. Somebody else releases it.")
