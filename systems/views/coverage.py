"""Where systems are in force: by kind of unit, by unit, by power; blank areas; the trend."""

from calendar import monthrange
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef
from django.http import HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.accounts import kept, scopes
from portal.accounts.models import User
from portal.organisation.models import Unit, UnitType
from portal.web import export
from portal.web.i18n import is_chinese
from portal.web.paging import CappedPaginator
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from systems import areas, coverage, policies
from systems.coverage import ICONS, ORDER, WORDS, Category
from systems.models import BlankArea, CatalogueLevel
from systems.register_rules import Cell
from systems.views.base import RoomPage

PER_PAGE = 40
SHOWN_BLANKS = 5
VIEWS = (("kinds", _("By kind of unit")), ("units", _("By unit")), ("powers", _("By power")))
LEVELS = dict(CatalogueLevel.choices)


class Drawn(NamedTuple):
    """A cell as the page draws it: its state, a number, the address behind it, what is read out."""

    state: Cell
    number: str
    url: str
    text: str
    # The head of its column, which phones show beside it.
    label: str = ""

    @property
    def icon(self) -> str:
        """Its sign."""
        return ICONS[self.state]


class Row(NamedTuple):
    """A row of the table: its head with an address, its cells."""

    name: str
    url: str
    cells: list[Drawn]


class Block(NamedTuple):
    """Rows under a heading."""

    title: str
    rows: list[Row]


@dataclass(frozen=True)
class Choice:
    """What the address asks for."""

    view: str
    part: Unit | None
    type_code: str
    only_blank: bool
    page: str

    @classmethod
    def read(cls, user: User, given: Any) -> "Choice":
        """Out of an address; what makes no sense there is as if it were not given."""
        view = given.get("view", "")
        wanted = given.get("under", "").strip()[:40]
        seen = Unit.objects.filter(scopes.q(user, "path")).active()
        part = seen.filter(code=wanted).first() if wanted else None
        known = [code for code, _label in VIEWS]
        oversees = any(a.subtree for a in user.standing.assignments)
        default = known[0] if oversees else known[1]
        return cls(
            view if view in known else default,
            part,
            given.get("type", "")[:40],
            bool(given.get("blank")),
            given.get("page", "1")[:6],
        )


class CoveragePage(kept.KeptPage, RoomPage):
    """The coverage of the parts of the tree that a person sees."""

    kept_as = "coverage-page"

    template_name = "systems/coverage.html"
    title = _("Where systems are in force")

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or the units as a workbook."""
        self.chosen = Choice.read(request.user, request.GET)
        if request.GET.get("export") == "xlsx":
            return _workbook(request.user, self.chosen, coverage.categories(clock.today().year))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds blank areas, the table that was chosen, and the trend."""
        user, today, chosen = self.request.user, clock.today(), self.chosen
        known, path = coverage.categories(today.year), str(chosen.part.path) if chosen.part else ""
        scope = coverage.scope_of(user, path)
        counts = kept.until_deed(user, "coverage", (path,), lambda: dict(coverage.by_type(scope, today)))
        shown: dict[str, Any] = {}
        if chosen.view == "kinds":
            shown = {"blocks": _by_kind(counts, known, chosen), "heads": _kind_heads(counts, scope, user)}
        elif chosen.view == "units":
            shown = _by_unit(user, chosen, known, today)
        else:
            shown = {"areas": areas.by_type(scope)}
        return super().get_context_data(
            chosen=chosen,
            views=VIEWS,
            parts=_parts(user),
            types=UnitType.objects.all(),
            legend=[(state, ICONS[state], WORDS[state]) for state in ORDER if ICONS[state]],
            blanks=_blanks(user, path),
            trend=_trend(user, scope, counts, known) if chosen.view == "kinds" else None,
            lede=_lede(counts, known),
            **shown,
            **kwargs,
        )


def _lede(counts: coverage.Counts, known: Sequence[Category]) -> str:
    """How many places there are, and how many of them blank."""
    found = coverage.totals(counts)
    total, blank = sum(found.values()), found[Cell.MISSING] + found[Cell.DRAFT]
    text = ngettext(
        "%(systems)s required systems, %(total)s places, %(blank)s of them blank. A blank area is power without a rule; it has"
        " an owner and a day.",
        "%(systems)s required systems, %(total)s places, %(blank)s of them blank. A blank area is power without a rule; each has"
        " an owner and a day.",
        blank,
    )
    return text % {"systems": len(known), "total": total, "blank": blank}


def _parts(user: User) -> list[Unit]:
    below = Unit.objects.active().filter(parent=OuterRef("pk"))
    return list(Unit.objects.filter(scopes.q(user, "path"), Exists(below)).active().order_by("path")[:300])


class Blank(NamedTuple):
    """A blank area with how many working days it has been one."""

    area: BlankArea
    days: int


def _blanks(user: User, path: str) -> dict[str, Any]:
    """The oldest blank areas, and how many there are."""
    found = BlankArea.objects.visible_to(user).open()
    if path:
        found = found.filter(unit__path__descendants=path)
    calendar, today = load_calendar(), clock.today()
    rows = found.select_related("unit", "category", "power", "obligation").order_by("opened_on", "pk")[:SHOWN_BLANKS]
    return {
        "rows": [Blank(area, calendar.late(area.opened_on, today)) for area in rows],
        "count": found.count(),
    }


