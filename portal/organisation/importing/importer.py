"""Checking a sheet against the portal, and writing it: a fixed number of statements for any number of rows."""

from collections import defaultdict
from typing import Any

from django.db import connection
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.audit import services as audit
from portal.organisation.importing.columns import COLUMNS, Catalogue, plain
from portal.organisation.importing.plan import (
    Catalogues,
    Held,
    Plan,
    PostKey,
    Reader,
    TenurePlan,
    heading,
    overlap_errors,
    tree_errors,
)
from portal.organisation.importing.writing import Writer
from portal.organisation.models import (
    CatalogueEntry,
    OfficialType,
    PostKind,
    Rank,
    Sector,
    Tenure,
    Unit,
    UnitType,
)
from portal.web.imports import Importer, Preview, RowError, Summary, match_headings
from portal.web.imports.base import rows_of
from portal.web.imports.views import ImportHasErrors
from portal.workdays import clock

LOCK = 7_301_004


class UnitsImporter(Importer):
    """Units, leading groups, posts, persons and tenures from one sheet."""

    code = "units"
    title = _("Units, posts and persons")
    columns = COLUMNS

    def check(self, table: list[list[str]]) -> Preview:
        """Every error by row, column and reason, and what would be written if there were none."""
        plan, preview = self._read(table)
        if preview.errors:
            return preview
        preview.summary = Writer(plan).compare()
        return preview

    def apply(self, by: Any, table: list[list[str]]) -> Summary:
        """Write all of it. Raises ImportHasErrors; must be called inside a transaction."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        plan, preview = self._read(table)
        if preview.errors:
            raise ImportHasErrors
        summary = Writer(plan).write()
        if summary.writes:
            audit.record(by, "units.imported", data=summary.as_dict())
        return summary

    def _read(self, table: list[list[str]]) -> tuple[Plan, Preview]:
        chinese = (get_language() or "").startswith("zh")
        places, errors = match_headings(self.columns, table[0], chinese=chinese)
        if errors:
            return Plan(), Preview([], errors, Summary())
        rows = rows_of(table, places)
        plan = Reader(catalogues()).read(rows)
        errors = plan.errors + tree_errors(plan, parents_in_force()) + post_errors(plan)
        errors += overlap_errors(holders(plan)) + head_errors(plan)
        return plan, Preview(rows, sorted(errors), Summary())


def catalogues() -> Catalogues:
    """The reference catalogues as cells are read by them."""
    return Catalogues(_catalogue(UnitType), _catalogue(Sector), _catalogue(Rank), _catalogue(OfficialType))


def _catalogue(model: type[CatalogueEntry]) -> Catalogue:
    entries = list(model._default_manager.all())
    ids = {plain(word): e.pk for e in entries for word in (e.code, e.name_en, e.name_zh)}
    return Catalogue(ids, {e.pk: e.code for e in entries}, ", ".join(e.name for e in entries[:6]))


def parents_in_force() -> dict[str, str]:
    """The code of each unit's parent, "" at the top."""
    return {code: parent or "" for code, parent in Unit.objects.values_list("code", "parent__code")}


def post_errors(plan: Plan) -> list[RowError]:
    """A unit with two different posts of top leader."""
    titles: dict[str, tuple[str, str]] = {}
    errors = []
    for tenure in plan.tenures:
        if tenure.post.kind == PostKind.TOP_LEADER:
            found = titles.setdefault(tenure.post.unit, (tenure.post.title_en, tenure.post.title_zh))
            if found != (tenure.post.title_en, tenure.post.title_zh):
                reason = _("The unit has another post of top leader, %(title)s. There is one in a unit.")
                errors.append(RowError(tenure.row, heading("post_title_zh"), str(reason) % {"title": found[1]}))
    return errors


def post_identity(key: PostKey) -> tuple[str, ...]:
    """What makes two rows speak of one post."""
    return (key.unit, key.kind) if key.kind == PostKind.TOP_LEADER else tuple(key)


def holders(plan: Plan) -> dict[tuple[str, ...], list[Held]]:
    """Who holds each post named in the sheet: by the sheet, and by the portal where the sheet does not say."""
    names = {number: person.name_zh for number, person in plan.persons.items()}
    held: dict[tuple[str, ...], list[Held]] = defaultdict(list)
    said: set[tuple[Any, ...]] = set()
    for tenure in plan.tenures:
        identity = post_identity(tenure.post)
        said.add((*identity, tenure.employee_no, tenure.starts_on))
        held[identity].append(_held_by_sheet(tenure, names))
    stored = Tenure.objects.filter(post__unit__code__in={t.post.unit for t in plan.tenures}).select_related(
        "post__unit", "person"
    )
    for row in stored:
        post = row.post
        identity = post_identity(PostKey(post.unit.code, post.kind, post.title_en, post.title_zh))
        if identity in held and (*identity, row.person.employee_no, row.starts_on) not in said:
            held[identity].append(Held(0, row.person.name, row.starts_on, row.ends_on))
    return held


def _held_by_sheet(tenure: TenurePlan, names: dict[str, str]) -> Held:
    return Held(tenure.row, names.get(tenure.employee_no, tenure.employee_no), tenure.starts_on, tenure.ends_on)


def head_errors(plan: Plan) -> list[RowError]:
    """Heads of a group that the unit does not have, and two heads of one group."""
    existing = set(Unit.objects.filter(leading_group__isnull=False).values_list("code", flat=True))
    heads: dict[str, str] = {}
    errors = []
    for tenure in plan.tenures:
        unit = tenure.post.unit
        if not tenure.heads_group or (tenure.ends_on is not None and tenure.ends_on < clock.today()):
            continue
        if unit not in plan.groups and unit not in existing:
            reason = str(_("This unit has no leading group. Name the group in its column."))
            errors.append(RowError(tenure.row, heading("heads_group"), reason))
        elif heads.setdefault(unit, tenure.employee_no) != tenure.employee_no:
            reason = str(_("Another row makes somebody else the head of this group."))
            errors.append(RowError(tenure.row, heading("heads_group"), reason))
    return errors
