"""What can be wrong with accounts and grants."""

from django.utils.translation import gettext_lazy as _

from portal.web.errors import PortalError, WrongState


class NotByHand(PortalError):
    code = "not-by-hand"
    field = "role"
    message = _("This role follows from the office a person holds. Enter the tenure or membership instead.")


class OwnGrant(PortalError):
    code = "own-grant"
    field = "user"
    message = _("Nobody grants a role to himself. Ask another security administrator.")


class OfficesSeparated(PortalError):
    code = "offices-separated"
    field = "role"
    message = _(
        "System administrator, security administrator and auditor are three persons. This one holds another already."
    )


class GrantedAlready(WrongState):
    code = "granted-already"
    message = _("This person holds this role over this part of the tree already.")


class RevokedAlready(WrongState):
    code = "revoked-already"
    message = _("This role has been revoked already.")
