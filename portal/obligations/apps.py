from typing import Any

from django.apps import AppConfig


class ObligationsConfig(AppConfig):
    """Who owes what by when, the ladder and its clock."""

    name = "portal.obligations"

    def ready(self) -> None:
        """Make the engine's notices known, and follow changes of who holds a top post."""
        from django.utils.translation import gettext_lazy as _

        from portal.audit import actions
        from portal.obligations import messages, receivers, touched, unit_file
        from portal.obligations.messages import ACTIONS
        from portal.obligations.views.clock import SEES_CLOCK
        from portal.organisation import sections
        from portal.organisation import touched as organisation_touched
        from portal.web.navigation import Item, register

        def sees_duties(user: Any) -> bool:
            return user.is_office and not user.standing.is_kept_from_content

        messages.register_kinds()
        receivers.connect()
        sections.register(unit_file.SECTION)
        organisation_touched.register(touched.touched_duties, 10)
        organisation_touched.register_outcome(touched.outcome)
        organisation_touched.register_handover(touched.duties_of_handover, 10)
        register(
            Item("today", _("Duties"), "obligations:duties", "checklist", sees_duties, 30),
            Item("today", _("Clock"), "obligations:clock", "clock", lambda user: user.standing.has(*SEES_CLOCK), 40),
            Item("office", _("Working days"), "obligations:calendar", "calendar-due", lambda user: user.is_office, 20),
            Item("office", _("Ladders"), "obligations:ladders", "stairs-up", lambda user: user.is_office, 25),
        )
        actions.register(ACTIONS)
