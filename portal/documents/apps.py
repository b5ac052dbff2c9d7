from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Private attachments, PDFs and their verification."""

    name = "portal.documents"
