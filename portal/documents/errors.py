"""What can be wrong with an upload, each a sentence at the field."""

from django.utils.translation import gettext_lazy as _

from portal.web.errors import PortalError


class TooLarge(PortalError):
    code = "too-large"
    field = "file"
    message = _("%(name)s is larger than %(limit)s MB. Attach a smaller file.")


class TypeNotAllowed(PortalError):
    code = "type-not-allowed"
    field = "file"
    message = _("%(name)s is not a PDF, Word or Excel file, picture or text, whatever its name says.")


class NameAndContentDiffer(PortalError):
    code = "name-and-content-differ"
    field = "file"
    message = _("%(name)s is not what its name says: the content is another kind of file.")


class EmptyFile(PortalError):
    code = "empty-file"
    field = "file"
    message = _("%(name)s is empty.")
