from django.apps import AppConfig


class WebConfig(AppConfig):
    """Page furniture shared by every app."""

    name = "portal.web"
