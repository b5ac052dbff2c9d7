"""The guided page of a change: what it touches is shown, decided and confirmed; then there is a record."""

import re
import uuid
from typing import Any

import pytest
from django.http import HttpResponse

from portal.obligations.models import Obligation
from portal.organisation.change_models import UnitChange
from portal.organisation.models import Unit
from portal.organisation.services import changes
from tests.obligations.test_clock import duty
from tests.organisation.test_changes import TOMORROW, merge, move, rename
from tests.queries import count_queries
from tests.world import TODAY, World

RENAME = {"name_zh": "国库局", "name_en": "Treasury"}


def posted(world: World, kind: str, typed: dict[str, str], code: str = "B", by: str = "coordinator") -> Any:
    """One page of the procedure, posted."""
    common = {"effective_on": TODAY.isoformat(), "reason": "Document 7 of 2026."}
    return world.client(by).post(f"/units/{code}/change/{kind}/", common | typed)


def seen(answer: HttpResponse) -> str:
    """The mark of what was shown."""
    found = re.search(r'name="seen" value="([0-9a-f]+)"', answer.content.decode())
    assert found
    return found[1]


def confirmed(world: World, kind: str, typed: dict[str, str], code: str = "B", **more: str) -> Any:
    """All pages of the procedure, one after another; the answer to the last."""
    shown = posted(world, kind, typed | {"next": "review"}, code)
    assert shown.status_code == 200, shown.content.decode()
    asked = posted(world, kind, typed | more | {"next": "confirm"}, code)
    assert asked.status_code == 200, asked.content.decode()
    last = {"seen": seen(shown), "idempotency_key": str(uuid.uuid4())} | typed | more
    return posted(world, kind, last, code)


class TestSteps:
    def test_first_the_kinds_are_offered(self, world: World) -> None:
        page = world.client("coordinator").get("/units/B/change/").content.decode()
        for kind in ("rename", "move", "merge", "split", "dissolve"):
            assert f"/units/B/change/{kind}/" in page
        assert world.client("coordinator").get("/units/B/change/sell/").status_code == 404
        assert "/change/move/" not in world.client("coordinator").get("/units/D/change/").content.decode()

    def test_what_is_planned_already_is_named_before_another_change_is_begun(self, world: World) -> None:
        planned = rename(world, effective_on=TOMORROW)
        page = world.client("coordinator").get("/units/B/change/").content.decode()
        assert planned.get_absolute_url() in page

    def test_a_name_is_shown_confirmed_and_recorded(self, world: World) -> None:
        answer = confirmed(world, "rename", RENAME)
        record = UnitChange.objects.get()
        assert answer["Location"] == record.get_absolute_url()
        page = world.client("coordinator").get(answer["Location"]).content.decode()
        assert "Finance Bureau: New name: Treasury" in page
        unit = world.client("coordinator").get("/units/B/").content.decode()
        assert "Until 1 March 2026" in unit
        assert "Finance Bureau" in unit

    def test_what_it_touches_is_listed_with_what_may_be_decided(self, world: World) -> None:
        duty(world, "O")
        page = posted(world, "merge", {"successor": "B", "next": "review"}, "O").content.decode()
        for words in (
            "He Anlan: Director, Transport Bureau",
            "Report: Transport Bureau",
            "due Wed 15 Apr",
            "Finance Bureau owes them from now on",
        ):
            assert words in page
        assert 'name="decide-duties-report" value="moves:B"' in page

    def test_what_was_typed_is_read_back_by_name_and_in_words(self, world: World) -> None:
        page = posted(world, "merge", {"successor": "O", "others": "X", "next": "review"}).content.decode()
        for words in ("Transport Bureau (O)", "Water Company (X)", "2 March 2026"):
            assert words in page
        assert "<dt>Type</dt>" not in page

    def test_nothing_goes_on_before_it_is_decided(self, world: World) -> None:
        duty(world, "O")
        answer = posted(world, "merge", {"successor": "B", "next": "confirm"}, "O")
        assert answer.status_code == 422
        assert "Decide what becomes of them." in answer.content.decode()

    def test_what_ends_a_unit_asks_for_its_code(self, world: World) -> None:
        owed = duty(world, "O")
        typed, decision = {"successor": "B"}, {"decide-duties-report": "ends"}
        refused = confirmed(world, "merge", typed, "O", confirm_code="Q", **decision)
        assert refused.status_code == 400
        assert "Type O, the code of this unit." in refused.content.decode()
        answer = confirmed(world, "merge", typed, "O", confirm_code="O", **decision)
        assert answer.status_code == 302
        assert Obligation.objects.get(pk=owed.pk).state == "cancelled"

    def test_what_changed_meanwhile_is_shown_again(self, world: World) -> None:
        typed = {"successor": "B", "confirm_code": "O"}
        shown = posted(world, "merge", typed | {"next": "review"}, "O")
        duty(world, "O")
        decided = {"decide-duties-report": "ends", "seen": seen(shown)}
        answer = posted(world, "merge", typed | decided, "O")
        assert answer.status_code == 409
        page = answer.content.decode()
        assert "has changed since you looked" in page
        assert "Report: Transport Bureau" in page
        assert not UnitChange.objects.exists()

    def test_posted_twice_it_is_done_once_though_the_unit_is_no_more(self, world: World) -> None:
        key = str(uuid.uuid4())
        typed = {"successor": "B", "confirm_code": "O"}
        shown = posted(world, "merge", typed | {"next": "review"}, "O")
        last = typed | {"seen": seen(shown), "idempotency_key": key}
        first, second = (posted(world, "merge", last, "O") for _time in range(2))
        assert first["Location"] == second["Location"]
        assert UnitChange.objects.count() == 1
        assert posted(world, "merge", typed | {"next": "review"}, "O").status_code == 409

    def test_one_goes_back_and_nothing_typed_is_lost(self, world: World) -> None:
        page = posted(world, "rename", RENAME | {"next": "values"}).content.decode()
        assert 'value="Treasury"' in page
        assert "Show what it touches" in page


