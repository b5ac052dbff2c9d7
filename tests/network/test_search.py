"""One box of words: names, pinyin, initials, codes, numbers, phones; and who finds whom by which of them."""

from typing import Any

import pytest

from portal.accounts import services as accounts
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.network import rules, scope, search
from portal.organisation.models import GroupMembership, Person, Post, Tenure, Unit
from tests.queries import count_queries
from tests.world import ROLES, TODAY, World


@pytest.fixture(autouse=True)
def phones(world: World) -> None:
    Person.objects.filter(employee_no="LEADER").update(phone="+86 139-0539 1234")
    Unit.objects.filter(code="B").update(office_phone="0539-7654321", address="1 Main Street")
    clerk = Person.objects.create(
        employee_no="C0001",
        name_en="Ma Xiaoyun",
        name_zh="马晓云",
        sort_key="maxiaoyun",
        initials="mxy",
        phone="13800001111",
    )
    post = Post.objects.create(unit=world.unit("B"), title_en="Clerk", title_zh="科员")
    Tenure.objects.create(post=post, person=clerk, starts_on="2024-01-01")


def persons(world: World, words: str, by: str = "coordinator") -> set[str]:
    found = search.persons(rules.read(words), world.user(by))
    return set(Person.objects.filter(pk__in=found.ids).values_list("employee_no", flat=True))


def units(words: str) -> list[str]:
    found = search.units(rules.read(words), Unit.objects.active())
    by_id = dict(Unit.objects.values_list("pk", "code"))
    return [by_id[pk] for pk in found.ids]


@pytest.mark.parametrize(
    "words",
    [
        "许志新", "许志", "志新", "xuzhixin", "xu zhixin", "Xu Zhi", "XZX", "xzx", "zhixin",
        "13905391234", "139 0539 1234", "139-0539", "+86 139 0539", "１３９０５３９",
    ],
)  # fmt: skip
def test_a_person_is_found_by_every_way_people_write_one(world: World, words: str) -> None:
    assert "LEADER" in persons(world, words)


@pytest.mark.parametrize("words", ["志", "x", "zhixin"])
def test_several_persons_are_found_by_what_they_share(world: World, words: str) -> None:
    assert "LEADER" in persons(world, words)


@pytest.mark.parametrize("words", ["新", "ixin", "%", "_", "许%", "9999", "''"])
def test_what_does_not_begin_so_is_not_found(world: World, words: str) -> None:
    assert persons(world, words) == set()


@pytest.mark.parametrize("words", ["财政局", "财政", "政局", "Finance", "fin", "czj", "caizheng", "b", "B", "0539 765"])
def test_a_unit_is_found_by_every_way_people_write_one(world: World, words: str) -> None:
    assert "B" in units(words)


def test_a_unit_that_begins_with_the_words_comes_first(world: World) -> None:
    Unit.objects.filter(code="D").update(name_zh="青石区财政")
    assert units("财政") == ["B", "D"]


def test_a_name_is_found_elsewhere_only_of_those_in_the_directory(world: World) -> None:
    assert persons(world, "许志新", by="other_leader") == {"LEADER"}
    assert persons(world, "施明远", by="other_leader") == {"LIAISON"}
    assert persons(world, "马晓云", by="leader") == {"C0001"}
    assert persons(world, "马晓云", by="other_leader") == set()


def test_numbers_and_phones_find_nobody_elsewhere(world: World) -> None:
    for words in ("13905391234", "E00201", "C0001", "138000"):
        assert persons(world, words, by="other_leader") == set()
    assert persons(world, "13905391234", by="leader") == {"LEADER"}
    assert persons(world, "c00", by="leader") == persons(world, "C0001", by="auditor") == {"C0001"}


def test_a_filter_narrows_what_a_number_finds(world: World) -> None:
    for code, found in (("B", {"C0001"}), ("T", set())):
        part = search.unit_q({"part": world.unit(code)})
        ids = search.persons(rules.read("C0001"), world.user("coordinator"), part).ids
        assert set(Person.objects.filter(pk__in=ids).values_list("employee_no", flat=True)) == found


def test_who_holds_a_seat_but_no_post_is_found_by_number(world: World) -> None:
    member = Person.objects.create(employee_no="M0001", name_en="Bo", name_zh="薄", sort_key="bo", initials="b")
    GroupMembership.objects.create(group=world.group, person=member, starts_on=TODAY)
    assert persons(world, "M0001") == {"M0001"}


def test_filters_narrow_persons_to_those_who_hold_office_there_today(world: World) -> None:
    part = search.unit_q({"part": world.unit("T")})
    found = search.persons(rules.read("zhixin"), world.user("coordinator"), part)
    assert set(Person.objects.filter(pk__in=found.ids).values_list("employee_no", flat=True)) == {"TOWN_HEAD"}


def test_more_matches_than_are_shown_are_said_and_not_counted(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(search, "CAP", 2)
    found = search.persons(rules.read("zhixin"), world.user("coordinator"))
    assert len(found.ids) == 2
    assert found.is_capped


def test_the_condition_asked_of_a_row_is_that_of_the_list_of_persons(world: World) -> None:
    GroupMembership.objects.create(group=world.group, person=Person.objects.get(employee_no="C0001"), starts_on=TODAY)
    accounts.grant(None, user=world.users["staff"], role=Role.AUDITOR, path=str(world.unit("T").path), reason="test")
    for role in ROLES:
        user: User = world.user(role)
        asked = set(Person.objects.filter(scope.visible(user)).values_list("pk", flat=True))
        assert asked == set(Person.objects.visible_to(user).values_list("pk", flat=True)), role


def test_a_page_of_results_asks_the_same_queries_however_many_there_are(world: World) -> None:
    client = world.client("coordinator")
    few = count_queries(client, "/network/?q=xu")
    for number in range(30):
        unit = Unit.objects.get(code="O")
        person = Person.objects.create(
            employee_no=f"X{number}", name_en="Xu An", name_zh="徐安", sort_key=f"xuan{number}", initials="xa"
        )
        post = Post.objects.create(unit=unit, title_en=f"Clerk {number}", title_zh=f"科员{number}")
        Tenure.objects.create(post=post, person=person, starts_on="2024-01-01")
    assert count_queries(client, "/network/?q=xu") == few
    assert count_queries(client, "/network/?q=xu&show=persons") <= few
