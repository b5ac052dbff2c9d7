"""The history of an object and of a person: what was done, and what was changed from what to what, in the reader's words."""

import re
import uuid
from datetime import date
from typing import Any

import pytest

from portal.accounts import services
from portal.accounts.models import Grant, User
from portal.accounts.roles import Role
from portal.audit import services as audit
from portal.audit import tracking
from portal.organisation.models import GroupMembership, Person, Tenure, Unit
from portal.organisation.services import end_tenure
from responsibility.models import Letter, Programme
from responsibility.services import letters, programme
from tests.authorization.conftest import grant_elsewhere
from tests.queries import count_queries
from tests.world import World


def page(world: World, url: str, who: str = "auditor") -> str:
    answer = world.client(who).get(url)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def changes(text: str) -> list[tuple[str, str, str]]:
    """Field, old and new of every change on the page."""
    found = re.findall(r"<dt>([^<]*)</dt>\s*<dd>(.*?)</dd>", text, re.S)
    made = []
    for label, shown in found:
        old, _arrow, new = re.sub(r"<[^>]*>|\s+", " ", shown).partition("→")
        made.append((label, " ".join(old.split()), " ".join(new.split())))
    return made


class TestOfAUnit:
    def test_tells_each_field_its_old_and_its_new_value(self, world: World) -> None:
        Unit.objects.filter(code="B").update(name_en="Treasury", level="township")
        found = changes(page(world, "/log/units/B/"))
        assert ("Name in English", "Finance Bureau", "Treasury") in found
        assert ("Level", "District or county", "Township or sub-district") in found

    def test_is_in_the_readers_language_and_never_in_codes(self, world: World) -> None:
        Unit.objects.filter(code="B").update(level="township")
        User.objects.filter(username="auditor").update(language="zh-hans")
        text = page(world, "/log/units/B/")
        assert "<del>区县级</del>" in text
        assert "township<" not in text

    def test_names_who_did_it_where_a_request_did(self, world: World) -> None:
        with tracking.done_by(world.users["coordinator"].pk):
            Unit.objects.filter(code="B").update(name_en="Treasury")
        assert re.search(r"changed\s+<span class=\"p-muted\">Coordinator,", page(world, "/log/units/B/"))

    def test_a_change_by_a_posted_form_bears_the_name_of_who_posted_it(self, world: World) -> None:
        typed = {"ends_on": "2026-03-31", "idempotency_key": str(uuid.uuid4())}
        url = f"/units/B/tenures/{world.tenures['leader'].pk}/end/"
        answer = world.client("coordinator").post(url, typed)
        assert answer.status_code == 302, answer.content.decode()
        event = tracking.events_of(Tenure)._default_manager.latest("pgh_id")  # type: ignore[union-attr]
        assert event.pgh_context.metadata["user"] == world.users["coordinator"].pk

    def test_tells_tenures_and_seats_with_it(self, world: World) -> None:
        end_tenure(world.user("coordinator"), world.tenures["leader"].pk, ends_on=date(2026, 3, 31))
        text = page(world, "/log/units/B/")
        assert "Tenure: Xu Zhixin, Director" in text
        assert ("Until", "empty", "31 March 2026") in changes(text)
        assert "tenure ended" in text

    def test_lists_what_was_done_to_it_alone(self, world: World) -> None:
        audit.record(world.user("coordinator"), "unit.dissolved", world.unit("B"), path=str(world.unit("B").path))
        audit.record(world.user("coordinator"), "unit.dissolved", world.unit("O"), path=str(world.unit("O").path))
        text = page(world, "/log/units/B/")
        assert "Finance Bureau" in text
        assert "Transport Bureau</td>" not in text

    def test_is_hidden_from_who_reads_another_part_of_the_log(self, world: World) -> None:
        grant_elsewhere(world)
        for who in ("town_auditor", "town_security_admin", "town_coordinator"):
            assert world.client(who).get("/log/units/B/").status_code == 404
            assert world.client(who).get("/log/units/V/").status_code == 200

    def test_is_not_for_who_may_not_read_the_log(self, world: World) -> None:
        for who in ("leader", "head", "system_admin", "staff"):
            assert world.client(who).get("/log/units/B/").status_code == 403

    @pytest.mark.parametrize("url", ["/log/units/NOBODY/", "/log/nothing/1/", "/log/letters/x/", "/log/persons/x/"])
    def test_of_nothing_is_not_found(self, world: World, url: str) -> None:
        assert world.client("auditor").get(url).status_code == 404

    def test_costs_the_same_for_many_changes(self, world: World) -> None:
        Unit.objects.filter(code="B").update(name_en="One", parent=None)
        Unit.objects.filter(code="B").update(parent=world.unit("D"))
        audit.record(world.user("coordinator"), "unit.dissolved", world.unit("B"), path=str(world.unit("B").path))
        few = count_queries(world.client("auditor"), "/log/units/B/")
        for number in range(9):
            Unit.objects.filter(code="B").update(name_en=f"Name {number}")
            audit.record(world.user("coordinator"), "unit.dissolved", world.unit("B"), path=str(world.unit("B").path))
        assert count_queries(world.client("auditor"), "/log/units/B/") == few


