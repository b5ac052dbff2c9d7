"""Files of agencies as tests write them."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from django.core.files.base import ContentFile

from cases.models import Punishment, PunishmentUpload
from cases.punishments import indexing
from cases.punishments.importing import Figures
from cases.services import imports
from tests.world import World

HEADINGS = (
    *("处罚决定书文号", "案件名称", "当事人", "统一社会信用代码", "违法事实", "处罚种类"),
    *("罚款金额（万元）", "涉案金额（元）", "立案日期", "处罚决定日期", "承办人", "是否移送司法机关"),
)
ROW = {
    "处罚决定书文号": "青市监罚〔2025〕1号",
    "案件名称": "青石医药公司拆分采购案",
    "当事人": "青石医药有限公司",
    "统一社会信用代码": "91410600MA3X9Y0001",
    "违法事实": "同一周内拆分签订十一份采购合同，规避公开招标。",
    "处罚种类": "罚款",
    "罚款金额（万元）": "2",
    "涉案金额（元）": "1260000",
    "立案日期": "2025-01-10",
    "处罚决定日期": "2025-03-05",
    "承办人": "林海",
    "是否移送司法机关": "否",
}
Line = Sequence[str]


def row(**changes: str) -> list[str]:
    """A row with some cells changed, by heading."""
    return list((ROW | changes).values())


def csv(*lines: Line, headings: Line = HEADINGS, encoding: str = "utf-8-sig") -> ContentFile:  # type: ignore[type-arg]
    """A CSV file of these rows."""
    text = "\n".join(",".join(f'"{cell}"' if "," in cell else cell for cell in cells) for cells in (headings, *lines))
    return ContentFile(text.encode(encoding), name="penalties.csv")


def xlsx(*lines: Sequence[Any]) -> ContentFile:  # type: ignore[type-arg]
    """A workbook of these rows, headings and all."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate(lines):
            sheet.write_row(number, 0, cells)
    return ContentFile(buffer.getvalue(), name="penalties.xlsx")


def begun(world: World, file: Any, agency: str = "O") -> PunishmentUpload:
    """An upload of the coordinator's."""
    return imports.begin(world.user("coordinator"), world.unit(agency), file)


def imported(world: World, file: Any, agency: str = "O") -> tuple[PunishmentUpload, Figures]:
    """A file that has been imported, and what it wrote; its words are searched for."""
    upload = begun(world, file, agency)
    found = imports.import_now(upload, world.user("coordinator"))
    indexing.write_all()
    upload.run.refresh_from_db()
    return upload, found


def current(number: str = "青市监罚〔2025〕1号") -> Punishment:
    """The version of a decision that stands."""
    return Punishment.objects.current().get(number=number)
