from django.apps import AppConfig


class WorkdaysConfig(AppConfig):
    """Working days of the People's Republic and the one clock."""

    name = "portal.workdays"
