"""What can be wrong with a verb of the engine, each a whole sentence that says what to do."""

from django.utils.translation import gettext_lazy as _

from portal.web.errors import PortalError, WrongState


class DutyClosed(WrongState):
    code = "duty-closed"
    message = _("This duty is closed: there is nothing left to change.")


class AskedTooLate(WrongState):
    code = "asked-too-late"
    message = _("More time is asked for before the due day. The duty is due now: hand it in, late as it is.")


class AlreadyAsked(WrongState):
    code = "already-asked"
    message = _("More time has been asked for already. Wait for the decision.")


class AlreadyDecided(WrongState):
    code = "already-decided"
    message = _("This request has been decided already.")


class NotLater(PortalError):
    code = "not-later"
    message = _("The new due day must be after the one in force.")


class AlreadySuspended(WrongState):
    code = "already-suspended"
    message = _("This duty is suspended already.")


class NotSuspended(WrongState):
    code = "not-suspended"
    message = _("This duty is not suspended.")


class ReasonMissing(PortalError):
    code = "reason-missing"
    message = _("Give the reason. It is recorded with the decision and shown to the person it concerns.")
