"""The second person sees what waits; nobody else does, and many proposals cost as many queries as one."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.accounts import approvals
from portal.dashboard import role_todo
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from tests.accounts.test_approvals import propose, second
from tests.world import World


def shown(world: World, who: str) -> list[str]:
    found = role_todo.roles(world.user(who), clock.today(), load_calendar())
    return [str(item.title) for waiting in found for item in waiting.items]


def test_it_is_shown_to_the_second_person_alone(world: World) -> None:
    made = propose(world)
    assert shown(world, "head") == ["Coordinator: Shi Mingyuan, over District."]
    assert all(shown(world, who) == [] for who in ("security_admin", "coordinator", "liaison", "auditor"))
    assert made.get_absolute_url() in world.client("head").get("/today/").content.decode()


def test_it_passes_from_the_head_to_a_second_security_administrator(world: World) -> None:
    propose(world)
    second(world)
    assert (shown(world, "head"), len(shown(world, "second"))) == ([], 1)


def test_it_is_gone_once_decided(world: World) -> None:
    approvals.approve(world.user("head"), propose(world).pk)
    assert shown(world, "head") == []


def test_many_cost_no_more_queries(world: World) -> None:
    propose(world)
    with CaptureQueriesContext(connection) as few:
        shown(world, "head")
    for who in ("leader", "other_leader", "village_leader", "staff"):
        propose(world, who=who)
    with CaptureQueriesContext(connection) as many:
        assert len(shown(world, "head")) == 5
    assert len(many) == len(few)
