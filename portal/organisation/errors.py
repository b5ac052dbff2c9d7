"""What can be wrong with units, groups, posts and tenures."""

from django.utils.translation import gettext_lazy as _

from portal.web.errors import PortalError, WrongState


class PostHeld(PortalError):
    code = "post-held"
    field = "starts_on"
    message = _("%(holder)s holds the post %(period)s. Begin after that, or end that tenure first.")


class HeldNext(PortalError):
    code = "held-next"
    field = "ends_on"
    message = _("%(holder)s follows %(period)s. The last day must lie before that.")


class OwnAppointment(PortalError):
    code = "own-appointment"
    field = "person"
    message = _("Nobody appoints himself. Ask another coordinator to enter it.")


class EndsBeforeStart(PortalError):
    code = "ends-before-start"
    field = "ends_on"
    message = _("The last day lies before the first one.")


class DayOutOfReach(PortalError):
    code = "day-out-of-reach"
    field = "starts_on"
    message = _("The day must lie between 1949 and 2100.")


class TenureEnded(WrongState):
    code = "tenure-ended"
    message = _("This tenure has ended already.")


class NotVacant(WrongState):
    code = "not-vacant"
    message = _("The post is not vacant: nobody needs to act in it.")


class GroupExists(WrongState):
    code = "group-exists"
    message = _("This unit has a leading group already.")


class SeatHeld(PortalError):
    code = "seat-held"
    field = "starts_on"
    message = _("%(holder)s heads the group %(period)s. Begin after that, or end that time first.")


class SeatedAlready(PortalError):
    code = "seated-already"
    field = "person"
    message = _("%(person)s sits in this group %(period)s already.")


class SeatEnded(WrongState):
    code = "seat-ended"
    message = _("This person's time in the group has ended already.")


class UnitDissolved(WrongState):
    code = "unit-dissolved"
    message = _("This unit was dissolved on %(day)s.")


class UnitsBelow(PortalError):
    code = "units-below"
    message = _("Units lie below this one: %(units)s. Dissolve or move them first.")


class ReasonMissing(PortalError):
    code = "reason-missing"
    field = "reason"
    message = _("Give the reason.")


class HasAccount(WrongState):
    code = "has-account"
    message = _("This person has an account already.")


class UserNameTaken(PortalError):
    code = "user-name-taken"
    field = "username"
    message = _("This user name is taken. Choose another.")


class NobodyToInvite(WrongState):
    code = "nobody-to-invite"
    message = _("Nobody of this choice is left to invite.")


class AccountAsItIs(WrongState):
    code = "account-as-it-is"
    message = _("Somebody has done this already.")
