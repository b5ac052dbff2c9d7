"""Addresses for the tests of the base views: a verb whose deed is a row, and a list of such rows."""

from typing import Any, ClassVar, NamedTuple

import django_filters
import django_tables2
from django import forms
from django.urls import include, path

from portal.web.errors import Conflict, NotAllowed, PortalError
from portal.web.imports.views import ImportCheckView, ImportUploadView
from portal.web.models import Job, JobState
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


class CardForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    summary = forms.CharField(widget=forms.Textarea, label="Summary")
    colour = forms.ChoiceField(choices=[("r", "Red"), ("g", "Green")], label="Colour")
    place = forms.CharField(required=False, label="Place")
    code = forms.CharField(widget=forms.PasswordInput, label="Code")


class EditCard(VerbView):
    """Writes a row's parameters where nobody was faster."""

    title = "Edit the card"
    purpose = "test.card"
    form_class = CardForm

    def get_object(self) -> Job:
        return Job.objects.of(self.request.user).get(pk=self.kwargs["pk"])

    def get_initial(self) -> dict[str, Any]:
        return dict(self.object.params)

    def get_back_url(self) -> str:
        return "/notes/"

    def perform(self, form: Any) -> Job:
        typed = {name: value for name, value in form.cleaned_data.items() if name not in ("version", "code")}
        stored = Job.objects.select_for_update().get(pk=self.object.pk)
        if stored.params["version"] != form.cleaned_data["version"]:
            raise Conflict(Card(stored.params["version"]), typed)
        stored.params = typed | {"version": stored.params["version"] + 1}
        stored.save()
        return stored

    def get_result_url(self, result: Job) -> str:
        return "/notes/"


class Card(NamedTuple):
    version: int


class NotesTable(django_tables2.Table):
    kind = django_tables2.Column()
    done = django_tables2.Column()

    class Meta:
        template_name = "components/table.html"


class NotesFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=JobState.choices, label="State")
    since = django_filters.DateFilter(field_name="created_at", lookup_expr="date__gte", label="Since")
    least = django_filters.NumberFilter(field_name="done", lookup_expr="gte", label="Least")
    begun = django_filters.BooleanFilter(field_name="seen_at", lookup_expr="isnull", exclude=True, label="Begun")

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
    path("notes/<int:pk>/card/", EditCard.as_view(), name="edit-card"),
    path("notes/import/", UploadNotes.as_view(), name="upload-notes"),
    path("notes/import/<int:pk>/", CheckNotes.as_view(), name="check-notes"),
    path("", include("portal.urls")),
]