class TestErrors:
    def test_a_merge_into_the_own_child_says_so_at_the_field(self, world: World) -> None:
        answer = posted(world, "merge", {"successor": "V", "next": "review"}, "T")
        assert answer.status_code == 400
        assert "Dongwan Village lies below a unit that merges." in answer.content.decode()

    def test_a_day_before_the_last_change_says_so_at_the_field(self, world: World) -> None:
        rename(world)
        typed = {"name_zh": "x", "name_en": "x", "effective_on": "2026-02-01", "next": "review"}
        page = posted(world, "rename", typed).content.decode()
        assert "Treasury last changed on 2 March 2026." in page
        assert 'href="#id_effective_on"' in page

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [("Nowhere", "is called “Nowhere”"), ("u", "fits several units"), ("O", ""), ("Transport", ""), ("jtys", "")],
    )
    def test_units_are_named_by_code_or_name(self, world: World, words: str, sentence: str) -> None:
        answer = posted(world, "move", {"parent": words, "next": "review"})
        assert (sentence in answer.content.decode()) if sentence else answer.status_code == 200

    def test_units_elsewhere_are_hidden_and_refused_to_others(self, world: World) -> None:
        assert world.client("other_leader").get("/units/B/change/rename/").status_code == 404
        assert posted(world, "rename", RENAME, by="leader").status_code == 403
        assert not UnitChange.objects.exists()


class TestKinds:
    def test_a_unit_is_split_on_its_page(self, world: World) -> None:
        typed = {"new1_code": "T2", "new1_name_zh": "上游乡", "new1_type": str(world.unit("T").type_id)}
        confirmed(world, "split", typed | {f"child_{world.unit('V').pk}": "1"}, "T")
        made = Unit.objects.get(code="T2")
        assert (made.name_en, Unit.objects.get(code="V").parent) == ("上游乡", made)

    def test_a_new_unit_needs_code_and_name(self, world: World) -> None:
        page = posted(world, "split", {"new1_name_zh": "上游乡", "next": "review"}, "T").content.decode()
        assert "Give the new unit a code." in page

    def test_a_split_without_any_new_unit_is_refused_at_the_code_of_the_first(self, world: World) -> None:
        answer = posted(world, "split", {"next": "review"}, "T")
        assert answer.context["form"].errors["new1_code"] == ["Give the new unit a code."]
        assert not answer.context["form"].errors.get("new2_code")

    def test_a_merger_makes_a_new_unit(self, world: World) -> None:
        typed = {"others": "X\nV", "new_code": "N", "new_name_en": "New", "new_type": str(world.unit("B").type_id)}
        confirmed(world, "merge", typed, "O", confirm_code="O")
        assert UnitChange.objects.get().part_ids("merged") == [world.unit("X").pk, world.unit("V").pk]  # type: ignore[arg-type]

    def test_a_unit_is_moved_and_dissolved(self, world: World) -> None:
        assert confirmed(world, "move", {"parent": "B"}, "X").status_code == 302
        assert confirmed(world, "dissolve", {}, "X", confirm_code="x").status_code == 302
        page = world.client("coordinator").get("/units/X/").content.decode()
        assert page.index("Dissolved") < page.index("Placed below Finance Bureau")


class TestPlanned:
    def test_it_stands_on_the_page_of_the_unit_and_may_be_withdrawn(self, world: World) -> None:
        planned = rename(world, effective_on=TOMORROW)
        client = world.client("coordinator")
        page = client.get("/units/B/").content.decode()
        assert "Planned for 3 March 2026" in page
        url = f"{planned.get_absolute_url()}withdraw/"
        assert url in client.get(planned.get_absolute_url()).content.decode()
        typed = {"reason": "Postponed.", "version": "0", "idempotency_key": str(uuid.uuid4())}
        for _time in range(2):
            assert client.post(url, typed)["Location"] == planned.get_absolute_url()
        again = client.post(url, typed | {"idempotency_key": str(uuid.uuid4())})
        assert again.status_code == 409
        assert "Planned for" not in client.get("/units/B/").content.decode()

    def test_why_it_could_not_be_performed_is_read_there(self, world: World) -> None:
        planned = move(world, "V", "B", effective_on=TOMORROW)
        merge(world, "B", "O")
        changes.perform_due(TOMORROW)
        page = world.client("coordinator").get(planned.get_absolute_url()).content.decode()
        assert "This unit was dissolved on 2 March 2026." in page


def test_the_history_of_a_unit_costs_the_same_however_long_it_is(world: World) -> None:
    client = world.client("coordinator")
    rename(world, name_en="First", name_zh="一")
    few = count_queries(client, "/units/B/")
    for number in range(5):
        rename(world, name_en=f"Name {number}", name_zh=f"名{number}")
    assert count_queries(client, "/units/B/") == few
