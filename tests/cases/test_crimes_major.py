"""Major cases, joined cases and cases of their own."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from cases import signals
from cases.errors import (
    JoinWithItself,
    NothingToSplit,
    ReasonMissing,
)
from cases.models import CaseState, CrimeCase, Major
from cases.services import crime
from portal.notices.models import Notice
from portal.web.errors import NotAllowed
from tests.cases.crimes import accused, deed, duty, filed, reach, second_officer
from tests.world import World


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


# --- Joined and split -------------------------------------------------------------------------------------------------


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
