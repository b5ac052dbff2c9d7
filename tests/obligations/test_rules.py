"""How the clock reads a ladder, on plain values."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.obligations.choices import FORMAL, Action
from portal.obligations.rules import (
    Extension,
    Facts,
    Holder,
    Ladder,
    RungFact,
    Suspension,
    Verdict,
    assess,
    due_in_force,
)
from portal.workdays.rules import Calendar

FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)
CALENDAR = Calendar(
    FIRST,
    LAST,
    tuple(d for n in range((LAST - FIRST).days + 1) if (d := FIRST + timedelta(days=n)).weekday() < 5),
)
RUNGS = [
    RungFact(1, 1, -10, Action.REMIND),
    RungFact(2, 2, -3, Action.REMIND),
    RungFact(3, 3, 0, Action.REMIND),
    RungFact(4, 4, 1, Action.OVERDUE_NOTICE),
    RungFact(5, 5, 5, Action.SUPERVISION_NOTICE),
    RungFact(6, 6, 10, Action.OPEN_ACCOUNTABILITY),
    RungFact(7, 7, 20, Action.RAISE_LEVEL),
]
LADDER = Ladder(RUNGS, CALENDAR)
OPENED, DUE = date(2026, 3, 2), date(2026, 4, 15)  # a Monday, a Wednesday
WANG = Holder(11, date(2024, 1, 1), None)


def facts(**changes: object) -> Facts:
    values: dict[str, object] = {"opened_on": OPENED, "original_due_on": DUE, "holders": (WANG,)} | changes
    return Facts(**values)  # type: ignore[arg-type]


def taken(verdict: Verdict) -> list[int]:
    return [rung.id for rung in verdict.take]


def test_nothing_is_done_before_the_first_rung() -> None:
    verdict = assess(facts(), LADDER, OPENED)
    assert taken(verdict) == []
    assert verdict.next_on == date(2026, 4, 1)


def test_the_first_reminder_comes_ten_working_days_before() -> None:
    assert taken(assess(facts(), LADDER, date(2026, 4, 1))) == [1]


def test_a_rung_taken_once_is_never_taken_again_even_when_the_due_day_moves() -> None:
    moved = facts(
        taken=frozenset({1, 2}), extensions=(Extension(date(2026, 4, 10), date(2026, 4, 13), date(2026, 5, 15)),)
    )
    assert taken(assess(moved, LADDER, date(2026, 5, 14))) == []


def test_reminders_reached_together_collapse_into_the_newest() -> None:
    verdict = assess(facts(), LADDER, DUE)
    assert taken(verdict) == [3]
    assert [rung.id for rung in verdict.settled] == [1, 2]


def test_formal_rungs_reached_together_are_all_taken_in_order_beside_the_newest_reminder() -> None:
    assert taken(assess(facts(), LADDER, date(2026, 6, 30))) == [3, 4, 5, 6, 7]


def test_a_due_day_on_a_rest_day_stays_and_the_overdue_notice_follows_on_the_first_working_day() -> None:
    saturday = facts(original_due_on=date(2026, 4, 18), taken=frozenset({1, 2}))
    assert taken(assess(saturday, LADDER, date(2026, 4, 18))) == [3]
    assert taken(assess(saturday, LADDER, date(2026, 4, 20))) == [3, 4]


class TestSuspension:
    HALT = Suspension(date(2026, 4, 8), date(2026, 4, 22))

    def test_nothing_is_done_while_it_lasts(self) -> None:
        verdict = assess(facts(suspensions=(self.HALT,)), LADDER, date(2026, 4, 21))
        assert taken(verdict) == []
        assert verdict.next_on == date(2026, 4, 22)
        assert verdict.suspended_since == date(2026, 4, 8)

    def test_at_its_end_the_due_day_moves_by_the_working_days_it_lasted(self) -> None:
        verdict = assess(facts(suspensions=(self.HALT,)), LADDER, date(2026, 4, 22))
        assert verdict.due_on == date(2026, 4, 29)

    def test_overlapping_days_are_counted_once(self) -> None:
        second = Suspension(date(2026, 4, 15), date(2026, 4, 24))
        assert due_in_force(facts(suspensions=(self.HALT, second)), date(2026, 5, 1), CALENDAR) == date(2026, 5, 1)

    def test_one_without_an_end_leaves_the_clock_nothing_to_wait_for(self) -> None:
        verdict = assess(facts(suspensions=(Suspension(date(2026, 4, 8), None),)), LADDER, date(2026, 12, 1))
        assert verdict.stands_still
        assert verdict.next_on is None


class TestExtension:
    def test_asked_for_before_the_due_day_it_counts_from_the_day_of_the_decision(self) -> None:
        extended = facts(extensions=(Extension(date(2026, 4, 14), date(2026, 4, 16), date(2026, 5, 6)),))
        assert due_in_force(extended, date(2026, 4, 15), CALENDAR) == DUE
        assert due_in_force(extended, date(2026, 4, 16), CALENDAR) == date(2026, 5, 6)

    def test_asked_for_on_the_due_day_it_does_not_count(self) -> None:
        late = facts(extensions=(Extension(DUE, date(2026, 4, 16), date(2026, 5, 6)),))
        assert due_in_force(late, date(2026, 5, 1), CALENDAR) == DUE

    def test_a_second_one_is_measured_by_the_due_day_that_the_first_gave(self) -> None:
        first = Extension(date(2026, 4, 10), date(2026, 4, 13), date(2026, 5, 6))
        second = Extension(date(2026, 5, 5), date(2026, 5, 5), date(2026, 5, 20))
        assert due_in_force(facts(extensions=(first, second)), date(2026, 5, 5), CALENDAR) == date(2026, 5, 20)


class TestHolders:
    def test_a_vacancy_before_the_due_day_stops_the_climb(self) -> None:
        gone = facts(holders=(Holder(11, date(2024, 1, 1), date(2026, 4, 3)),))
        verdict = assess(gone, LADDER, date(2026, 5, 20))
        assert taken(verdict) == []
        assert verdict.vacant_since == date(2026, 4, 4)
        assert verdict.tenure_id is None

    def test_the_successor_has_at_least_ten_working_days(self) -> None:
        holders = (Holder(11, date(2024, 1, 1), date(2026, 4, 3)), Holder(12, date(2026, 4, 20), None))
        verdict = assess(facts(holders=holders), LADDER, date(2026, 4, 20))
        assert verdict.due_on == date(2026, 5, 4)
        assert verdict.tenure_id == 12

    def test_a_successor_with_time_enough_keeps_the_old_due_day(self) -> None:
        holders = (Holder(11, date(2024, 1, 1), date(2026, 3, 6)), Holder(12, date(2026, 3, 9), None))
        assert assess(facts(holders=holders), LADDER, date(2026, 3, 9)).due_on == DUE

    def test_a_predecessor_in_office_on_the_due_day_answers_and_formal_rungs_go_on(self) -> None:
        gone = facts(holders=(Holder(11, date(2024, 1, 1), date(2026, 4, 17)),), taken=frozenset({1, 2, 3, 4}))
        verdict = assess(gone, LADDER, date(2026, 4, 22))
        assert taken(verdict) == [5]
        assert verdict.tenure_id == 11
        assert verdict.vacant_since == date(2026, 4, 18)
        assert not verdict.stands_still

    def test_whoever_was_in_office_on_the_due_day_answers_though_another_follows_without_a_gap(self) -> None:
        holders = (Holder(11, date(2024, 1, 1), date(2026, 4, 17)), Holder(12, date(2026, 4, 18), None))
        verdict = assess(facts(holders=holders, taken=frozenset({1, 2, 3, 4, 5})), LADDER, date(2026, 4, 29))
        assert taken(verdict) == [6]
        assert verdict.tenure_id == 11

    def test_the_clock_looks_again_when_a_tenure_is_going_to_end(self) -> None:
        ending = facts(holders=(Holder(11, date(2024, 1, 1), date(2026, 3, 20)),))
        assert assess(ending, LADDER, OPENED).next_on == date(2026, 3, 21)


@st.composite
def histories(draw: st.DrawFn) -> Facts:
    """A duty with any mix of suspensions, extensions and changes of holder."""
    day = st.dates(date(2026, 3, 2), date(2026, 7, 31))
    due = draw(st.dates(date(2026, 3, 16), date(2026, 6, 30)))
    suspensions = []
    for _n in range(draw(st.integers(0, 2))):
        a = draw(day)
        suspensions.append(Suspension(a, a + timedelta(days=draw(st.integers(0, 30)))))
    extensions = []
    for _n in range(draw(st.integers(0, 2))):
        asked = draw(day)
        extensions.append(
            Extension(asked, asked + timedelta(days=draw(st.integers(0, 5))), draw(day) + timedelta(days=20))
        )
    holders = [Holder(1, date(2024, 1, 1), None)]
    if draw(st.booleans()):
        end = draw(day)
        holders = [Holder(1, date(2024, 1, 1), end), Holder(2, end + timedelta(days=draw(st.integers(1, 40))), None)]
    extensions.sort(key=lambda e: e.decided_on)
    return Facts(OPENED, due, tuple(extensions), tuple(suspensions), tuple(holders))


def run_over(known: Facts, days: list[date]) -> dict[int, date]:
    """The day each rung was taken or settled, when the clock runs on `days`."""
    done: dict[int, date] = {}
    for on in days:
        verdict = assess(
            Facts(
                known.opened_on,
                known.original_due_on,
                known.extensions,
                known.suspensions,
                known.holders,
                frozenset(done),
            ),
            LADDER,
            on,
        )
        for rung in verdict.take + verdict.settled:
            assert rung.id not in done
            done[rung.id] = on
    return done


EVERY_DAY = [date(2026, 3, 2) + timedelta(days=n) for n in range(400)]


@given(histories())
def test_looking_only_when_the_verdict_says_so_does_what_looking_every_day_does(known: Facts) -> None:
    done: dict[int, date] = {}
    on: date | None = EVERY_DAY[0]
    while on is not None and on <= EVERY_DAY[-1]:
        now = Facts(
            known.opened_on, known.original_due_on, known.extensions, known.suspensions, known.holders, frozenset(done)
        )
        verdict = assess(now, LADDER, on)
        done |= {rung.id: on for rung in verdict.take + verdict.settled}
        assert verdict.next_on is None or verdict.next_on > on
        on = min((day for day in (verdict.next_on, *changes_of_due(known, on)) if day is not None), default=None)
    assert done == run_over(known, EVERY_DAY)


def changes_of_due(known: Facts, after: date) -> list[date]:
    """Days of decisions: the service that records one derives the next look anew."""
    return [e.decided_on for e in known.extensions if e.decided_on > after]


@given(histories(), st.lists(st.sampled_from(EVERY_DAY), max_size=12))
def test_after_any_downtime_every_rung_is_done_once_and_formal_ones_are_never_skipped(
    known: Facts, ran_on: list[date]
) -> None:
    done = run_over(known, [*sorted(ran_on), EVERY_DAY[-1]])
    assert set(done) == {rung.id for rung in RUNGS}


@given(histories(), st.sampled_from(EVERY_DAY))
def test_only_the_newest_reminder_is_sent(known: Facts, on: date) -> None:
    verdict = assess(known, LADDER, on)
    assert sum(rung.action not in FORMAL for rung in verdict.take) <= 1


@pytest.mark.parametrize("on", [date(2026, 4, 16), date(2026, 9, 1)])
def test_a_vacancy_of_a_post_never_filled_counts_from_the_opening(on: date) -> None:
    verdict = assess(facts(holders=()), LADDER, on)
    assert verdict.vacant_since == OPENED
    assert taken(verdict) == []
