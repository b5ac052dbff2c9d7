"""A recommendation that a unit does not answer climbs the ladder up to accountability."""

from datetime import date

import pytest

from cases.services import recommendations
from portal.obligations.choices import State
from portal.workdays import clock
from responsibility.models import AccountabilityCase, Cause
from tests.responsibility.cases import run
from tests.world import World

pytestmark = pytest.mark.django_db
SIGNED, TEN_DAYS_LATE = date(2026, 3, 2), date(2026, 3, 23)
WORDS = {"facts": "采购由一人编制并验收。", "basis": "第三条", "measures": "分设采购与验收岗位。"}


def test_nobody_escapes_by_not_acknowledging(world: World) -> None:
    with clock.frozen(SIGNED):
        found = recommendations.draft(world.user("coordinator"), number="7", unit=world.unit("B"), **WORDS)
        recommendations.sign(world.user("head"), found.pk, expected_version=0)
    run(TEN_DAYS_LATE)
    case = AccountabilityCase.objects.get()
    assert (case.cause, case.tenure) == (Cause.OVERDUE, world.tenures["leader"])
    assert (case.obligation and case.obligation.kind) == "recommendation_receipt"


def test_a_reply_in_time_stops_the_climb(world: World) -> None:
    with clock.frozen(SIGNED):
        found = recommendations.draft(world.user("coordinator"), number="7", unit=world.unit("B"), **WORDS)
        recommendations.sign(world.user("head"), found.pk, expected_version=0)
        recommendations.acknowledge(world.user("leader"), found.pk, expected_version=1)
        recommendations.reply(world.user("leader"), found.pk, expected_version=2, text="已分设。")
    run(date(2026, 6, 1))
    assert not AccountabilityCase.objects.exists()
    found.refresh_from_db()
    assert found.obligation is not None
    assert found.obligation.state == State.DISCHARGED