class TestOfAPerson:
    def test_tells_what_the_person_did_and_what_happened_to_the_person(self, world: World) -> None:
        path = str(world.unit("B").path)
        audit.record(world.user("leader"), "letter.signed", world.unit("B"), path=path)
        services.grant(None, user=world.user("leader"), role=Role.STAFF, path=path, reason="Appointed")
        both = page(world, "/log/persons/LEADER/")
        assert "letter signed by the top leader" in both
        assert "role granted" in both
        did, happened = (page(world, f"/log/persons/LEADER/?side={side}") for side in ("did", "happened"))
        assert ("letter signed" in did.split("<table")[1], "role granted" in did.split("<table")[1]) == (True, False)
        assert "role granted" in happened.split("<table")[1]
        assert "letter signed by the top leader</td>" not in happened

    def test_tells_the_details_of_a_deed_in_words(self, world: World) -> None:
        path = str(world.unit("B").path)
        services.grant(None, user=world.user("leader"), role=Role.STAFF, path=path, reason="Appointed")
        assert "Reason: Appointed, Role: Staff" in page(world, "/log/persons/LEADER/")

    def test_tells_changes_of_the_person_and_the_account(self, world: World) -> None:
        Person.objects.filter(employee_no="LEADER").update(phone="0000-1")
        User.objects.filter(username="leader").update(is_active=False)
        found = changes(page(world, "/log/persons/LEADER/"))
        assert ("Phone", "empty", "0000-1") in found
        assert ("Active", "yes", "no") in found

    def test_tells_a_role_that_was_taken_back(self, world: World) -> None:
        held = services.grant(
            None, user=world.user("leader"), role=Role.STAFF, path=str(world.unit("B").path), reason="Appointed"
        )
        services.revoke(world.user("security_admin"), held.pk, reason="left")
        text = page(world, "/log/accounts/leader/")
        assert "Role: Xu Zhixin: Staff" in text
        assert ("Revoked by", "empty", "Security_Admin") in changes(text)
        assert ("Part of the tree", "Finance Bureau", "") in changes(text)

    def test_never_tells_a_password(self, world: World) -> None:
        user = world.user("leader")
        user.set_password("another long password")
        user.save()
        text = page(world, "/log/accounts/leader/")
        assert "assword" not in text.split("<main")[1].split("What was done")[0]
        fields = {field.name for field in tracking.events_of(User)._meta.get_fields()}  # type: ignore[union-attr]
        assert not fields & {"password", "last_login"}

    def test_leaves_out_offices_in_parts_that_the_reader_does_not_read(self, world: World) -> None:
        grant_elsewhere(world)
        GroupMembership.objects.create(
            group=world.group, person=Person.objects.get(employee_no="TOWN_HEAD"), starts_on=date(2026, 1, 1)
        )
        district = page(world, "/log/persons/TOWN_HEAD/")
        town = page(world, "/log/persons/TOWN_HEAD/", "town_auditor")
        assert "District leading group" in district
        assert "District leading group" not in town

    def test_of_an_account_elsewhere_is_hidden(self, world: World) -> None:
        grant_elsewhere(world)
        assert world.client("town_auditor").get("/log/accounts/auditor/").status_code == 404
        assert world.client("town_auditor").get("/log/accounts/town_auditor/").status_code == 200


class TestOfContent:
    def test_a_letter_has_its_history_and_a_link_for_those_who_read_the_log(self, world: World) -> None:
        coordinator = world.user("coordinator")
        programme.open_year(coordinator, year=2026, signing_due_on=date(2026, 3, 31))
        letters.issue_chunk(coordinator, 2026, path=str(world.unit("D").path))
        letter = Letter.objects.get(unit=world.unit("B"))
        url = f"/log/letters/{letter.pk}/"
        assert f'href="{url}"' in page(world, letter.get_absolute_url())
        assert f'href="{url}"' not in page(world, letter.get_absolute_url(), "leader")
        letters.withdraw(coordinator, letter.pk, expected_version=letter.version, reason="Merged")
        assert "Reason: Merged" in page(world, url)

    def test_the_settings_of_the_programme_have_theirs_from_the_first_change_on(self, world: World) -> None:
        before = Programme.objects.get().contact
        programme.update_programme(world.user("coordinator"), {"contact": "Somebody, 0000-9"})
        found = changes(page(world, "/log/programme/1/"))
        assert ("Whom to ask: name and telephone", before or "empty", "Somebody, 0000-9") in found


class TestTheLog:
    def test_is_narrowed_by_kind_of_object_part_of_the_tree_and_words(self, world: World) -> None:
        for code in ("B", "V"):
            audit.record(
                None, "unit.dissolved", world.unit(code), path=str(world.unit(code).path), data={"reason": code * 3}
            )
        rows = "Finance Bureau</td>", "Dongwan Village</td>"
        for query, shown in (
            ("kind=organisation.unit", (True, True)),
            ("kind=organisation.person", (False, False)),
            ("part=T", (False, True)),
            ("text=BBB", (True, False)),
            ("text=finance", (True, False)),
            ("since=2026-03-02&until=2026-03-02", (True, True)),
            ("since=2026-03-03", (False, False)),
        ):
            text = page(world, f"/log/?{query}")
            assert tuple(row in text for row in rows) == shown, query

    def test_of_no_place_is_read_by_who_supervises_the_whole_tree(self, world: World) -> None:
        grant_elsewhere(world)
        audit.record(None, "units.imported")
        assert "units imported</td>" in page(world, "/log/")
        assert "units imported</td>" not in page(world, "/log/", "town_auditor")
        assert "units imported</td>" not in page(world, "/log/", "coordinator")

    def test_as_a_file_has_the_whole_fingerprint_and_the_details(self, world: World) -> None:
        entry = audit.record(
            None, "unit.dissolved", world.unit("B"), path=str(world.unit("B").path), data={"reason": "=1"}
        )
        text = page(world, "/log/units/B/?export=csv")
        assert entry.hash in text
        assert "Reason: =1" in text


def test_grants_of_before_are_told_as_they_were(world: World) -> None:
    kept: Any = tracking.events_of(Grant)
    assert kept._default_manager.filter(pgh_label="insert").count() == Grant.objects.count()
