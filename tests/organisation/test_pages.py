"""The lists and files of units in words, and what an import shows."""

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.organisation.models import Unit
from tests.organisation.sheet import NEW_UNIT, line
from tests.organisation.test_import import as_csv
from tests.world import World, table


def rows(answer: Any) -> set[str]:
    return {row.record.code for row in answer.context["table"].rows}


class TestUnits:
    @pytest.mark.parametrize(("query", "found"), [("vacant=yes", {"X"}), ("vacant=no", {"D", "B", "O", "T", "V"})])
    def test_vacancy_is_asked_in_words(self, world: World, query: str, found: set[str]) -> None:
        answer = world.client("coordinator").get(f"/units/?{query}")
        assert rows(answer) == found
        assert "Unknown" not in answer.content.decode()
        assert "---------" not in answer.content.decode()

    def test_the_part_of_the_tree_is_chosen_by_name(self, world: World) -> None:
        client = world.client("coordinator")
        assert '<option value="T">\N{EM SPACE}Hekou Town</option>' in client.get("/units/").content.decode()
        assert rows(client.get("/units/?part=T")) == {"T", "V"}

    def test_a_part_that_one_does_not_see_is_no_choice(self, world: World) -> None:
        answer = world.client("town_head").get("/units/?part=D")
        assert "There is no such choice." in answer.content.decode()

    def test_a_units_file_leads_to_the_units_above_and_shows_no_path(self, world: World) -> None:
        page = world.client("coordinator").get("/units/V/").content.decode()
        assert '<a href="/units/D/">District</a>' in page
        assert '<a href="/units/T/">Hekou Town</a>' in page
        assert str(world.unit("V").path) not in page

    def test_units_above_that_one_does_not_see_are_named_only(self, world: World) -> None:
        page = world.client("leader").get("/units/B/").content.decode()
        assert "District" in page
        assert '<a href="/units/D/">' not in page


class TestImport:
    def upload(self, world: World, sheet: list[list[str]], language: str = "") -> tuple[str, str]:
        client = world.client("coordinator")
        file = SimpleUploadedFile("units.csv", as_csv(sheet, "utf-8"))
        url = client.post("/imports/units/", {"file": file, "idempotency_key": str(uuid.uuid4())})["Location"]
        return url, client.get(url, headers={"accept-language": language} if language else {}).content.decode()

    def test_a_file_that_says_what_the_portal_has_offers_nothing_to_import(self, world: World) -> None:
        _url, page = self.upload(world, table())
        assert "The file says what the portal has; nothing to import" in page
        assert "btn-primary" not in page
        assert "import-form" not in page

    def test_the_receipt_leads_to_the_new_units(self, world: World) -> None:
        url, page = self.upload(world, [*table(), line(**NEW_UNIT, parent_code="D")])
        assert "1 unit" in page
        receipt = world.client("coordinator").post(url, {"idempotency_key": str(uuid.uuid4())}, follow=True)
        assert '<a href="/units/N/">新局</a>' in receipt.content.decode()
        assert Unit.objects.filter(code="N").exists()

    def test_chinese_lists_have_chinese_commas(self, world: World) -> None:
        _url, page = self.upload(world, [*table(), line(**NEW_UNIT | {"unit_type": "城堡"})], "zh-hans")
        assert "党政机关、" in page
