"""The pages of duty-crime cases; and whatever people do, one order and one limit."""

import uuid
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from cases.models import CaseState, Stage
from cases.services import crime
from portal.obligations.choices import State
from portal.obligations.models import Obligation
from portal.web.errors import PortalError
from portal.workdays import clock
from tests.cases.crimes import GOOD, accused, deed, filed, reach, second_officer
from tests.world import World


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
