"""The log, for those whose office it is to read it; and the history of one object or person."""

from functools import cached_property, reduce
from operator import or_
from typing import Any

import django_filters
import django_tables2
from django.db.models import Case, Q, QuerySet, TextField, When
from django.db.models.functions import Cast
from django.http import Http404, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.accounts import history, history_words, places
from portal.accounts.history import MAY_READ
from portal.accounts.models import User
from portal.audit import actions
from portal.audit.models import Entry
from portal.audit.tracking import events_of
from portal.web.dates import moment
from portal.web.i18n import titled, with_note
from portal.web.views import Crumb, ListPage

DID, HAPPENED = "did", "happened"
# So many changes are read at once; the older ones are opened.
NEWEST = 8


class LogFilter(django_filters.FilterSet):
    """By action, person, kind of object, words and day; `filters_of` adds the part of the tree."""

    action = django_filters.ChoiceFilter(choices=actions.choices, label=_("What"))
    who = django_filters.CharFilter(label=_("Who"), method="by_name")
    kind = django_filters.ChoiceFilter(choices=history.kinds, field_name="subject_type", label=_("Kind of object"))
    text = django_filters.CharFilter(label=_("Words"), method="by_words")
    since = django_filters.DateFilter(label=_("Since"), field_name="at", lookup_expr="date__gte")
    until = django_filters.DateFilter(label=_("Until"), field_name="at", lookup_expr="date__lte")

    def by_name(self, queryset: QuerySet[Entry], _name: str, value: str) -> QuerySet[Entry]:
        """By any of the names a person goes by."""
        names = ("actor_name", "actor__name_en", "actor__name_zh")
        return queryset.filter(reduce(or_, (Q(**{f"{name}__icontains": value}) for name in names)))

    def by_words(self, queryset: QuerySet[Entry], _name: str, value: str) -> QuerySet[Entry]:
        """In what it was about, or in what the entry says: a reason, a number."""
        said = queryset.annotate(said=Cast("data", TextField()))
        return said.filter(Q(subject_label__icontains=value) | Q(said__icontains=value))


class HistoryFilter(django_filters.FilterSet):
    """By action and day."""

    action = LogFilter.base_filters["action"]
    since = LogFilter.base_filters["since"]
    until = LogFilter.base_filters["until"]


class PersonFilter(HistoryFilter):
    """Also by side: what the person did, what happened to the person."""

    side = django_filters.ChoiceFilter(
        choices=((DID, _("What this person did")), (HAPPENED, _("What happened to this person"))),
        method="on_side",
        label=_("Side"),
    )

    def on_side(self, queryset: QuerySet[Entry], _name: str, value: str) -> QuerySet[Entry]:
        """The columns come from the page's queryset."""
        return queryset.filter(own=value == DID)  # type: ignore[misc]


class LogTable(django_tables2.Table):
    """Entries as sentences, the newest first."""

    seq = django_tables2.Column(verbose_name=_("No."))
    at = django_tables2.Column(verbose_name=_("Time"))
    who = django_tables2.Column(verbose_name=_("Who"), accessor="actor_name", empty_values=())
    action = django_tables2.Column(verbose_name=_("What"))
    subject = django_tables2.Column(verbose_name=_("On what"), accessor="subject_label", empty_values=())
    details = django_tables2.Column(verbose_name=_("Details"), accessor="data", orderable=False)
    ip = django_tables2.Column(verbose_name=_("From"))
    hash = django_tables2.Column(verbose_name=_("Fingerprint"), orderable=False)

    class Meta:
        order_by = ("-seq",)

    def render_at(self, value: Any) -> str:
        """To the minute, in the site's zone."""
        return moment(value)

    def render_who(self, record: Entry) -> str:
        """The name, and small the user name."""
        return _with_small(_name_of(record), record.actor_name)

    def value_who(self, record: Entry) -> str:
        """Both, for a file."""
        return with_note(_name_of(record), record.actor_name) if record.actor_name else _name_of(record)

    def render_subject(self, record: Entry) -> str:
        """What it was, and small the unit it belongs to."""
        return _with_small(record.subject_label, record.unit_name)  # type: ignore[attr-defined]

    def value_subject(self, record: Entry) -> str:
        """Both, for a file."""
        return ", ".join(filter(None, (record.subject_label, record.unit_name)))  # type: ignore[attr-defined]

    def render_action(self, value: str) -> str:
        """The sentence of the action."""
        return actions.sentence(value)

    def render_details(self, value: dict[str, Any]) -> str:
        """The reason and whatever else the entry carries that says something to people."""
        return history_words.details(value)

    def render_hash(self, value: str) -> str:
        """Enough of it to compare by eye."""
        return f"{value[:4]} {value[4:8]} {value[8:12]}"

    def value_hash(self, value: str) -> str:
        """All of it, for a file."""
        return value


