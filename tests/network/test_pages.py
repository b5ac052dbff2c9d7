"""The pages of the network: what everybody sees, what only those in scope see, level by level, as a list, as a file."""

from typing import Any

import pytest

from portal.network import people
from portal.organisation import services
from portal.organisation.models import Person, Post, Tenure, Unit
from portal.organisation.services import changes
from tests.queries import count_queries
from tests.world import ROLES, TODAY, World


@pytest.fixture(autouse=True)
def contacts(world: World) -> None:
    Person.objects.filter(employee_no="LEADER").update(phone="13905391234")
    Unit.objects.filter(code="B").update(office_phone="0539-7654321", address="1 Main Street")
    clerk = Person.objects.create(employee_no="CLERK", name_en="Ma Xiaoyun", name_zh="马晓云", phone="13800001111")
    post = Post.objects.create(unit=world.unit("B"), title_en="Clerk", title_zh="科员")
    Tenure.objects.create(post=post, person=clerk, starts_on="2024-01-01")


def page(world: World, who: str, url: str) -> str:
    answer = world.client(who).get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return str(answer.content.decode())


def add_units(world: World, count: int) -> None:
    """Units below the district with a top leader each."""
    parent = world.unit("D")
    for number in range(count):
        pk = 9000 + number
        unit = Unit.objects.create(
            pk=pk, code=f"N{number}", name_en=f"New {number}", name_zh=f"新单位{number}", type=parent.type,
            sector=parent.sector, parent=parent, path=f"{parent.path}.{pk}", sort_key=f"xin{number}", initials="xdw",
        )  # fmt: skip
        person = Person.objects.create(
            employee_no=f"N{number}", name_en="Xu An", name_zh="徐安", sort_key="xuan", initials="xa"
        )
        post = Post.objects.create(unit=unit, title_en="Director", title_zh="主任", kind="top_leader")
        Tenure.objects.create(post=post, person=person, starts_on="2024-01-01")


class TestBrowse:
    def test_everybody_walks_down_the_whole_tree(self, world: World) -> None:
        for role in ROLES:
            assert "Hekou Town" in page(world, role, "/network/")
            assert "Dongwan Village" in page(world, role, "/network/?part=T")

    def test_a_level_shows_only_the_units_directly_below(self, world: World) -> None:
        assert "Dongwan Village" not in page(world, "leader", "/network/")

    def test_a_part_says_the_way_down_to_it(self, world: World) -> None:
        shown = page(world, "leader", "/network/?part=T")
        assert '<a href="/network/?part=D">District</a>' in shown

    def test_filters_show_the_units_of_the_part_as_a_list(self, world: World) -> None:
        shown = page(world, "leader", f"/network/?type={world.unit('V').type_id}&part=T")
        assert "Dongwan Village" in shown
        assert "/network/B/" not in shown

    def test_a_filter_that_cannot_be_understood_says_so(self, world: World) -> None:
        shown = page(world, "leader", "/network/?type=x&part=nowhere&q=a")
        assert "A filter cannot be understood" in shown
        assert page(world, "leader", "/network/?q=%00").count("A filter cannot be understood") == 1

    def test_nothing_found_says_what_to_try(self, world: World) -> None:
        assert "No unit or person matches" in page(world, "leader", "/network/?q=zzz")

    def test_a_vacant_post_is_said(self, world: World) -> None:
        assert "Post vacant" in page(world, "leader", "/network/?q=Water")

    def test_a_dissolved_unit_is_gone(self, world: World) -> None:
        ended = changes.Dissolve(unit_id=world.unit("X").pk, effective_on=TODAY, reason="merged")
        changes.decide(world.user("coordinator"), ended)
        assert "Water Company" not in page(world, "leader", "/network/?q=Water")
        assert world.client("leader").get("/network/X/").status_code == 404
        assert "merged" in page(world, "coordinator", "/network/X/")

    def test_the_queries_do_not_grow_with_the_units(self, world: World) -> None:
        few = {
            url: count_queries(world.client("leader"), url) for url in ("/network/", "/network/D/", "/network/D/chart/")
        }
        add_units(world, 25)
        assert few == {url: count_queries(world.client("leader"), url) for url in few}

    def test_pages_follow_each_other(self, world: World) -> None:
        add_units(world, 45)
        assert 'rel="next"' in page(world, "leader", "/network/?q=xin") + page(world, "leader", "/network/")
        assert "41 to 45 of 45" in page(world, "leader", "/network/?q=新单位&show=units&page=2")
        assert "41 to 45 of 45" in page(world, "leader", "/network/?q=新单位&show=units&page=99")

    def test_the_page_speaks_chinese(self, world: World) -> None:
        world.users["leader"].language = "zh-hans"
        world.users["leader"].save(update_fields=["language"])
        assert "河口镇" in page(world, "leader", "/network/")


