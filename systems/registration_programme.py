"""What this part of the room makes known to the floors below; `systems.registration` calls it."""

from django.utils.translation import gettext_lazy as _

from portal.audit import actions
from portal.web.navigation import Item
from portal.web.navigation import register as register_places
from systems import policies_programme as policies

ACTIONS = {
    "regulations.drafted": _("version of the Regulations begun"),
    "regulations.changed": _("title of the Regulations changed"),
    "regulations.article_added": _("article of the Regulations added"),
    "regulations.article_changed": _("article of the Regulations changed"),
    "regulations.article_removed": _("article of the Regulations removed"),
    "regulations.issued": _("version of the Regulations issued"),
    "regulations.discarded": _("draft of the Regulations given up"),
    "regulations.tied": _("article tied to what carries it out"),
}
PLACES = (Item("prevention", _("Regulations"), "systems:regulations", "scale", policies.may_read, 60),)


def register_all() -> None:
    """Called once, in `AppConfig.ready()`."""
    actions.register(ACTIONS)
    register_places(*PLACES)
