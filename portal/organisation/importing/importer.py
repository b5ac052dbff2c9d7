"""Checking a sheet against the portal, and writing it: a fixed number of statements for any number of rows."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from portal.accounts.models import User
from portal.audit import services as audit
from portal.organisation.importing import checks
from portal.organisation.importing.columns import COLUMNS, Catalogue, plain
from portal.organisation.importing.plan import Catalogues, Plan, Reader
from portal.organisation.importing.seats import Seating, settle
from portal.organisation.importing.writing import Writer
from portal.organisation.models import (
    CatalogueEntry,
    GroupMembership,
    OfficialType,
    Rank,
    Sector,
    UnitType,
)
from portal.organisation.rules import Sitting
from portal.organisation.tree import take_turns
from portal.web.i18n import is_chinese, listed
from portal.web.imports import Importer, Preview, RowError, Summary, match_headings
from portal.web.imports.base import rows_of
from portal.web.imports.views import ImportHasErrors
from portal.workdays import clock


@dataclass
class Reading:
    """A sheet as it was read: what it says, who sits where, what is wrong."""

    plan: Plan = field(default_factory=Plan)
    seating: Seating = field(default_factory=Seating)
    preview: Preview = field(default_factory=lambda: Preview([], [], Summary()))


class UnitsImporter(Importer):
    """Units, leading groups, posts, persons, tenures and seats in groups from one sheet."""

    code = "units"
    title = _("Units, posts and persons")
    columns = COLUMNS
    nouns: ClassVar = {
        "units": ngettext_lazy("%(count)s unit", "%(count)s units", "count"),
        "groups": ngettext_lazy("%(count)s leading group", "%(count)s leading groups", "count"),
        "persons": ngettext_lazy("%(count)s person", "%(count)s persons", "count"),
        "posts": ngettext_lazy("%(count)s post", "%(count)s posts", "count"),
        "tenures": ngettext_lazy("%(count)s tenure", "%(count)s tenures", "count"),
        "heads": ngettext_lazy("%(count)s head of a group", "%(count)s heads of groups", "count"),
        "members": ngettext_lazy("%(count)s member of a group", "%(count)s members of groups", "count"),
    }

    def check(self, table: list[list[str]], by: Any = None) -> Preview:
        """Every error by row, column and reason, and what would be written if there were none.

        `by` is the user whose part of the tree it must lie in; None is the command line, which writes everywhere.
        """
        found = self._read(table, by)
        if not found.preview.errors:
            found.preview.summary = Writer(found.plan, found.seating).compare()
        return found.preview

    def apply(self, by: Any, table: list[list[str]]) -> Summary:
        """Write all of it. Raises ImportHasErrors; must be called inside a transaction."""
        take_turns()
        found = self._read(table, by)
        if found.preview.errors:
            raise ImportHasErrors
        summary = Writer(found.plan, found.seating).write()
        if summary.writes:
            audit.record(by, "units.imported", data=summary.as_dict())
        return summary

    def _read(self, table: list[list[str]], by: User | None) -> Reading:
        places, errors = match_headings(self.columns, table[0], chinese=is_chinese())
        if errors:
            return Reading(preview=Preview([], errors, Summary()))
        rows = rows_of(table, places)
        plan = Reader(catalogues(), {code: table[0][index].strip() for index, code in places.items()}).read(rows)
        seating = settle(plan.seats, sittings(plan), clock.today())
        errors = plan.errors + _errors(plan, seating, by)
        return Reading(plan, seating, Preview(rows, sorted(set(errors)), Summary()))


def _errors(plan: Plan, seating: Seating, by: User | None) -> list[RowError]:
    tree, stored = checks.tree_in_force(), checks.stored_tenures(plan)
    found = checks.tree_errors(plan, tree) + checks.post_errors(plan) + checks.overlap_errors(plan, stored)
    found += checks.group_errors(plan) + checks.seat_errors(plan, seating)
    if by is not None:
        found += checks.scope_errors(plan, tree, by) + checks.person_errors(plan, by)
        found += checks.own_errors(plan, seating, stored, by)
    return found


def sittings(plan: Plan) -> dict[str, list[Sitting]]:
    """Who sits and sat in the groups that the sheet speaks of, by the code of the group's unit."""
    found: dict[str, list[Sitting]] = {}
    units = {seat.unit for seat in plan.seats}
    rows = GroupMembership.objects.filter(group__unit__code__in=units).select_related("group__unit", "person")
    for m in rows.order_by("starts_on"):
        sitting = Sitting(m.pk, m.person.employee_no, m.person.name, m.is_head, m.starts_on, m.ends_on)
        found.setdefault(m.group.unit.code, []).append(sitting)
    return found


def catalogues() -> Catalogues:
    """The reference catalogues as cells are read by them."""
    return Catalogues(catalogue(UnitType), catalogue(Sector), catalogue(Rank), catalogue(OfficialType))


def catalogue(model: type[CatalogueEntry]) -> Catalogue:
    """A catalogue as cells are read by it."""
    entries = list(model._default_manager.all())
    ids = {plain(word): e.pk for e in entries for word in (e.code, e.name_en, e.name_zh)}
    return Catalogue(ids, {e.pk: e.code for e in entries}, listed(e.name for e in entries[:6]))