def _kind_heads(counts: coverage.Counts, scope: coverage.Scope, user: User) -> list[tuple[UnitType, int]]:
    """Types of unit and how many units of each are looked at."""
    seen = Unit.objects.filter(scopes.q(user, "path")).active()
    if scope.part:
        seen = seen.under(scope.part)
    numbers = dict(seen.order_by().values_list("type_id").annotate(n=Count("pk")))
    return [(kind, numbers.get(kind.pk, 0)) for kind in coverage.types_of(counts)]


def _by_kind(counts: coverage.Counts, known: Sequence[Category], chosen: Choice) -> list[Block]:
    """A row for each system, a column for each type of unit; the worst state and how many units are in it."""
    kinds = coverage.types_of(counts)
    under = chosen.part.code if chosen.part else ""
    blocks = []
    for level, group in groupby(known, key=lambda category: category.level):
        rows = []
        for category in group:
            cells = [_kind_cell(counts.get((kind.pk, category.pk), {}), kind, under) for kind in kinds]
            if not chosen.only_blank or any(cell.state in (Cell.MISSING, Cell.DRAFT) for cell in cells):
                rows.append(Row(category.name, f"/systems/catalogue/{category.code}/", cells))
        if rows:
            blocks.append(Block(str(LEVELS[level]), rows))
    return blocks


def _kind_cell(states: Any, kind: UnitType, under: str) -> Drawn:
    state, count = coverage.worst(states)
    if state in (Cell.IN_FORCE, Cell.NOT_REQUIRED):
        return Drawn(state, "", "", str(WORDS[state]), kind.name)
    url = f"/systems/?view=units&type={kind.code}&under={under}"
    return Drawn(state, str(count), url, f"{WORDS[state]}: {count}", kind.name)


def _units(user: User, chosen: Choice) -> Any:
    units = Unit.objects.filter(scopes.q(user, "path")).active()
    if chosen.part:
        units = units.under(str(chosen.part.path))
    if chosen.type_code:
        units = units.filter(type__code=chosen.type_code)
    if chosen.only_blank:
        units = units.filter(blank_areas__closed_on__isnull=True, blank_areas__isnull=False).distinct()
    suffix = "zh" if is_chinese() else "en"
    return units.order_by("path").values_list("pk", "code", f"name_{suffix}", "type_id")


def _by_unit(user: User, chosen: Choice, known: Sequence[Category], today: date) -> dict[str, Any]:
    """A page of units with a cell for each system."""
    page = CappedPaginator(_units(user, chosen), PER_PAGE).get_page(chosen.page)
    return {
        "columns": known,
        "rows": list(_unit_rows(list(page.object_list), known, today, _written_for(user))),
        "page": page,
    }


def _written_for(user: User) -> set[str]:
    """The units for which a person adopts systems: there an empty cell leads to it, elsewhere to the unit's page."""
    return set(Unit.objects.filter(scopes.q(user, "path", policies.WRITERS)).values_list("code", flat=True))


def _unit_rows(
    units: Sequence[Any], known: Sequence[Category], today: date, writes: Collection[str] = ()
) -> Iterator[Row]:
    there = coverage.of_units([unit[0] for unit in units], today)
    words = {state: str(word) for state, word in WORDS.items()}
    for pk, code, name, type_id in units:
        cells = []
        for category in known:
            state, system_id = coverage.cell(there, pk, type_id, category)
            if state == Cell.MISSING:
                url = f"/systems/units/{code}/" + (f"adopt/{category.code}/" if code in writes else "")
            else:
                url = f"/systems/{system_id}/" if system_id else ""
            cells.append(Drawn(state, "", url, words[state]))
        yield Row(name, f"/systems/units/{code}/", cells)


def _trend(
    user: User, scope: coverage.Scope, counts: coverage.Counts, known: Sequence[Category]
) -> dict[str, Any] | None:
    """The shares at the end of each month of the year, and at the end of the years before."""
    today = clock.today()
    days = [date(today.year - back, 12, 31) for back in (3, 2, 1)]
    days += [date(today.year, month, monthrange(today.year, month)[1]) for month in range(1, today.month)] + [today]
    if not counts:
        return None
    points = kept.a_minute(user, "coverage-trend", (scope.part,), lambda: coverage.trend(scope, days, counts, known))
    levels = [level for level in CatalogueLevel.values if level in points[-1].shares]
    return {
        "points": points,
        "levels": [(level, LEVELS[level]) for level in levels],
        "finding": _finding(points, levels),
    }


def _finding(points: Sequence[coverage.Point], levels: Sequence[str]) -> str:
    """The title of the chart: where it moved most since the end of last year."""
    first, last = points[2], points[-1]
    moved = max(levels, key=lambda level: abs(last.shares[level] - first.shares[level]), default=None)
    if moved is None:
        return ""
    values = {"level": LEVELS[moved], "now": f"{last.shares[moved]:g}", "then": f"{first.shares[moved]:g}"}
    return _t("%(level)s: %(now)s percent in force, %(then)s at the end of last year") % values


def _workbook(user: User, chosen: Choice, known: Sequence[Category]) -> HttpResponse:
    rows = _export(user, chosen, known)
    answer = HttpResponse(export.as_xlsx(rows), content_type=export.XLSX)
    answer["Content-Disposition"] = 'attachment; filename="coverage.xlsx"'
    return answer


def _export(user: User, chosen: Choice, known: Sequence[Category]) -> Iterator[list[str]]:
    """All units that the filters leave, a thousand at a time."""
    yield [_t("Code"), _t("Unit"), *(category.name for category in known)]
    units = list(_units(user, chosen))
    for start in range(0, len(units), 1000):
        part = units[start : start + 1000]
        for unit, row in zip(part, _unit_rows(part, known, clock.today()), strict=True):
            yield [unit[1], row.name, *(cell.text for cell in row.cells)]
