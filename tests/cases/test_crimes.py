"""Duty-crime cases: filed by the law of the day, kept within limits, checked by a second officer, joined, split, major."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from cases import signals
from cases.errors import (
    ArticleUsed,
    CaseNotOpen,
    CheckedByOwnOfficer,
    DaysInWrongOrder,
    JoinWithItself,
    NoLawThen,
    NotChecked,
    NotEffective,
    NothingToSplit,
    NotReached,
    NumberTaken,
    OutOfOrder,
    ReasonMissing,
    UnitNotThen,
)
from cases.models import CaseState, CrimeCase, Major, OffenceVersion, QualityCheck, Stage
from cases.services import clues, crime
from cases.services.clues.receiving import Told
from portal.audit.models import Entry
from portal.notices.models import Notice
from portal.obligations.choices import State
from portal.obligations.models import Obligation
from portal.web.errors import Conflict, NotAllowed, PortalError
from portal.workdays import clock
from tests.cases.crimes import GOOD, accused, deed, filed, second_officer
from tests.world import World


def duty(case: CrimeCase) -> Obligation | None:
    return CrimeCase.objects.select_related("obligation").get(pk=case.pk).obligation


def reach(world: World, case: CrimeCase, stage: str, on: date) -> CrimeCase:
    return crime.reach(world.user("coordinator"), case.pk, stage=stage, on=on)


# --- Filing -------------------------------------------------------------------------------------------------------------


def test_the_text_of_the_law_on_the_last_day_of_the_act_applies_and_stays(world: World) -> None:
    old = OffenceVersion.objects.get(offence__code="CL385")
    old.in_force_until = date(2025, 6, 29)
    old.save()
    new = old.offence.versions.create(in_force_from=date(2025, 6, 30), relatively_large=60_000, source="new")
    case = filed(world)
    assert case.charges.get().law == new
    earlier = filed(world, "2", deeds=[deed(days=(date(2024, 1, 1), date(2025, 6, 29)))])
    assert earlier.charges.get().law == old


def test_an_act_before_every_known_text_is_refused(world: World) -> None:
    with pytest.raises(NoLawThen):
        filed(world, deeds=[deed(days=(date(2010, 1, 1), date(2011, 1, 1)))])
    assert not CrimeCase.objects.exists()


def test_a_unit_that_was_gone_on_the_day_of_the_act_is_refused(world: World) -> None:
    unit = world.unit("X")
    type(unit).objects.filter(pk=unit.pk).update(dissolved_on=date(2025, 1, 1), dissolution_reason="x")
    unit.refresh_from_db()
    with pytest.raises(UnitNotThen):
        filed(world, unit=unit)


def test_days_that_are_to_come_or_turned_round_are_refused(world: World) -> None:
    for changes in (
        {"filed_on": date(2026, 3, 3)},
        {"deeds": [deed(days=(date(2025, 2, 1), date(2025, 1, 1)))]},
        {"deeds": [deed(days=(date(2025, 2, 1), date(2027, 1, 1)))]},
    ):
        with pytest.raises(DaysInWrongOrder), transaction.atomic():
            filed(world, **changes)


def test_a_number_is_given_once(world: World) -> None:
    filed(world)
    with pytest.raises(NumberTaken):
        filed(world)


def test_a_case_takes_over_the_days_of_its_clue(world: World) -> None:
    by = world.user("coordinator")
    clue = clues.receive(by, office=world.unit("D"), source="audit", told=Told("x"), received_on=date(2026, 1, 5))
    clues.name_officers(by, clue.pk, expected_version=0, users=[by], grade="a")
    clue = clues.close_clue(by, clue.pk, expected_version=1, result="filed", reasons="属实")
    case = filed(world, clue=clue, filed_on=date(2026, 3, 2))
    assert dict(case.milestones.values_list("stage", "reached_on")) == {
        "clue": date(2026, 1, 5),
        "verified": date(2026, 3, 2),
        "filed": date(2026, 3, 2),
    }
    assert case.source == "audit"


# --- Limits -------------------------------------------------------------------------------------------------------------


def test_each_stage_with_a_limit_is_a_duty_until_the_next_is_reached(world: World) -> None:
    case = filed(world)
    assert duty(case) is None
    reach(world, case, "coercive", date(2026, 2, 10))
    first = duty(case)
    assert first is not None
    assert first.due_on == date(2026, 4, 10)
    reach(world, case, "investigated", date(2026, 2, 20))
    first.refresh_from_db()
    assert (first.state, first.closed_on) == (State.DISCHARGED, date(2026, 2, 20))
    assert duty(case) is None
    reach(world, case, "transferred", date(2026, 3, 2))
    second = duty(case)
    assert second is not None
    assert second.due_on == date(2026, 4, 2)


def test_a_limit_is_made_longer_by_each_article_once(world: World) -> None:
    case, by = filed(world), world.user("coordinator")
    reach(world, case, "coercive", date(2026, 2, 10))
    article = "刑事诉讼法第156条"
    with pytest.raises(ReasonMissing):
        crime.extend_limit(by, case.pk, article=article, reason="")
    crime.extend_limit(by, case.pk, article=article, reason="案情复杂")
    now = duty(case)
    assert now is not None
    assert now.due_on == date(2026, 5, 10)
    for wrong in (article, "刑法第1条"):
        with pytest.raises(ArticleUsed):
            crime.extend_limit(by, case.pk, article=wrong, reason="again")


def test_a_limit_stands_still_with_the_proceeding_and_moves_by_its_days(world: World) -> None:
    case, by = filed(world), world.user("coordinator")
    reach(world, case, "coercive", date(2026, 2, 10))
    old = duty(case)
    crime.suspend(by, case.pk, expected_version=0, on=date(2026, 2, 20), reason="被调查人重病")
    assert duty(case) is None
    assert old is not None
    old.refresh_from_db()
    assert old.state == State.CANCELLED
    with pytest.raises(CaseNotOpen):
        reach(world, case, "investigated", date(2026, 2, 25))
    with pytest.raises(DaysInWrongOrder):
        crime.resume(by, case.pk, expected_version=1, on=date(2026, 2, 19))
    crime.resume(by, case.pk, expected_version=1, on=date(2026, 3, 1))
    now = duty(case)
    assert now is not None
    assert now.due_on == date(2026, 4, 19)


def test_milestones_out_of_order_are_refused_with_the_stage_they_contradict(world: World) -> None:
    case = filed(world)
    reach(world, case, "investigated", date(2026, 2, 20))
    for stage, day in (
        ("coercive", date(2026, 2, 21)),
        ("indicted", date(2026, 2, 19)),
        ("investigated", date(2026, 2, 20)),
    ):
        with pytest.raises(OutOfOrder):
            reach(world, case, stage, day)
    with pytest.raises(DaysInWrongOrder):
        reach(world, case, "indicted", date(2026, 3, 3))


# --- Quality and outcome ------------------------------------------------------------------------------------------------


def test_a_second_officer_checks_and_a_fault_needs_a_remark(world: World) -> None:
    case, second = filed(world), second_officer(world)
    with pytest.raises(CheckedByOwnOfficer):
        crime.check_quality(world.user("coordinator"), case.pk, points=GOOD, remark="")
    with pytest.raises(ReasonMissing):
        crime.check_quality(second, case.pk, points=GOOD | {"evidence": False}, remark="")
    crime.check_quality(second, case.pk, points=GOOD | {"evidence": False}, remark="缺银行流水")
    assert crime.check_quality(second, case.pk, points=GOOD, remark="").passed
    with pytest.raises(InternalError), transaction.atomic():
        QualityCheck.objects.update(facts=True)


def test_a_conviction_needs_an_effective_judgment_and_a_passed_check(world: World) -> None:
    case, by = filed(world), world.user("coordinator")
    day = date(2026, 3, 1)
    with pytest.raises(NotEffective):
        crime.conclude(by, case.pk, expected_version=0, outcome="convicted", on=day)
    reach(world, case, "effective", day)
    crime.check_quality(second_officer(world), case.pk, points=GOOD | {"nature": False}, remark="定性")
    with pytest.raises(NotChecked):
        crime.conclude(by, case.pk, expected_version=0, outcome="convicted", on=day)
    crime.check_quality(second_officer(world), case.pk, points=GOOD, remark="")
    with pytest.raises(Conflict):
        crime.conclude(by, case.pk, expected_version=7, outcome="convicted", on=day)
    done = crime.conclude(by, case.pk, expected_version=0, outcome="convicted", on=day, months=42)
    assert (done.state, done.months, duty(case)) == (CaseState.CONCLUDED, 42, None)
    with pytest.raises(CaseNotOpen):
        crime.add_charge(by, case.pk, deed())


def test_a_wrong_day_is_corrected_with_a_reason_and_the_limit_follows(world: World) -> None:
    case, by = filed(world), world.user("coordinator")
    reach(world, case, "coercive", date(2026, 2, 10))
    words = {"stage": "coercive", "reason": "录入有误"}
    with pytest.raises(OutOfOrder):
        crime.correct_milestone(by, case.pk, on=date(2026, 2, 1), **words)
    with pytest.raises(DaysInWrongOrder):
        crime.correct_milestone(by, case.pk, on=date(2026, 3, 3), **words)
    with pytest.raises(ReasonMissing):
        crime.correct_milestone(by, case.pk, stage="coercive", on=date(2026, 2, 11), reason=" ")
    with pytest.raises(NotReached):
        crime.correct_milestone(by, case.pk, stage="judged", on=date(2026, 2, 11), reason="x")
    crime.correct_milestone(by, case.pk, on=date(2026, 2, 12), **words)
    case.refresh_from_db()
    assert case.obligation is not None
    assert case.obligation.due_on == date(2026, 4, 12)
    kept = Entry.objects.get(action="crime_case.milestone_corrected").data
    assert (kept["from"], kept["to"]) == ("2026-02-10", "2026-02-12")


# --- Major --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def heard() -> Any:
    """What an upper floor hears of major cases."""
    found: list[tuple[CrimeCase, Any]] = []

    def listen(sender: Any, case: CrimeCase, tenure: Any, **kwargs: Any) -> None:
        found.append((case, tenure))

    signals.major_case.connect(listen)
    yield found
    signals.major_case.disconnect(listen)


def test_rank_or_the_highest_tier_make_a_case_major_once(world: World, heard: Any) -> None:
    case = filed(world, accused=[accused(rank="township_section_chief")])
    assert (case.major, case.leader.tenure) == (Major.RANK, world.tenures["leader"])
    crime.add_charge(world.user("coordinator"), case.pk, deed("4000000", "CL382"))
    other = filed(world, "2", deeds=[deed("3000000")])
    assert other.major == Major.AMOUNT
    assert [(each.pk, tenure) for each, tenure in heard] == [
        (case.pk, world.tenures["leader"]),
        (other.pk, world.tenures["leader"]),
    ]
    assert Notice.objects.filter(kind="major_case", recipient=world.users["leader"]).count() == 2


def test_the_leader_on_the_day_of_the_act_answers_and_nobody_where_there_was_none(world: World, heard: Any) -> None:
    filed(world, deeds=[deed("3000000", days=(date(2023, 1, 1), date(2023, 6, 1)))])
    assert heard[0][1] is None


def test_the_coordinator_decides_wide_influence_with_a_reason(world: World, heard: Any) -> None:
    case, by = filed(world), world.user("coordinator")
    assert case.major == ""
    with pytest.raises(NotAllowed):
        crime.decide_major(second_officer(world), case.pk, expected_version=0, reason="x")
    with pytest.raises(ReasonMissing):
        crime.decide_major(by, case.pk, expected_version=0, reason=" ")
    assert crime.decide_major(by, case.pk, expected_version=0, reason="影响恶劣").major == Major.DECIDED
    assert len(heard) == 1


# --- Joined and split ---------------------------------------------------------------------------------------------------


def test_joined_cases_go_on_in_one_with_all_persons_and_charges(world: World) -> None:
    by = world.user("coordinator")
    one, two = filed(world), filed(world, "2", accused=[accused("李某")], deeds=[deed(code="CL382")])
    with pytest.raises(JoinWithItself):
        crime.join_cases(by, one.pk, one.pk, expected_version=0, reason="x")
    into = crime.join_cases(by, two.pk, one.pk, expected_version=0, reason="同一事实")
    assert set(into.suspects.values_list("name", flat=True)) == {"王某某", "李某"}
    assert into.charges.count() == 2
    two.refresh_from_db()
    assert (two.state, two.joined_into, two.suspects.count()) == (CaseState.JOINED, one, 1)


def test_charges_under_the_same_law_are_added_up_when_cases_are_joined(world: World) -> None:
    later = (date(2025, 3, 1), date(2025, 9, 30))
    one, two = filed(world), filed(world, "2", deeds=[deed("70000", days=later)])
    into = crime.join_cases(world.user("coordinator"), two.pk, one.pk, expected_version=0, reason="累计")
    charge = into.charges.get()
    assert (charge.amount, charge.act_from, charge.act_until) == (Decimal(120_000), date(2024, 5, 1), date(2025, 9, 30))


def test_a_split_case_takes_its_persons_and_the_history_along(world: World) -> None:
    by = world.user("coordinator")
    case = filed(world, accused=[accused(), accused("李某", is_accomplice=True)])
    reach(world, case, "coercive", date(2026, 2, 10))
    everybody = list(case.suspects.values_list("pk", flat=True))
    for wrong in ([], everybody):
        with pytest.raises(NothingToSplit):
            crime.split_case(by, case.pk, number="9", title="x", suspects=wrong, reason="x")
    part = crime.split_case(by, case.pk, number="9", title="另案", suspects=everybody[1:], reason="另案处理")
    assert part.suspects.get().name == "李某"
    assert case.suspects.get().name == "王某某"
    assert part.milestones.count() == case.milestones.count() == 2
    split = duty(part)
    assert split is not None
    assert split.due_on == date(2026, 4, 10)


# --- Pages --------------------------------------------------------------------------------------------------------------


def post(world: World, url: str, who: str = "coordinator", **data: Any) -> Any:
    return world.client(who).post(url, {"idempotency_key": str(uuid.uuid4()), **data})


def test_a_case_goes_by_page_from_filing_to_its_outcome(world: World) -> None:
    typed = {
        "number": "青石检贪立〔2026〕3号",
        "title": "设备采购受贿案",
        "unit": "B",
        "filed_on": "2026-02-02",
        "source": "audit",
        "name": "王某某",
        "post": "科员",
        "offence": deed().offence.pk,
        "rank": accused().rank.pk,
        "act_from": "2024-05-01",
        "act_until": "2025-06-30",
        "amount": "410000",
        "means": "拆分采购",
    }
    url = post(world, "/cases/crimes/file/", **typed).url
    page = world.client("coordinator").get(url).content.decode()
    assert "huge, from 200,000 yuan on" in page
    assert post(world, f"{url}milestone/", stage="coercive", on="2026-02-10").status_code == 302
    assert post(world, f"{url}limit/", article="刑事诉讼法第156条", reason="复杂").status_code == 302
    assert post(world, f"{url}milestone/", stage="clue", on="2026-02-11").status_code == 400
    assert post(world, f"{url}milestone/", stage="effective", on="2026-03-01").status_code == 302
    second_officer(world)
    assert post(world, f"{url}quality/", **dict.fromkeys(GOOD, "yes")).status_code == 403
    assert post(world, f"{url}quality/", who="officer", **dict.fromkeys(GOOD, "yes")).status_code == 302
    key = str(uuid.uuid4())
    for _twice in range(2):
        done = post(
            world, f"{url}conclude/", outcome="convicted", on="2026-03-02", months=42, version=0, idempotency_key=key
        )
        assert done.status_code == 302
    page = world.client("coordinator").get(url).content.decode()
    assert "Convicted, 42 months" in page
    assert "设备采购受贿案" in world.client("coordinator").get("/cases/crimes/").content.decode()


def test_a_case_of_another_part_of_the_tree_is_hidden(world: World) -> None:
    case = filed(world)
    assert world.client("town_head").get(case.get_absolute_url()).status_code == 404
    assert world.client("leader").get(case.get_absolute_url()).status_code in (403, 404)


def test_the_list_asks_as_many_questions_for_many_as_for_few(world: World) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            world.client("coordinator").get("/cases/crimes/")
        return len(queries)

    filed(world)
    asked()
    few = asked()
    for number in range(8):
        reach(world, filed(world, f"n{number}"), "coercive", date(2026, 2, 10))
    assert asked() == few


# --- Whatever people do -------------------------------------------------------------------------------------------------


def test_whatever_people_do_a_case_keeps_its_order_and_one_limit(world: World) -> None:  # noqa: C901 - one machine
    class Going(RuleBasedStateMachine):
        """Verbs in any order, with days in any order; each is done or refused with a sentence."""

        def __init__(self) -> None:
            super().__init__()
            self.save = transaction.atomic()
            self.save.__enter__()
            self.by, self.second = world.user("coordinator"), second_officer(world)
            self.case = filed(world, f"h{uuid.uuid4()}")

        def tried(self, verb: Any) -> None:
            try:
                with transaction.atomic():
                    verb()
            except PortalError as error:
                assert str(error).endswith(".")
            self.case.refresh_from_db()

        @rule(stage=st.sampled_from(Stage.values), day=st.integers(0, 28))
        def reach(self, stage: str, day: int) -> None:
            on = date(2026, 2, 2) + (date(2026, 1, 2) - date(2026, 1, 1)) * day
            self.tried(lambda: crime.reach(self.by, self.case.pk, stage=stage, on=on))

        @rule(day=st.integers(1, 28))
        def suspend(self, day: int) -> None:
            version, on = self.case.version, date(2026, 2, day)
            self.tried(lambda: crime.suspend(self.by, self.case.pk, expected_version=version, on=on, reason="x"))

        @precondition(lambda self: self.case.state == CaseState.SUSPENDED)
        @rule()
        def resume(self) -> None:
            version = self.case.version
            self.tried(lambda: crime.resume(self.by, self.case.pk, expected_version=version, on=clock.today()))

        @rule(good=st.booleans())
        def check(self, good: bool) -> None:
            points = GOOD | {"facts": good}
            self.tried(lambda: crime.check_quality(self.second, self.case.pk, points=points, remark="x"))

        @rule(outcome=st.sampled_from(["convicted", "withdrawn"]))
        def conclude(self, outcome: str) -> None:
            version, on = self.case.version, clock.today()
            self.tried(lambda: crime.conclude(self.by, self.case.pk, expected_version=version, outcome=outcome, on=on))

        @invariant()
        def milestones_are_in_order(self) -> None:
            days = dict(self.case.milestones.values_list("stage", "reached_on"))
            in_order = [days[stage] for stage in Stage.values if stage in days]
            assert in_order == sorted(in_order)

        @invariant()
        def only_an_open_case_has_a_limit_that_runs(self) -> None:
            numbers = Obligation.objects.filter(label_en__startswith=self.case.number, state=State.OPEN)
            assert numbers.count() <= 1
            if self.case.state != CaseState.OPEN:
                assert not numbers.exists()

        @invariant()
        def a_conviction_was_checked_and_is_effective(self) -> None:
            if self.case.outcome == "convicted":
                last = self.case.checks.first()
                assert last is not None
                assert last.passed
                assert self.case.milestones.filter(stage="effective").exists()

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.save.__exit__(None, None, None)

    limits = settings(max_examples=12, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Going, settings=limits)
