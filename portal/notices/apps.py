from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Inbox and outbound e-mail, kept as proof of notice."""

    name = "portal.notices"
