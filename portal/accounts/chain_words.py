"""The state of the log's chain in words."""

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.audit.models import Verification

FLAWS = {
    "missing": _("Entry %(seq)s is missing."),
    "changed": _("Entry %(seq)s was changed: its content does not give its fingerprint."),
    "replaced": _("Entry %(seq)s was replaced."),
    "misfit": _("Entry %(seq)s was replaced, or one was inserted after it: the two do not fit."),
    "inserted": _("Entry %(seq)s was inserted."),
    "cut-off": _("Entries were cut off at the end, from %(seq)s on."),
    "head-removed": _("The head of the log was removed: what stood after entry %(seq)s cannot be known."),
    "miscounted": _("The head of the log counts other entries than stand in it, at %(seq)s."),
    "unsigned": _(
        "The head of the log at %(seq)s is not signed with the key of this site: somebody else wrote it, or the key is new."
    ),
}


def result(verification: Verification) -> str:
    """What going through the log has found."""
    if not verification.flaw:
        return _t("The chain is whole: %(count)s entries, none changed, missing or inserted.") % {
            "count": verification.count
        }
    return str(FLAWS[verification.flaw]) % {"seq": verification.flaw_seq}
