"""The log page: who by name, on what in words, the same queries for few entries and for many."""

from django.test import Client

from portal.accounts.models import User
from portal.audit import services as audit
from tests.queries import count_queries
from tests.world import World


def page(world: World, query: str = "") -> str:
    return world.client("auditor").get(f"/log/{query}").content.decode()


def at_the_bureau(world: World) -> None:
    audit.record(world.user("leader"), "role.granted", world.user("liaison"), path=str(world.unit("B").path))


def test_it_names_the_person_with_the_user_name_small(world: World) -> None:
    at_the_bureau(world)
    assert "Xu Zhixin<small>leader</small>" in page(world)


def test_it_names_the_unit_with_what_it_was_about(world: World) -> None:
    at_the_bureau(world)
    assert "Shi Mingyuan<small>Finance Bureau</small>" in page(world)


def test_names_are_in_the_language_of_the_reader(world: World) -> None:
    at_the_bureau(world)
    User.objects.filter(username="auditor").update(language="zh-hans")
    text = page(world)
    assert "许志新<small>leader</small>" in text
    assert "<small>财政局</small>" in text


def test_what_the_portal_did_and_what_a_stranger_did_are_told_apart(world: World) -> None:
    audit.record(None, "units.imported")
    assert "the portal" in page(world)
    Client().post("/sign-in/", {"login": "leader", "password": "wrong"})
    assert "nobody signed in" in page(world, "?action=user.sign_in_failed")


def test_people_are_found_by_any_of_their_names(world: World) -> None:
    at_the_bureau(world)
    for name in ("leader", "xu zhixin", "许志新"):
        assert "Finance Bureau</small>" in page(world, f"?who={name}")
    assert "Finance Bureau</small>" not in page(world, "?who=nobody-here")


def test_the_file_has_names_without_markup(world: World) -> None:
    at_the_bureau(world)
    text = page(world, "?export=csv")
    assert "Xu Zhixin (leader)" in text
    assert "Shi Mingyuan, Finance Bureau" in text
    assert "<small>" not in text


def test_many_entries_of_many_people_cost_no_more_queries(world: World) -> None:
    at_the_bureau(world)
    few = count_queries(world.client("auditor"), "/log/")
    for name, code in zip(("leader", "head", "liaison", "town_head"), "BDOT", strict=True):
        audit.record(world.user(name), "role.granted", world.user("staff"), path=str(world.unit(code).path))
    assert count_queries(world.client("auditor"), "/log/") == few
