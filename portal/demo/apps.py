from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The living demo district."""

    name = "portal.demo"
