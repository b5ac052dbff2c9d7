"""An import by page, from the file to the receipt; rows that are mended there."""

import uuid
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from cases.errors import NothingReady
from cases.models import FaultyRow, Punishment, PunishmentUpload
from cases.services import imports
from portal.web import jobs
from portal.web.models import JobState
from tests.cases.files import HEADINGS, begun, csv, imported, row
from tests.world import World

pytestmark = pytest.mark.django_db


def post(world: World, url: str, who: str = "coordinator", **data: Any) -> Any:
    return world.client(who).post(url, {"idempotency_key": str(uuid.uuid4()), **data})


def run_jobs() -> None:
    for job_id in jobs.unfinished():
        jobs.run(job_id)


def test_a_file_goes_by_page_from_upload_to_receipt(world: World) -> None:
    page = post(
        world,
        "/cases/punishments/import/",
        agency=world.unit("O").pk,
        file=csv(row(), row(处罚决定书文号="甲2", 当事人="")),
    )
    assert page.status_code == 302, page.content.decode()
    columns = page.url
    form = world.client("coordinator").get(columns).content.decode()
    assert "青石医药有限公司" in form
    upload = PunishmentUpload.objects.get()
    page = post(world, columns, **{f"c{place}": code for place, code in upload.columns.items()})
    run_jobs()
    check = f"/cases/punishments/import/{upload.pk}/"
    shown = world.client("coordinator").get(check).content.decode()
    assert "1 row is ready" in shown
    assert "Party is empty; write it." in shown
    assert world.client("coordinator").get(f"{check}?export=xlsx").status_code == 200
    key = str(uuid.uuid4())
    first = world.client("coordinator").post(check, {"idempotency_key": key})
    second = world.client("coordinator").post(check, {"idempotency_key": key})
    assert first.url == second.url
    run_jobs()
    assert upload.run.job is None or upload.run.job.state != JobState.FAILED
    assert Punishment.objects.count() == 1
    assert "Imported" in world.client("coordinator").get(check).content.decode()
    assert post(world, check).status_code == 409


def test_columns_that_are_missing_or_chosen_twice_are_said(world: World) -> None:
    upload = begun(world, csv(row()))
    url = f"/cases/punishments/import/{upload.pk}/columns/"
    assert "Party" in post(world, url, c0="number", c9="decided_on").content.decode()
    twice = post(world, url, c0="number", c1="party", c2="party", c9="decided_on")
    assert "two columns" in twice.content.decode()


def test_an_upload_is_its_owners_alone(world: World) -> None:
    upload = begun(world, csv(row()))
    assert world.client("auditor").get(f"/cases/punishments/import/{upload.pk}/columns/").status_code in (403, 404)


def test_nothing_is_written_by_a_check_that_is_not_through(world: World) -> None:
    upload = begun(world, csv(row()))
    with transaction.atomic(), pytest.raises(imports.NothingReady):
        imports.write_ready(world.user("coordinator"), upload.pk, next_url="/")


# --- Mended on the page -----------------------------------------------------------------------------------------------


def test_cells_put_right_on_the_page_are_checked_and_imported_as_a_file_of_their_own(world: World) -> None:
    bad = row(处罚决定书文号="青市监罚〔2025〕2号", 处罚决定日期="2025年2月31日")
    worse = row(处罚决定书文号="青市监罚〔2025〕3号", 处罚决定日期="昨天")
    by, upload = world.user("coordinator"), begun(world, csv(row(), bad, worse))
    client = world.client("coordinator")
    imports.choose_columns(by, upload.pk, {int(p): code for p, code in upload.columns.items()}, next_url="/")
    run_jobs()
    place = HEADINGS.index("处罚决定日期")
    first, second = FaultyRow.objects.values_list("number", flat=True)
    page = client.get(f"/cases/punishments/import/{upload.pk}/").content.decode()
    assert f'name="cell-{first}-{place}" value="2025年2月31日"' in page
    typed = {
        f"cell-{first}-{place}": "2025-02-28",
        f"cell-{second}-{place}": "前天",
        "idempotency_key": str(uuid.uuid4()),
    }
    for _twice in range(2):
        assert client.post(f"/cases/punishments/import/{upload.pk}/mend/", typed).status_code == 302
    mended = PunishmentUpload.objects.latest("pk")
    assert PunishmentUpload.objects.count() == 2
    run_jobs()
    imports.write_ready(by, mended.pk, next_url="/")
    run_jobs()
    assert Punishment.objects.get(number="青市监罚〔2025〕2号").decided_on == date(2025, 2, 28)
    assert FaultyRow.objects.get(run=mended.run).cells[place] == "前天"


def test_cells_of_no_row_mend_nothing(world: World) -> None:
    upload, _found = imported(world, csv(row()))
    with pytest.raises(NothingReady):
        imports.mend_rows(world.user("coordinator"), upload.pk, {99: {0: "x"}}, next_url=str)
