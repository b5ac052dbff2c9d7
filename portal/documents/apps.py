from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Private attachments, PDFs and their verification."""

    name = "portal.documents"

    def ready(self) -> None:
        """Sentences of the log."""
        from django.utils.translation import gettext_lazy as _

        from portal.audit import actions

        actions.register(
            {
                "file.attached": _("file attached"),
                "file.detached": _("file taken away"),
                "document.sealed": _("document sealed"),
                "document.ended": _("document no longer in force"),
            }
        )
