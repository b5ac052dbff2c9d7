"""Rules of letters on plain values."""

from datetime import date, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.workdays.rules import Calendar
from responsibility.canonical import canonical, fragments, sha256_of, sha256_of_fragments
from responsibility.rules import (
    SUCCESSOR_DAYS,
    chinese_number,
    due_in,
    roman_number,
    same_name,
    successor_signing_day,
    targets_of,
    weights_of,
    wrong_weights,
)


class Row(NamedTuple):
    """A target on plain values."""

    code: str
    unit_type_id: int | None
    weight: int


FIRST, LAST = date(2025, 1, 1), date(2027, 12, 31)
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
CALENDAR = Calendar(FIRST, LAST, tuple(day for day in DAYS if day.weekday() < 5))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@pytest.mark.parametrize("typed", ["Xu Zhixin", "xu zhixin", " XU  ZHIXIN ", "许志新", "许 志新"])
def test_a_name_is_known_however_it_is_spaced(typed: str) -> None:
    """Spaces and capitals do not count, and either language will do."""
    assert same_name(typed, "Xu Zhixin", "许志新")


@pytest.mark.parametrize("typed", ["", " ", "许志", "Zhixin Xu"])
def test_another_name_is_not(typed: str) -> None:
    """Nor an empty one, though the person had no name in that language."""
    assert not same_name(typed, "Xu Zhixin", "")


rows = st.builds(Row, st.sampled_from("abcd"), st.sampled_from([None, 1, 2]), st.integers(1, 100))


@given(st.lists(rows, max_size=8, unique_by=lambda row: (row.code, row.unit_type_id)), st.sampled_from([None, 1, 2, 3]))
def test_a_types_target_stands_in_place_of_the_common_one(targets: list[Row], kind: int | None) -> None:
    """Each code once, in the order of the version; another type's targets are nobody else's."""
    found = targets_of(targets, kind)
    assert len({row.code for row in found}) == len(found)
    assert {row.unit_type_id for row in found} <= {None, kind}
    assert {row.code for row in targets if row.unit_type_id in (None, kind)} == {row.code for row in found}
    assert found == [row for row in targets if row in found]


def test_the_weights_of_each_type_are_summed_apart() -> None:
    """A version fits when each letter weighs 100; the others are named with their sum."""
    targets = [Row("plan", None, 40), Row("systems", None, 60), Row("systems", 1, 50), Row("accounts", 1, 15)]
    assert weights_of(targets) == {None: 100, 1: 105}
    assert wrong_weights(targets) == {1: 105}
    assert wrong_weights([]) == {None: 0}


@given(st.dates(FIRST, date(2027, 11, 1)), st.none() | st.dates(FIRST, LAST - timedelta(days=1)))
def test_a_successor_has_ten_working_days_and_never_less_than_the_others(since: date, common: date | None) -> None:
    """Counted after the day of taking office."""
    day = successor_signing_day(CALENDAR, since=since, signing_due_on=common)
    due_on = day.due_on
    assert CALENDAR.between(since + timedelta(days=1), due_on + timedelta(days=1)) >= SUCCESSOR_DAYS
    assert common is None or due_on >= common
    counted = (None, None) if due_on == common else (since, SUCCESSOR_DAYS)
    assert (day.anchor_on, day.anchor_days) == counted


@given(st.integers(2020, 2100), st.integers(1, 12), st.integers(1, 31))
def test_a_due_day_is_in_its_month(year: int, month: int, day: int) -> None:
    """A month that is too short gives its last day."""
    found = due_in(year, month, day)
    assert (found.year, found.month) == (year, month)
    assert found.day == day or (found + timedelta(days=1)).month != month


def test_numbers_of_parts_and_clauses() -> None:
    """As documents in each language write them."""
    assert [chinese_number(n) for n in (1, 10, 11, 20, 35)] == ["一", "十", "十一", "二十", "三十五"]
    assert [roman_number(n) for n in (1, 4, 5, 9, 14)] == ["I", "IV", "V", "IX", "XIV"]


@given(st.dictionaries(st.text(), json_values))
def test_the_fingerprint_does_not_depend_on_the_order_of_keys(content: dict[str, object]) -> None:
    """The same words give the same bytes; other words others."""
    turned = dict(reversed(list(content.items())))
    assert canonical(turned) == canonical(content)
    assert sha256_of(content | {"x": 1}) != sha256_of(content | {"x": 2})


@given(st.dictionaries(st.from_regex(r"[a-z_]+", fullmatch=True), json_values))
def test_a_fingerprint_put_together_from_fragments_is_the_same(content: dict[str, object]) -> None:
    """However much of the content is shared with others."""
    assert sha256_of_fragments(fragments(content)) == sha256_of(content)
