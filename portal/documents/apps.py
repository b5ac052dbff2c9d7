from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Private attachments, PDFs and their verification."""

    name = "portal.documents"

    def ready(self) -> None:
        """Sentences of the log."""
        from django.urls import reverse
        from django.utils.translation import gettext_lazy as _

        from portal.accounts.chain_views import register_sheet
        from portal.audit import actions

        register_sheet(lambda seq: reverse("documents:anchor-sheet", args=(seq,)))
        actions.register(
            {
                "file.attached": _("file attached"),
                "file.detached": _("file taken away"),
                "document.sealed": _("document sealed"),
                "document.stamped": _("document time-stamped"),
                "signing.in_use": _("certificate for signatures taken into use"),
                "signing.retired": _("certificate for signatures retired"),
                "document.ended": _("document no longer in force"),
            }
        )
