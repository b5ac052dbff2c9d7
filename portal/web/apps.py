from django import forms
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    """Page furniture shared by every app."""

    name = "portal.web"

    def ready(self) -> None:
        """Say what to do where Django says that something is required, for every form is made of these fields; lookups."""
        from portal.web import lookups, text_search  # noqa: F401 - they register themselves

        forms.Field.default_error_messages = {**forms.Field.default_error_messages, "required": _("Fill this in.")}
