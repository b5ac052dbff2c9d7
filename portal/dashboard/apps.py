from django.apps import AppConfig


class DashboardConfig(AppConfig):
    """Compliance pages over every app's measures."""

    name = "portal.dashboard"

    def ready(self) -> None:
        """The first places of the rail, and what waits for whom."""
        from django.utils.translation import gettext_lazy as _

        from portal.dashboard import providers, role_todo, todo
        from portal.dashboard.views import administration
        from portal.dashboard.views.home import OVERSEES
        from portal.obligations import owed
        from portal.organisation import sections
        from portal.web.navigation import Item, register

        for provider in (*providers.ALL, role_todo.roles):
            todo.register(provider)
        sections.register_link(sections.Link(_("Print the file"), "dashboard:dossier", "printer"))
        sections.register_link(sections.Link(_("Workbook"), "dashboard:workbook", "table-export"))
        register(
            Item("today", _("Administration"), "dashboard:administration", "tool", administration.is_for, 5),
            Item("today", _("Today"), "dashboard:today", "sun", lambda user: user.standing.has(*OVERSEES), 10),
            Item(
                "today", _("Compliance"), "dashboard:compliance", "grid-dots", lambda u: u.standing.has(*OVERSEES), 20
            ),
            # For who watches over others and also leads a unit: the first page of a leader, beside that of the office.
            Item(
                "today",
                _("My duties"),
                "dashboard:my",
                "checklist",
                lambda user: user.standing.has(*OVERSEES) and user.standing.has(*owed.OWES),
                30,
                owed.count_open,
            ),
        )
