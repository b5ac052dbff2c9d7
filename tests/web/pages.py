"""Addresses for the tests of the base views: a verb whose deed is a row, and a list of such rows."""

from typing import Any, ClassVar

import django_filters
import django_tables2
from django import forms
from django.urls import include, path

from portal.web.errors import Conflict, NotAllowed, PortalError
from portal.web.imports.views import ImportCheckView, ImportUploadView
from portal.web.models import Job
from portal.web.views import ListPage, VerbView
from portal.workdays import clock
from tests.web.importer import NotesImporter


class NoteRefused(PortalError):
    message = "Note %(note)s is not taken."
    field = "note"


class Stored:
    version = 7


class NoteForm(forms.Form):
    note = forms.CharField(max_length=20)


class WriteNote(VerbView):
    """Writes a row, and then fails in the way that the note asks for."""

    title = "Write a note"
    purpose = "test.note"
    form_class = NoteForm

    def perform(self, form: Any) -> Job:
        note = form.cleaned_data["note"]
        job = Job.objects.create(owner=self.request.user, kind="note", params={"note": note}, created_at=clock.now())
        failures = {"refused": NoteRefused(note=note), "forbidden": NotAllowed(), "conflict": Conflict(Stored())}
        if note in failures:
            raise failures[note]
        return job

    def get_result_url(self, result: Job) -> str:
        return f"/notes/?kind={result.pk}"


class NotesTable(django_tables2.Table):
    kind = django_tables2.Column()
    done = django_tables2.Column()

    class Meta:
        template_name = "components/table.html"


class NotesFilter(django_filters.FilterSet):
    class Meta:
        model = Job
        fields: ClassVar = ["kind"]


class Notes(ListPage):
    title = "Notes"
    model = Job
    table_class = NotesTable
    filterset_class = NotesFilter
    per_page = 3
    empty = "No note yet."

    def get_queryset(self) -> Any:
        return Job.objects.of(self.request.user).order_by("pk")


class UploadNotes(ImportUploadView):
    title = "Import notes"
    purpose = "test.upload"
    importer = NotesImporter
    check_url_name = "check-notes"


class CheckNotes(ImportCheckView):
    purpose = "test.import"
    importer = NotesImporter
    upload_url_name = "upload-notes"


urlpatterns = [
    path("notes/", Notes.as_view(), name="notes"),
    path("notes/write/", WriteNote.as_view(), name="write-note"),
    path("notes/import/", UploadNotes.as_view(), name="upload-notes"),
    path("notes/import/<int:pk>/", CheckNotes.as_view(), name="check-notes"),
    path("", include("portal.urls")),
]
