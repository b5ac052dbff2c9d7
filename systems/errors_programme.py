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
