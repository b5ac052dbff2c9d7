"""What a row about a person means: pure decisions on plain values."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from portal.organisation.wording import period


class Draft(NamedTuple):
    """A row as it was read. An empty text says nothing: what the portal has stays."""

    employee_no: str
    name_en: str = ""
    name_zh: str = ""
    phone: str = ""
    email: str = ""
    rank_id: int | None = None
    official_type_id: int | None = None
    unit_id: int | None = None
    title_en: str = ""
    title_zh: str = ""
    since: date | None = None
    until: date | None = None


class Stay(NamedTuple):
    """A time on the staff of a unit; `ends_on` is the last day."""

    unit_id: int
    unit: str
    title_en: str
    title_zh: str
    starts_on: date
    ends_on: date | None


class Known(NamedTuple):
    """What the portal has of a person: values by name, times of employment in order, and the office still held."""

    values: dict[str, object]
    stays: Sequence[Stay] = ()
    office: str = ""


class Wrong(Exception):
    """What is wrong with a row: the column, and the reason as a sentence."""

    def __init__(self, column: str, reason: str) -> None:
        self.column = column
        self.reason = reason
        super().__init__(reason)


PERSONAL = ("name_en", "name_zh", "phone", "email", "rank_id", "official_type_id")


def effects(draft: Draft, known: Known | None) -> tuple[str, ...]:
    """The words for what a row does: new or changed; joined, moved, left or corrected. Raises Wrong."""
    stays = known.stays if known else ()
    return (*_person(draft, known), *_service(draft, stays, known.office if known else ""))


def _person(draft: Draft, known: Known | None) -> Iterator[str]:
    if known is None:
        if not draft.name_zh:
            raise Wrong("person_name_zh", _("This person is new here: give the name."))
        if draft.unit_id is None:
            raise Wrong("unit_code", _("This person is new here: give the unit, and since when."))
        yield "new"
    elif any(getattr(draft, name) not in ("", None, known.values[name]) for name in PERSONAL):
        yield "changed"


def _service(draft: Draft, stays: Sequence[Stay], office: str) -> Iterator[str]:
    if draft.unit_id is not None:
        if draft.since is None:
            raise Wrong("since", _("Since when does the person work there? Fill in the day."))
        yield from _arrival(draft, draft.since, stays)
    elif draft.since is not None:
        raise Wrong("unit_code", _("Where does the person work since that day? Fill in the unit."))
    elif draft.until is not None:
        yield from _leaving(draft.until, stays, office)


def _arrival(draft: Draft, since: date, stays: Sequence[Stay]) -> Iterator[str]:
    """The person works at a unit since a day: there already, from elsewhere, or newly."""
    if draft.until is not None and draft.until < since:
        raise Wrong("until", _("The last day lies before the first one."))
    same = next((s for s in stays if s.unit_id == draft.unit_id and s.starts_on == since), None)
    others = [s for s in stays if s is not same and _meets(s, since, draft.until or (same.ends_on if same else None))]
    later = next((s for s in others if s.starts_on >= since or same is not None), None)
    if later is not None:
        reason = _("The person works at %(unit)s %(period)s. The new time must begin after that has begun.")
        raise Wrong("since", reason % {"unit": later.unit, "period": period(later.starts_on, later.ends_on)})
    if same is None:
        yield "moved" if others else "joined"
    elif _corrects(draft, same):
        yield "corrected"


def _meets(stay: Stay, starts_on: date, ends_on: date | None) -> bool:
    return (stay.ends_on is None or stay.ends_on >= starts_on) and (ends_on is None or stay.starts_on <= ends_on)


def _corrects(draft: Draft, stay: Stay) -> bool:
    said = ((draft.title_en, stay.title_en), (draft.title_zh, stay.title_zh), (draft.until, stay.ends_on))
    return any(new not in ("", None, old) for new, old in said)


def _leaving(until: date, stays: Sequence[Stay], office: str) -> Iterator[str]:
    """The person leaves: the time that lies over the day ends on it."""
    there = next((s for s in stays if s.starts_on <= until and (s.ends_on is None or s.ends_on >= until)), None)
    if there is None:
        raise Wrong("until", _("The person is on the staff of no unit on that day, so there is nothing to end."))
    if office:
        reason = _("The person holds the post of %(office)s. Hand it over on the unit's page first.")
        raise Wrong("until", reason % {"office": office})
    if there.ends_on != until:
        yield "left"
