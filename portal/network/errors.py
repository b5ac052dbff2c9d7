"""What can be wrong with a correction or a directory."""

from django.utils.translation import gettext_lazy as _

from portal.web.errors import PortalError, WrongState


class EmptyValue(PortalError):
    code = "empty-value"
    field = "value"
    message = _("Write the correct value. A correction cannot leave it empty.")


class NotAPhone(PortalError):
    code = "not-a-phone"
    field = "value"
    message = _("This is not a phone number. Write 5 to 20 digits; spaces, dashes, brackets and + are allowed.")


class NotAnEmail(PortalError):
    code = "not-an-email"
    field = "value"
    message = _("This is not an e-mail address. Write it as name@example.org.")


class TooLong(PortalError):
    code = "too-long"
    field = "value"
    message = _("This is too long: at most %(limit)s characters fit.")


class SameValue(PortalError):
    code = "same-value"
    field = "value"
    message = _("This is what the network says already. Write the correct value.")


class ProposedAlready(PortalError):
    code = "proposed-already"
    field = "what"
    message = _("A correction of this waits for the coordinator already. Withdraw it, or wait for the decision.")


class NotOfTheUnit(PortalError):
    code = "not-of-the-unit"
    field = "what"
    message = _("This person holds no post in the unit today.")


class AlreadyDecided(WrongState):
    code = "already-decided"
    message = _("This correction does not wait any more: %(state)s.")


class ValueChanged(WrongState):
    code = "value-changed"
    message = _(
        "The value has changed since the correction was proposed: it was “%(then)s” and is now “%(now)s”. Nothing was "
        "written. Decline the correction, or ask for a new one."
    )


class OwnProposal(PortalError):
    code = "own-proposal"
    message = _("Nobody decides on a correction of his own. Ask another coordinator.")


class ReasonMissing(PortalError):
    code = "reason-missing"
    field = "reason"
    message = _("Give the reason.")


class TooManyLines(PortalError):
    code = "too-many-lines"
    message = _(
        "This would be a book of %(count)s lines; a PDF takes %(limit)s. Choose a part of the tree, or take the XLSX file."
    )


class FilterNotUnderstood(PortalError):
    code = "filter-not-understood"
    message = _("A filter cannot be understood. Mend it, or remove it.")