class TestPhones:
    @pytest.mark.parametrize("who", ["coordinator", "head", "leader", "liaison", "staff", "auditor"])
    def test_are_shown_to_those_in_scope(self, world: World, who: str) -> None:
        for url in ("/network/B/", "/network/?q=Finance", "/network/?q=许志新"):
            assert "13905391234" in page(world, who, url), url

    def test_are_not_shown_elsewhere_but_the_office_is(self, world: World) -> None:
        for url in ("/network/", "/network/B/", "/network/?q=Finance", "/network/?q=许志新"):
            shown = page(world, "other_leader", url)
            assert "13905391234" not in shown, url
            assert ">leader@example.org" not in shown, url
            assert "0539-7654321" in shown, url

    def test_who_moved_on_is_called_where_the_person_is_now(self, world: World) -> None:
        leader = Person.objects.get(employee_no="LEADER")
        Tenure.objects.filter(person=leader).update(ends_on="2025-12-31")
        post = Post.objects.create(unit=world.unit("X"), title_en="Deputy", title_zh="副经理")
        Tenure.objects.create(post=post, person=leader, starts_on="2026-01-01")
        shown = page(world, "liaison", "/network/persons/LEADER/")
        assert "Water Company" in shown
        assert "13905391234" not in shown
        assert "13905391234" in page(world, "coordinator", "/network/persons/LEADER/")

    def test_who_holds_no_office_any_more_is_called_by_those_who_could(self, world: World) -> None:
        Tenure.objects.filter(person__employee_no="LEADER").update(ends_on="2025-12-31")
        leader = Person.objects.get(employee_no="LEADER")
        assert people.known([leader], world.user("liaison"))[0].may_call
        assert not people.known([leader], world.user("other_leader"))[0].may_call


class TestCards:
    def test_other_posts_are_for_those_in_scope(self, world: World) -> None:
        assert "Ma Xiaoyun" in page(world, "leader", "/network/B/")
        shown = page(world, "other_leader", "/network/B/")
        assert "Ma Xiaoyun" not in shown
        assert "Xu Zhixin" in shown
        assert "Shi Mingyuan" in shown

    def test_the_file_is_linked_for_those_who_may_open_it(self, world: World) -> None:
        assert 'href="/units/B/"' in page(world, "leader", "/network/B/")
        assert 'href="/units/B/"' not in page(world, "other_leader", "/network/B/")

    def test_members_of_a_leading_group_are_for_those_in_scope_the_head_for_all(self, world: World) -> None:
        clerk = Person.objects.get(employee_no="CLERK")
        services.seat(world.user("coordinator"), group=world.group, person=clerk, is_head=False, starts_on=TODAY)
        assert "Ma Xiaoyun" in page(world, "coordinator", "/network/D/")
        shown = page(world, "leader", "/network/D/")
        assert "Ma Xiaoyun" not in shown
        assert "Wei Zhixin" in shown

    def test_a_person_has_the_tenures_past_and_present(self, world: World) -> None:
        clerk = Person.objects.get(employee_no="CLERK")
        Tenure.objects.create(post=world.vacant_post, person=clerk, starts_on="2020-01-01", ends_on="2023-12-31")
        shown = page(world, "coordinator", "/network/persons/CLERK/")
        assert "Water Company" in shown
        assert "31 December 2023" in shown
        assert "in office" in shown

    def test_a_person_elsewhere_has_no_card(self, world: World) -> None:
        assert world.client("other_leader").get("/network/persons/LEADER/").status_code == 404
        assert world.client("leader").get("/network/persons/NOBODY/").status_code == 404

    def test_the_chart_has_three_levels_and_counts_the_rest(self, world: World) -> None:
        pk, above = 9500, world.unit("V")
        Unit.objects.create(
            pk=pk, code="G", name_en="Group of the village", name_zh="村民组", type=above.type, sector=above.sector,
            parent=above, path=f"{above.path}.{pk}", sort_key="cunminzu", initials="cmz",
        )  # fmt: skip
        shown = page(world, "leader", "/network/D/chart/")
        assert "Dongwan Village" in shown
        assert "Group of the village" not in shown
        assert "1 more unit below" in shown


class TestFiles:
    def test_a_csv_holds_what_the_page_shows_and_no_formula(self, world: World) -> None:
        Unit.objects.filter(code="B").update(address="=HYPERLINK(1)")
        text = world.client("leader").get("/network/?q=Finance&export=csv").content.decode("utf-8-sig")
        assert "Xu Zhixin" in text
        assert "13905391234" in text
        assert "'=HYPERLINK(1)" in text
        assert "Transport" not in text

    def test_a_part_holds_everything_below(self, world: World) -> None:
        text = world.client("leader").get("/network/?part=T&export=csv").content.decode("utf-8-sig")
        assert "Dongwan Village" in text
        assert "Finance" not in text

    def test_phones_of_others_are_not_in_the_file(self, world: World) -> None:
        text = world.client("other_leader").get("/network/?export=csv").content.decode("utf-8-sig")
        assert "Xu Zhixin" in text
        assert "13905391234" not in text
        assert "Ma Xiaoyun" not in text

    def test_an_xlsx_is_a_workbook(self, world: World) -> None:
        answer: Any = world.client("leader").get("/network/?export=xlsx")
        assert answer.content.startswith(b"PK")
        assert answer["Content-Disposition"] == 'attachment; filename="network.xlsx"'
