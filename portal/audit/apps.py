from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The append-only, hash-chained log."""

    name = "portal.audit"
