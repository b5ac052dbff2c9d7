from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The append-only, hash-chained log."""

    name = "portal.audit"

    def ready(self) -> None:
        """What the log says of itself."""
        from django.utils.translation import gettext_lazy as _

        from portal.audit import actions

        actions.register(
            {"log.head_signed": _("head of the log signed again"), "log.head_given": _("head of the log given away")}
        )
