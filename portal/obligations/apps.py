from django.apps import AppConfig


class ObligationsConfig(AppConfig):
    """Who owes what by when, the ladder and its clock."""

    name = "portal.obligations"
