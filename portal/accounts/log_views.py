"""The log, for those whose office it is to read it."""

from typing import Any

import django_filters
import django_tables2
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.accounts import scopes
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
    who = django_filters.CharFilter(label=_("Who"), field_name="actor_name", lookup_expr="icontains")
    since = django_filters.DateFilter(label=_("Since"), field_name="at", lookup_expr="date__gte")
    until = django_filters.DateFilter(label=_("Until"), field_name="at", lookup_expr="date__lte")


class LogTable(django_tables2.Table):
    """Entries as sentences, the newest first."""

    seq = django_tables2.Column(verbose_name=_("No."))
    at = django_tables2.Column(verbose_name=_("Time"))
    actor_name = django_tables2.Column(verbose_name=_("Who"), default=_("the portal"))
    action = django_tables2.Column(verbose_name=_("What"))
    subject_label = django_tables2.Column(verbose_name=_("On what"))
    ip = django_tables2.Column(verbose_name=_("From"))
    hash = django_tables2.Column(verbose_name=_("Fingerprint"), orderable=False)

    class Meta:
        order_by = ("-seq",)

    def render_at(self, value: Any) -> str:
        """To the minute, in the site's zone."""
        return moment(value)

    def render_action(self, value: str) -> str:
        """The sentence of the action."""
        return actions.sentence(value)

    def render_hash(self, value: str) -> str:
        """Enough of it to compare by eye."""
        return f"{value[:4]} {value[4:8]} {value[8:12]}"


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
        return Entry.objects.filter(seen)
