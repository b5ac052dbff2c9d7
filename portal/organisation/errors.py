"""What can be wrong with posts and tenures."""

from django.utils.translation import gettext_lazy as _

from portal.web.errors import PortalError, WrongState


class PostHeld(PortalError):
    code = "post-held"
    field = "starts_on"
    message = _("%(holder)s holds the post %(period)s. Begin after that, or end that tenure first.")


class EndsBeforeStart(PortalError):
    code = "ends-before-start"
    field = "ends_on"
    message = _("The last day lies before the first one.")


class TenureEnded(WrongState):
    code = "tenure-ended"
    message = _("This tenure has ended already.")


class NotVacant(WrongState):
    code = "not-vacant"
    message = _("The post is not vacant: nobody needs to act in it.")


class HasAccount(WrongState):
    code = "has-account"
    message = _("This person has an account already.")


class UserNameTaken(PortalError):
    code = "user-name-taken"
    field = "username"
    message = _("This user name is taken. Choose another.")
