"""What can be wrong with a verb of the engine, each a whole sentence that says what to do."""

from django.utils.translation import gettext_lazy as _

from portal.web.errors import NotAllowed, PortalError, WrongState


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
    field = "due_on"


class DayTooFar(PortalError):
    code = "day-too-far"
    message = _("The calendar of working days ends too early for that day and the steps after it. Name an earlier day.")
    field = "due_on"


class SuspensionTooFar(DayTooFar):
    field = "until"


class NotAfterToday(PortalError):
    code = "not-after-today"
    message = _("Name a day after today.")
    field = "until"


class NotYet(PortalError):
    code = "not-yet"
    message = _("A duty is done on the day on which it is done: today or a day that is past.")


class OwnRequest(NotAllowed):
    code = "own-request"
    message = _("Nobody decides his own request. Another coordinator, or the one above, decides it.")


class NothingAsked(WrongState):
    code = "nothing-asked"
    message = _("Nobody has asked for more time here.")


class AlreadySuspended(WrongState):
    code = "already-suspended"
    message = _("This duty is suspended already.")


class NotSuspended(WrongState):
    code = "not-suspended"
    message = _("This duty is not suspended.")


class ReasonMissing(PortalError):
    code = "reason-missing"
    message = _("Give the reason. It is recorded with the decision and shown to the person it concerns.")
