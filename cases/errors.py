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
