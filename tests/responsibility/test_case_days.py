"""Days of cases and of a successor's letter that are counted in working days follow a holiday notice."""

from datetime import date

from portal.obligations import services
from portal.obligations.models import Obligation
from portal.organisation import services as organisation
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from responsibility.accountability_rules import EXPLAIN_DAYS, OBJECT_DAYS
from responsibility.models import AccountabilityCase, CaseState, Letter
from responsibility.rules import SUCCESSOR_DAYS
from tests.responsibility.cases import HEARD, OPENED, RAISED, decided, run, silent
from tests.responsibility.letters import YEAR, ready
from tests.responsibility.reports import new_person
from tests.world import World


def rest(world: World, day: date, *, on: date, works: bool = False) -> None:
    with clock.frozen(on):
        services.set_day(world.user("coordinator"), day, is_workday=works, reason="Flood.")


def fresh(case: AccountabilityCase) -> AccountabilityCase:
    return AccountabilityCase.objects.get(pk=case.pk)


def test_the_time_to_explain_follows_a_day_that_is_set(world: World) -> None:
    case = silent(world)
    assert (case.explain_from, case.explain_until) == (OPENED, date(2026, 4, 22))
    rest(world, date(2026, 4, 21), on=date(2026, 4, 16))
    assert fresh(case).explain_until == date(2026, 4, 23) == load_calendar().add(OPENED, EXPLAIN_DAYS)


def test_a_day_after_it_moves_nothing(world: World) -> None:
    case = silent(world)
    rest(world, date(2026, 4, 23), on=date(2026, 4, 16))
    assert fresh(case).explain_until == date(2026, 4, 22)


def test_a_time_that_has_passed_stays_passed(world: World) -> None:
    case = silent(world)
    rest(world, date(2026, 4, 21), on=date(2026, 4, 23))
    assert fresh(case).explain_until == date(2026, 4, 22)


def test_a_time_that_would_have_ended_already_ends_today(world: World) -> None:
    case = silent(world)
    rest(world, date(2026, 4, 18), on=date(2026, 4, 22), works=True)
    assert fresh(case).explain_until == date(2026, 4, 22)


def test_the_time_for_an_objection_follows_too(world: World) -> None:
    case = silent(world)
    decided(world, case)
    before = fresh(case).object_until
    rest(world, date(2026, 4, 28), on=date(2026, 4, 27))
    after = fresh(case).object_until
    assert before is not None
    assert after == load_calendar().add(HEARD, OBJECT_DAYS) > before


def test_the_time_of_a_raised_case_is_counted_from_its_raising(world: World) -> None:
    case = silent(world)
    decided(world, case)
    run(RAISED)
    assert fresh(case).explain_from == RAISED
    rest(world, date(2026, 5, 7), on=date(2026, 4, 30))
    assert fresh(case).explain_until == load_calendar().add(RAISED, EXPLAIN_DAYS)


def test_a_closed_case_is_left_alone(world: World) -> None:
    case = silent(world)
    decided(world, case)
    AccountabilityCase.objects.filter(pk=case.pk).update(state=CaseState.CLOSED, closed_on=date(2026, 4, 27))
    before = fresh(case).object_until
    rest(world, date(2026, 4, 28), on=date(2026, 4, 27))
    assert fresh(case).object_until == before


def test_the_notice_of_a_year_moves_it_as_a_single_day_does(world: World) -> None:
    ready(world)
    duty = Obligation.objects.get(letter__unit=world.unit("B"))
    since = date(2026, 12, 30)
    case = AccountabilityCase.objects.create(
        year=2026, serial=1, unit=world.unit("B"), person=world.tenures["leader"].person, tenure=world.tenures["leader"],
        obligation=duty, opened_on=since, explain_from=since, explain_until=load_calendar().add(since, EXPLAIN_DAYS),
    )  # fmt: skip
    with clock.frozen(date(2026, 12, 31)):
        rests = {date(2027, 1, day): False for day in (1, 4, 5, 6)}
        services.enter_notice(world.user("coordinator"), 2027, reference="国办发明电〔2026〕7号", days=rests)
    assert fresh(case).explain_until == date(2027, 1, 12)


def test_the_day_by_which_a_successor_signs_follows(world: World) -> None:
    ready(world)
    tenure, since = world.tenures["leader"], date(2026, 4, 8)
    with clock.frozen(since):
        organisation.end_tenure(world.user("coordinator"), tenure.pk, ends_on=date(2026, 4, 7))
        person, _user = new_person("NEW")
        organisation.appoint(world.user("coordinator"), post=tenure.post, person=person, starts_on=since)
    letter = Letter.objects.live().get(unit=world.unit("B"), year=YEAR)
    before = letter.obligation.due_on
    rest(world, date(2026, 4, 15), on=since)
    after = Obligation.objects.get(pk=letter.obligation_id).due_on
    assert before == date(2026, 4, 22)
    assert after == load_calendar().add(since, SUCCESSOR_DAYS) == date(2026, 4, 23)
