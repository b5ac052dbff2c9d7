"""The log, for those whose office it is to read it."""

from functools import reduce
from operator import or_
from typing import Any

import django_filters
import django_tables2
from django.db.models import Q, QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.accounts import places, scopes
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.audit import actions
from portal.audit.models import Entry
from portal.web.dates import moment
from portal.web.views import ListPage

MAY_READ = (Role.AUDITOR, Role.SECURITY_ADMIN, Role.COORDINATOR)


class LogFilter(django_filters.FilterSet):
    """By action, person and day."""

    action = django_filters.ChoiceFilter(choices=actions.choices, label=_("What"))
    who = django_filters.CharFilter(label=_("Who"), method="by_name")
    since = django_filters.DateFilter(label=_("Since"), field_name="at", lookup_expr="date__gte")
    until = django_filters.DateFilter(label=_("Until"), field_name="at", lookup_expr="date__lte")

    def by_name(self, queryset: QuerySet[Entry], _name: str, value: str) -> QuerySet[Entry]:
        """By any of the names a person goes by."""
        names = ("actor_name", "actor__name_en", "actor__name_zh")
        return queryset.filter(reduce(or_, (Q(**{f"{name}__icontains": value}) for name in names)))


class LogTable(django_tables2.Table):
    """Entries as sentences, the newest first."""

    seq = django_tables2.Column(verbose_name=_("No."))
    at = django_tables2.Column(verbose_name=_("Time"))
    who = django_tables2.Column(verbose_name=_("Who"), accessor="actor_name", empty_values=())
    action = django_tables2.Column(verbose_name=_("What"))
    subject = django_tables2.Column(verbose_name=_("On what"), accessor="subject_label", empty_values=())
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
        return f"{_name_of(record)} ({record.actor_name})" if record.actor_name else _name_of(record)

    def render_subject(self, record: Entry) -> str:
        """What it was, and small the unit it belongs to."""
        return _with_small(record.subject_label, record.unit_name)  # type: ignore[attr-defined]

    def value_subject(self, record: Entry) -> str:
        """Both, for a file."""
        return ", ".join(filter(None, (record.subject_label, record.unit_name)))  # type: ignore[attr-defined]

    def render_action(self, value: str) -> str:
        """The sentence of the action."""
        return actions.sentence(value)

    def render_hash(self, value: str) -> str:
        """Enough of it to compare by eye."""
        return f"{value[:4]} {value[4:8]} {value[8:12]}"


def _name_of(entry: Entry) -> str:
    """Who did it: a person, the portal itself, or a browser in which nobody had signed in."""
    if entry.actor is not None:
        return entry.actor.name
    return gettext("nobody signed in") if entry.ip else gettext("the portal")


def _with_small(text: str, small: str | None) -> str:
    if not text or not small or text == small:
        return text or small or ""
    return format_html("{}<small>{}</small>", text, small)


class LogPage(ListPage):
    """Who did what, when, on what, from where."""

    title = _("Log")
    lede = _("Every entry carries the fingerprint of the one before it, so that nothing can be changed unseen.")
    model = Entry
    table_class = LogTable
    filterset_class = LogFilter
    export_name = "log"

    def allowed(self, user: User) -> bool:
        """Auditors, security administrators and coordinators."""
        return user.standing.has(*MAY_READ)

    def get_queryset(self) -> QuerySet[Entry]:
        """Entries of the person's part of the tree; auditors and security administrators also those of no place."""
        seen = scopes.q(self.request.user, "path", MAY_READ)
        if self.request.user.standing.has(Role.AUDITOR, Role.SECURITY_ADMIN):
            seen |= Q(path__isnull=True)
        named = Entry.objects.select_related("actor").annotate(unit_name=places.unit_name("path"))
        return named.filter(seen)
