"""Powers, what watches over them, joint supervision, the catalogue."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from portal.obligations.choices import State
from portal.obligations.models import Obligation
from portal.web.errors import NotAllowed
from portal.workdays import clock
from systems import coverage, errors, measures
from systems.models import BlankArea, JointShare, MeasureKind, Power, Requirement
from systems.power_rules import Grade, grade
from systems.register_rules import Cell, add_months, cell_of
from systems.services import catalogue, daily, force, joint, powers
from systems.services.catalogue import Demand
from tests.systems import things
from tests.world import World


@given(st.integers(1, 5), st.integers(1, 5))
def test_a_greater_risk_is_never_of_a_lower_grade(likelihood: int, impact: int) -> None:
    """Grades rise with likelihood and impact."""
    here = grade(likelihood, impact)
    if likelihood < 5:
        assert grade(likelihood + 1, impact).value >= here.value
    assert here in Grade and here.value <= likelihood * impact


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 120))
def test_months_later_is_the_same_day_or_the_last_of_the_month(day: date, months: int) -> None:
    """Never in the month after."""
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or later.day < day.day


@given(st.booleans(), st.booleans(), st.booleans(), st.dates(date(2025, 1, 1), date(2027, 1, 1)))
def test_a_cell_is_blank_only_where_required(required: bool, there: bool, in_force: bool, due: date) -> None:
    """What is in force is never blank, what nobody requires neither."""
    cell = cell_of(required=required, there=there, in_force=in_force, review_due_on=due, today=date(2026, 3, 2))
    assert (cell in (Cell.MISSING, Cell.DRAFT)) == (required and not in_force)


def test_a_power_without_an_effective_measure_is_a_blank_area(world: World) -> None:
    """Until somebody else than the holder watches; the system of a measure must be in force."""
    made = things.power(world)
    by = world.user("leader")
    blank = BlankArea.objects.open().get(power=made)
    with pytest.raises(errors.HolderSupervises), transaction.atomic():
        powers.supervise(by, made.pk, kind=MeasureKind.AUDIT, text="I look", supervisor=made.holder)
    with pytest.raises(errors.SupervisorMissing), transaction.atomic():
        powers.supervise(by, made.pk, kind=MeasureKind.AUDIT, text="Somebody looks")
    draft = things.draft(world, "financial_management")
    liaison = things.post(world, kind="liaison")
    powers.supervise(by, made.pk, kind=MeasureKind.SYSTEM, system=draft, supervisor=liaison)
    blank.refresh_from_db()
    assert blank.closed_on is None
    things.issue(world, draft)
    blank.refresh_from_db()
    assert blank.closed_on == clock.today()
    draft.refresh_from_db()
    force.repeal(by, draft.pk, expected_version=draft.version, reason="Old")
    assert BlankArea.objects.open().filter(power=made).exists()


def test_a_given_up_power_is_owed_nothing(world: World) -> None:
    """Its blank area ends, undone and not late."""
    made = things.power(world)
    duty = BlankArea.objects.open().get(power=made).obligation
    powers.give_up(world.user("leader"), made.pk, expected_version=0, reason="Moved to the service hall")
    duty.refresh_from_db()
    assert duty.state == State.CANCELLED
    with pytest.raises(errors.PowerEnded), transaction.atomic():
        powers.give_up(world.user("leader"), made.pk, expected_version=1, reason="Again")


def test_the_list_is_reviewed_once_a_year(world: World) -> None:
    """A duty from October on, for units that have powers."""
    things.supervised(world)
    assert daily.open_power_reviews() == 0
    with clock.frozen(date(2026, 10, 9)):
        assert daily.open_power_reviews() == 1
        assert daily.open_power_reviews() == 0
        duty = Obligation.objects.get(kind=daily.POWERS_DUTY)
        review = duty.power_review
        powers.review(world.user("leader"), review.pk, remarks="Nothing new")
        with pytest.raises(errors.ReviewedAlready), transaction.atomic():
            powers.review(world.user("leader"), review.pk, remarks="Twice")
    duty.refresh_from_db()
    assert duty.state == State.DISCHARGED
    assert Power.objects.get().reviewed_on == date(2026, 10, 9)


def test_a_joint_duty_is_done_with_its_last_part(world: World) -> None:
    """Until then everybody owes."""
    duty = things.joint_duty(world, things.group(world))
    first, second = JointShare.objects.order_by("unit__path")
    joint.confirm(world.user("town_head"), first.pk, expected_version=0, statement="Books opened")
    first.obligation.refresh_from_db()
    assert first.obligation.state == State.OPEN
    with pytest.raises(errors.ConfirmedAlready), transaction.atomic():
        joint.confirm(world.user("town_head"), first.pk, expected_version=1, statement="Again")
    with pytest.raises(NotAllowed), transaction.atomic():
        joint.confirm(world.user("leader"), second.pk, expected_version=0, statement="Not mine")
    joint.confirm(world.user("village_leader"), second.pk, expected_version=0, statement="Vouchers handed in")
    duty.refresh_from_db()
    assert duty.done_on == clock.today()
    assert set(Obligation.objects.filter(kind=joint.DUTY).values_list("state", flat=True)) == {State.DISCHARGED}


def test_units_of_others_are_not_bound(world: World) -> None:
    """A unit cannot stand on both sides, nor alone."""
    words = {"name_en": "x", "name_zh": "x", "category": things.category("joint_supervision"), "basis": "b"}
    by, town = world.user("coordinator"), world.unit("T")
    with pytest.raises(errors.MemberTwice), transaction.atomic():
        joint.bind(by, supervisors=[(town, "")], supervised=[(town, "")], **words)
    with pytest.raises(errors.TooFewMembers), transaction.atomic():
        joint.bind(by, supervisors=[(town, "")], supervised=[], **words)


def _demand(**given: object) -> Demand:
    return Demand(**({"year": 2026, "types": (), "purpose_en": "p", "purpose_zh": "目的"} | given))  # type: ignore[arg-type]


def test_a_required_category_is_not_repealed(world: World) -> None:
    """First it is required of nobody, then it goes; what units have stays."""
    by, system = world.user("coordinator"), things.category("logistics")
    kept = things.in_force(world, "logistics")
    with pytest.raises(errors.StillRequired), transaction.atomic():
        catalogue.repeal(by, system.pk, expected_number=1, year=2026, reason="Merged")
    catalogue.new_version(by, system.pk, expected_number=1, demand=_demand())
    catalogue.repeal(by, system.pk, expected_number=2, year=2026, reason="Merged")
    assert "logistics" not in [category.code for category in coverage.categories(2026)]
    kept.refresh_from_db()
    assert kept.is_in_force
    with pytest.raises(errors.AlreadyRepealed), transaction.atomic():
        catalogue.repeal(by, system.pk, expected_number=3, year=2026, reason="Again")


def test_versions_of_the_catalogue_stay(world: World) -> None:
    """A past year cannot be written, a version not changed; a later year does not rule this one."""
    by, system = world.user("coordinator"), things.category("logistics")
    with pytest.raises((errors.YearPast, errors.YearBeforePredecessor)), transaction.atomic():
        catalogue.new_version(by, system.pk, expected_number=1, demand=_demand(year=2025))
    catalogue.new_version(by, system.pk, expected_number=1, demand=_demand(year=2027, review_months=6))
    assert Requirement.objects.in_force(2026).get(system=system).review_months == 24
    assert Requirement.objects.in_force(2027).get(system=system).review_months == 6
    with pytest.raises(DatabaseError), transaction.atomic():
        Requirement.objects.filter(system=system).update(review_months=1)
    with pytest.raises(errors.CodeTaken), transaction.atomic():
        catalogue.add_system(by, code="logistics", level="internal", name_en="x", name_zh="x", demand=_demand())


def test_measures_count_what_is_there(world: World) -> None:
    """Coverage, powers, rectification, village accounts; units without any are left out."""
    things.in_force(world)
    things.supervised(world)
    things.power(world)
    things.in_force(world, "village_accounts", "V")
    today, ids = clock.today(), [world.unit(code).pk for code in ("B", "T", "V")]
    rates = measures.coverage_rate(ids, today)
    assert rates[world.unit("B").pk] == pytest.approx(100 / 18)
    assert measures.power_coverage_rate(ids) == {world.unit("B").pk: 50.0}
    assert measures.village_accounts_rate(ids, today) == {world.unit("T").pk: 100.0}
    late = today + timedelta(days=800)
    assert measures.village_accounts_rate(ids, late) == {world.unit("T").pk: 0.0}


def test_the_page_of_units_costs_the_same_for_any_number(world: World) -> None:
    """Coverage by unit and by kind."""
    from tests.queries import count_queries

    client = world.client("coordinator")
    before = [count_queries(client, url) for url in ("/systems/?view=units", "/systems/", "/systems/?view=powers")]
    for code in ("financial_management", "decision_making", "work_rules"):
        for unit in ("B", "O", "T", "V"):
            things.in_force(world, code, unit)
    daily.run()
    after = [count_queries(client, url) for url in ("/systems/?view=units", "/systems/", "/systems/?view=powers")]
    # The frame's figures (blank areas, inbox) may add what was empty before; never a query for a row.
    assert all(b <= a + 3 for a, b in zip(before, after, strict=True))
