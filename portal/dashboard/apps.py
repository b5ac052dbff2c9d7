from django.apps import AppConfig


class DashboardConfig(AppConfig):
    """Compliance pages over every app's measures."""

    name = "portal.dashboard"
