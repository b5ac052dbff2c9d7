"""Files of decisions as agencies write them: what is read, what is given back, what is not written twice."""

from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from cases.models import ColumnMapping, Punishment, PunishmentUpload, SearchEntry
from cases.punishments import importing, wording
from cases.services import imports
from portal.audit.models import Entry
from portal.web.imports import FileRefused
from portal.web.models import ImportRun
from tests.cases.files import HEADINGS, begun, csv, current, imported, row, xlsx
from tests.world import World

pytestmark = pytest.mark.django_db


def wrong(upload: PunishmentUpload) -> set[str]:
    return set(upload.run.summary["reasons"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_file_in_any_encoding_of_the_office_is_read(world: World, encoding: str) -> None:
    _upload, found = imported(world, csv(row(), encoding=encoding))
    assert found.new == 1
    decision = current()
    assert decision.party == "青石医药有限公司"
    assert (decision.fine, decision.amount) == (Decimal(20_000), Decimal(1_260_000))
    assert (decision.decided_on, decision.transferred) == (date(2025, 3, 5), False)


@pytest.mark.parametrize(
    "written", ["2025-03-05", "2025/3/5", "2025.03.05", "2025年3月5日", "20250305", "45721", "２０２５年３月５日"]
)
def test_a_day_is_read_in_every_form_in_use(world: World, written: str) -> None:
    imported(world, csv(row(处罚决定日期=written)))
    assert current().decided_on == date(2025, 3, 5)


@pytest.mark.parametrize(
    ("written", "yuan"),
    [
        ("1260000", "1260000"),
        ("126万元", "1260000"),
        ("1,260,000.50元", "1260000.50"),
        ("￥３００", "300"),
        ("2亿", "200000000"),
    ],
)
def test_an_amount_is_read_with_its_unit(world: World, written: str, yuan: str) -> None:
    imported(world, csv(row(**{"涉案金额（元）": written})))
    assert current().amount == Decimal(yuan)


def test_numbers_are_kept_with_one_kind_of_bracket(world: World) -> None:
    imported(world, csv(row(处罚决定书文号="青市监罚[２０２５] 7 号")))
    assert Punishment.objects.get().number == "青市监罚〔2025〕7号"


def test_rows_with_something_wrong_are_given_back_and_the_others_written(world: World) -> None:
    upload, found = imported(
        world,
        csv(
            row(),
            row(处罚决定书文号="甲2", 处罚决定日期="2025年13月5日"),
            row(处罚决定书文号="甲3", **{"涉案金额（元）": "很多"}),
            row(处罚决定书文号="", 当事人="某人"),
            row(处罚决定书文号="甲5", 处罚决定日期="2031-01-01"),
            row(处罚决定书文号="甲6", 立案日期="2025-06-01"),
        ),
    )
    assert (found.new, found.mend) == (1, 5)
    assert wrong(upload) == {"decided_on:day", "amount:yuan", "number:missing", "decided_on:future", "filed_on:after"}
    assert all(wording.problem(code).endswith(".") for code in wrong(upload))


def test_rows_of_sums_and_empty_rows_are_passed_over(world: World) -> None:
    sums = ["合计", "", "", "", "", "", "2", "1260000", "", "", "", ""]
    _upload, found = imported(world, csv(row(), sums, [""] * 12))
    assert (found.new, found.mend) == (1, 0)


def test_a_title_and_two_rows_of_headings_are_read(world: World) -> None:
    upper = ["文号", "当事人", "处罚内容", "", "日期", ""]
    lower = ["", "", "罚款金额", "没收违法所得金额", "立案日期", "处罚决定日期"]
    file = xlsx(["行政处罚案件统计表"], upper, lower, ["甲1", "某公司", 300, 20.5, "2025-01-02", 45721])
    upload, found = imported(world, file)
    assert found.new == 1, upload.layout
    decision = current("甲1")
    assert (decision.fine, decision.confiscated) == (Decimal(300), Decimal("20.5"))
    assert decision.decided_on == date(2025, 3, 5)


def test_a_short_row_and_broken_bytes_are_named_and_the_rest_is_read(world: World) -> None:
    text = "\n".join(",".join(cells) for cells in (HEADINGS, row(), row(处罚决定书文号="甲2"))).encode("gb18030")
    broken = text.replace("甲2".encode("gb18030"), b"\xff\xff2") + "\n甲3,短行".encode("gb18030")
    upload, found = imported(world, ContentFile(broken, name="b.csv"))
    assert (found.new, found.mend) == (1, 2)
    assert wrong(upload) == {"row:broken", "party:missing", "decided_on:missing"}


def test_a_formula_stays_a_text(world: World) -> None:
    imported(world, csv(row(当事人="=HYPERLINK(1)")))
    assert current().party == "=HYPERLINK(1)"


def test_the_same_file_twice_changes_nothing(world: World) -> None:
    imported(world, csv(row()))
    _upload, found = imported(world, csv(row()))
    assert (found.new, found.changed, found.unchanged) == (0, 0, 1)
    assert Punishment.objects.count() == 1


def test_a_correction_is_a_new_version_beside_the_old(world: World) -> None:
    imported(world, csv(row()))
    _upload, found = imported(world, csv(row(**{"罚款金额（万元）": "3"})))
    assert (found.new, found.changed) == (0, 1)
    versions = list(Punishment.objects.order_by("version").values_list("version", "is_current", "fine"))
    assert versions == [(1, False, Decimal(20_000)), (2, True, Decimal(30_000))]
    assert SearchEntry.objects.get().punishment == current()


def test_an_amount_that_moves_into_another_column_is_a_correction(world: World) -> None:
    imported(world, csv(row()))
    _upload, found = imported(world, csv(row(**{"罚款金额（万元）": "", "涉案金额（元）": "20000"})))
    assert found.changed == 1


def test_the_same_number_of_two_agencies_is_two_decisions(world: World) -> None:
    imported(world, csv(row()))
    imported(world, csv(row()), agency="B")
    assert Punishment.objects.current().count() == 2


def test_a_number_that_stands_twice_counts_once(world: World) -> None:
    upload, found = imported(world, csv(row(), row(), row(当事人="别人")))
    assert (found.new, found.unchanged, found.mend) == (1, 1, 1)
    assert wrong(upload) == {"number:twice"}


def test_columns_once_named_are_known_in_the_next_file(world: World, django_capture_on_commit_callbacks: Any) -> None:
    headings = [*HEADINGS[:2], "老板", *HEADINGS[3:]]
    upload = begun(world, csv(row(), headings=headings))
    assert "party" not in upload.columns.values()
    codes = {int(place): code for place, code in upload.columns.items()} | {2: "party"}
    imports.choose_columns(world.user("coordinator"), upload.pk, codes, next_url="/")
    assert ColumnMapping.objects.get(agency=world.unit("O")).columns["老板"] == "party"
    again = begun(world, csv(row(), headings=headings))
    assert again.columns["2"] == "party"


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", b""), ("a.csv", b"\x00\x01\x02"), ("a.xlsx", b"no workbook"), ("a.csv", b"PK\x03\x04")],
)
def test_what_is_no_file_of_rows_is_refused_and_leaves_nothing(world: World, name: str, content: bytes) -> None:
    with pytest.raises(FileRefused):
        imported(world, ContentFile(content, name=name))
    assert not ImportRun.objects.exists()


def test_a_file_that_is_too_large_is_refused(world: World, settings: Any) -> None:
    settings.PUNISHMENT_FILE_MAX_BYTES = 10
    with pytest.raises(FileRefused, match="larger than"):
        begun(world, csv(row()))


def test_a_killed_import_goes_on_behind_the_last_portion(world: World) -> None:
    upload = begun(world, csv(*(row(处罚决定书文号=f"甲{n}") for n in range(7))))
    imports.check(upload)
    importing.write_next(upload.pk, 2)
    assert Punishment.objects.count() == 2
    imports.write(upload, None)
    assert Punishment.objects.count() == 7
    assert PunishmentUpload.objects.get(pk=upload.pk).run.summary["wrote"]["new"] == 5


def test_the_import_is_in_the_log_with_the_fingerprint_of_the_file(world: World) -> None:
    upload, _found = imported(world, csv(row()))
    entry = Entry.objects.get(action="punishments.imported")
    assert entry.data["sha256"] == upload.run.sha256


def test_the_command_checks_writes_and_says_what_is_wrong(world: World, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_bytes(csv(row(), row(处罚决定书文号="甲2", 处罚决定日期="?")).read())
    out, err = StringIO(), StringIO()
    call_command("import_punishments", str(path), agency="O", dry_run=True, stdout=out, stderr=err)
    assert "Would write: 1 new" in out.getvalue()
    assert not Punishment.objects.exists()
    call_command("import_punishments", str(path), agency="O", stdout=out, stderr=err)
    assert "Wrote: 1 new" in out.getvalue()
    assert "1 rows, from row 3" in err.getvalue()
    with pytest.raises(CommandError, match="no unit"):
        call_command("import_punishments", str(path), agency="NOWHERE")