def _name_of(entry: Entry) -> str:
    """Who did it: a person, the portal itself, or a browser in which nobody had signed in."""
    if entry.actor is not None:
        return entry.actor.name
    return gettext("nobody signed in") if entry.ip else gettext("the portal")


def _with_small(text: str, small: str | None) -> str:
    if not text or not small or text == small:
        return text or small or ""
    return format_html("{}<small>{}</small>", text, small)


def entries_for(user: User) -> QuerySet[Entry]:
    """Entries of a person's part of the tree; of no place for who supervises the whole of it."""
    found = history.seen(user, "path")
    if history.reads_all(user):
        found |= Q(path__isnull=True)
    return Entry.objects.filter(found).select_related("actor").annotate(unit_name=places.unit_name("path"))


class LogPage(ListPage):
    """Who did what, when, on what, from where."""

    title = _("Log")
    lede = _("Every entry carries the fingerprint of the one before it, so that nothing can be changed unseen.")
    model = Entry
    table_class = LogTable
    export_name = "log"
    template_name = "accounts/log.html"

    @property
    def filterset_class(self) -> type[django_filters.FilterSet]:  # type: ignore[override]
        """With the part of the tree, where the floor above has said how it is chosen."""
        part = places.part_filter("path")
        return type("LogFilter", (LogFilter,), {"part": part}) if part is not None else LogFilter

    def allowed(self, user: User) -> bool:
        """Auditors, security administrators and coordinators."""
        return user.standing.has(*MAY_READ)

    def get_queryset(self) -> QuerySet[Entry]:
        """Entries of the person's part of the tree."""
        return entries_for(self.request.user)


class HistoryPage(LogPage):
    """What was done about one object, and what was changed in it from what to what."""

    template_name = "accounts/history.html"
    lede = _("What was done, by whom and why; and what was changed from what to what.")
    crumbs = ((_("Log"), "/log/"),)

    @cached_property
    def kind(self) -> history.Subject:
        """The kind of object that the address names."""
        found = history.subject(self.kwargs["kind"])
        if found is None:
            raise Http404
        return found

    @cached_property
    def object(self) -> Any:
        """The object, among those whose history the person may read. Raises DoesNotExist."""
        return self.kind.seen_by(self.request.user).get(**{self.kind.key: self.kwargs["key"]})

    @cached_property
    def rows(self) -> list[history.Rows]:
        """The object's rows and those that belong to it."""
        return history.rows_of(self.kind, self.object, self.request.user)

    @cached_property
    def actor(self) -> User | None:
        """The user whose own deeds are shown too."""
        return self.kind.actor(self.object) if self.kind.actor is not None else None

    @property
    def filterset_class(self) -> type[django_filters.FilterSet]:  # type: ignore[override]
        """For persons by side."""
        return PersonFilter if self.actor is not None else HistoryFilter

    @property
    def export_name(self) -> str:  # type: ignore[override]
        """Named by the object."""
        return f"history-{self.kind.code}-{self.object.pk}"

    def get_title(self) -> str:
        """Whose history it is."""
        return titled(self.kind.title, self.object)

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """404 for a key that is none of the kind."""
        try:
            self.object  # noqa: B018 - found before anything is shown
        except ValueError as error:
            raise Http404 from error
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Entry]:
        """About the object; for a person also what the person did."""
        happened = history.about(self.kind, self.object, self.rows)
        found = entries_for(self.request.user)
        if self.actor is None:
            return found.filter(happened)
        own = Q(actor=self.actor)
        return found.filter(happened | own).annotate(own=Case(When(own, then=True), default=False))  # type: ignore[no-any-return]

    def get_crumbs(self) -> list[Crumb]:
        """The log, and the object itself where it has a page."""
        url = getattr(self.object, "get_absolute_url", None)
        return [*self.crumbs, (str(self.object), url())] if url is not None else list(self.crumbs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds what was changed."""
        changes = history_words.changes(history.events(self.rows))
        tracked = any(events_of(part.model) for part in self.kind.parts)
        shown = {"changes": changes[:NEWEST], "older": changes[NEWEST:], "tracked": tracked}
        return super().get_context_data(**shown, **kwargs)
