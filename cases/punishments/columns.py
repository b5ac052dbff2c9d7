"""The columns of a file of decisions and the headings that agencies give them. Pure."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Form(StrEnum):
    """What a cell of a column holds."""

    TEXT = "text"
    DAY = "day"
    YUAN = "yuan"
    YES_NO = "yes_no"


class Column(NamedTuple):
    """A column: its code, what it is called on our pages, the headings in use, what it holds, whether it must be there."""

    code: str
    label: str | Promise
    headings: tuple[str, ...]
    form: Form = Form.TEXT
    required: bool = False


COLUMNS = (
    Column(
        "number",
        _("Decision number"),
        ("处罚决定书文号", "行政处罚决定书文号", "决定书文号", "文号", "决定书编号", "案号", "Decision number"),
        required=True,
    ),
    Column("title", _("Case"), ("案件名称", "案由", "案件标题", "处罚名称", "Case name", "Case")),
    Column(
        "party",
        _("Party"),
        ("行政相对人名称", "当事人", "当事人名称", "被处罚人", "被处罚单位", "相对人名称", "处罚对象", "Party"),
        required=True,
    ),
    Column(
        "party_code",
        _("Unified social credit code"),
        ("统一社会信用代码", "社会信用代码", "信用代码", "行政相对人代码", "Unified social credit code"),
    ),
    Column("id_number", _("ID number"), ("身份证号", "身份证号码", "证件号码", "ID number")),
    Column(
        "representative",
        _("Legal representative"),
        ("法定代表人", "法人代表", "负责人", "法定代表人姓名", "Legal representative"),
    ),
    Column("facts", _("Facts"), ("违法事实", "违法行为", "主要违法事实", "案情", "违法行为类型", "处罚事由", "Facts")),
    Column("basis", _("Legal basis"), ("处罚依据", "法律依据", "违反法律条款", "Legal basis")),
    Column("kinds", _("Kind of penalty"), ("处罚类别", "处罚种类", "处罚类型", "Kind of penalty")),
    Column("content", _("Penalty"), ("处罚内容", "处罚结果", "处罚决定", "Penalty")),
    Column("fine", _("Fine (yuan)"), ("罚款金额", "罚没金额", "罚款", "罚款数额", "处罚金额", "Fine"), Form.YUAN),
    Column(
        "confiscated",
        _("Confiscated (yuan)"),
        ("没收违法所得金额", "没收金额", "没收违法所得", "没收违法所得没收非法财物的金额", "Confiscated amount"),
        Form.YUAN,
    ),
    Column(
        "amount",
        _("Amount involved (yuan)"),
        ("涉案金额", "违法金额", "案值", "涉案货值", "货值金额", "Amount involved"),
        Form.YUAN,
    ),
    Column("filed_on", _("Filed on"), ("立案日期", "立案时间", "Filed on"), Form.DAY),
    Column(
        "decided_on",
        _("Decided on"),
        ("处罚决定日期", "决定日期", "处罚日期", "作出处罚日期", "处罚决定时间", "Decided on"),
        Form.DAY,
        required=True,
    ),
    Column("handler", _("Handled by"), ("承办人", "经办人", "办案人员", "执法人员", "Handled by")),
    Column("executed", _("Executed"), ("是否执行", "是否执行到位", "执行情况", "Executed"), Form.YES_NO),
    Column(
        "transferred",
        _("Transferred to justice"),
        ("是否移送司法机关", "是否移送", "是否移送公安", "移送司法机关", "Transferred to justice"),
        Form.YES_NO,
    ),
    Column("transferred_on", _("Transferred on"), ("移送日期", "移送时间", "Transferred on"), Form.DAY),
    Column("reply", _("Reply of the receiving organ"), ("受案机关回复", "移送回复", "回复情况", "Reply")),
    Column("remark", _("Remark"), ("备注", "说明", "Remark")),
)
BY_CODE = {column.code: column for column in COLUMNS}
# Known, and not needed: the agency is chosen, rows have numbers of their own.
PASSED_OVER = ("处罚机关", "序号", "编号", "行政区划", "数据来源单位", "no", "no.")
WAN = 10_000


def plain(heading: str) -> str:
    """A heading without spaces, its unit and what is between brackets: 罚款金额（万元） is 罚款金额."""
    text = "".join(heading.split()).casefold().replace("（", "(").replace("）", ")").strip("*:：")
    for unit in ("(万元)", "(元)", "(人民币)", "(人民币元)", "(yuan)", "(10,000yuan)", "(必填)"):
        text = text.replace(unit, "")
    return text


def factor(heading: str) -> int:
    """What an amount under a heading is multiplied by to be yuan."""
    return WAN if "万元" in heading or "10,000" in heading else 1


_KNOWN = {plain(heading): column.code for column in COLUMNS for heading in column.headings}


def known(heading: str) -> bool:
    """Whether a cell is a heading that agencies use."""
    text = plain(heading)
    return text in _KNOWN or text in PASSED_OVER


def guess(headings: Sequence[str], saved: Mapping[str, str]) -> dict[int, str]:
    """The column code by place: as was saved for the agency, else by the words in use; the first of two counts."""
    found: dict[int, str] = {}
    for place, heading in enumerate(headings):
        text = plain(heading)
        code = saved.get(text, _KNOWN.get(text, ""))
        if code in BY_CODE and code not in found.values():
            found[place] = code
    return found


def missing(codes: Mapping[int, str]) -> list[Column]:
    """The columns that a file must have and does not."""
    return [column for column in COLUMNS if column.required and column.code not in codes.values()]
