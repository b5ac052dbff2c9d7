"""What people are told about corrections, and what the log calls them."""

from django.utils.translation import gettext_lazy as _

from portal.notices.registry import NoticeKind, register

ABOUT = ("what", "whose", "value")


def register_kinds() -> None:
    """Register every notice of the network."""
    register(*_KINDS)


_KINDS = (
    NoticeKind(
        "correction_proposed",
        _("Correction proposed: %(what)s, %(whose)s"),
        _("%(proposer)s proposes for %(whose)s: %(what)s “%(value)s”. Accept it or decline it with a reason."),
        (*ABOUT, "proposer"),
    ),
    NoticeKind(
        "correction_accepted",
        _("Correction accepted: %(what)s, %(whose)s"),
        _("Your correction for %(whose)s was accepted. The network now says: %(what)s “%(value)s”."),
        ABOUT,
    ),
    NoticeKind(
        "correction_declined",
        _("Correction declined: %(what)s, %(whose)s"),
        _("Your correction for %(whose)s (%(what)s “%(value)s”) was declined. Reason: %(reason)s"),
        (*ABOUT, "reason"),
    ),
)

ACTIONS = {
    "correction.proposed": _("correction proposed"),
    "correction.accepted": _("correction accepted and written"),
    "correction.declined": _("correction declined"),
    "correction.withdrawn": _("correction withdrawn"),
}
