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


class NeedsSecondPerson(PortalError):
    code = "needs-second-person"
    field = "role"
    message = _("This role is given only when a second person has approved. Propose it.")


class NobodyToApprove(PortalError):
    code = "nobody-to-approve"
    field = "role"
    message = _(
        "Nobody could approve this role: there is no other security administrator over this part of the tree, and no head of "
        "a leading group. Ask whoever runs the portal to make a second security administrator."
    )


class ProposedAlready(WrongState):
    code = "proposed-already"
    message = _("This role is proposed for this person already and waits for a second person.")


class ProposerLeft(WrongState):
    code = "proposer-left"
    message = _("Who proposed this role is no longer security administrator there. Decline it and propose it anew.")


class DecidedAlready(WrongState):
    code = "decided-already"
    message = _("This proposal has been decided already. Load the page again to see how.")


class RevokedAlready(WrongState):
    code = "revoked-already"
    message = _("This role has been revoked already.")
