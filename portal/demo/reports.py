"""What the demo's leaders write in their reports."""

from collections.abc import Iterator
from typing import Any

from portal.organisation.models import Unit
from responsibility.models import Part
from responsibility.report_parts import CLEAN, NOT_REACHED, ON_THE_WAY, REACHED

REMARKS = {
    (Part.WORK.value, ""): "Name the measures one by one, with who carried them out. / 请逐项写明措施及责任人。",
    (
        Part.TARGETS.value,
        "education",
    ): "“Field staff” is not a reason. Which stations are behind, and when will each have "
    "finished? / “外勤人员”不是理由，请写明进度滞后的站点及完成时间。",
}
WORK = {
    "summary": "The plan of {en} was adopted by the leadership in March and examined in June. / {zh}三月通过年度计划，六月开展检查。",
    "measures": "Two rounds of talks with holders of power posts; purchases above 50,000 yuan published. / "
    "对重点岗位人员开展两轮谈话；五万元以上采购全部公开。",
    "signs": "One gift returned by a member of staff and recorded. / 一名工作人员上交礼品一件，已登记。",
    "difficulties": "Field stations share terminals. / 外勤站点共用终端。",
    "next_steps": "Review of the bidding rules by the end of the next quarter. / 下一季度末前完成招标制度审查。",
}
FIGURES = {
    "plan": ("Adopted on 18 March. / 3月18日通过。", REACHED),
    "education": ("81%", NOT_REACHED),
    "regulations": ("1", REACHED),
    "systems": ("92%", ON_THE_WAY),
    "powers": ("100%", REACHED),
    "rectification": ("4 / 6", ON_THE_WAY),
    "recommendations": ("100%", REACHED),
    "reports": ("100%", REACHED),
}


def parts(unit: Unit, targets: list[dict[str, Any]], *, again: bool) -> Iterator[tuple[Part, dict[str, Any]]]:
    """The three parts of a unit's report; `again` answers the remarks of the first round."""
    names = {"en": unit.name_en, "zh": unit.name_zh}
    work = {field: text.format(**names) for field, text in WORK.items()}
    if again:
        work["measures"] += " Carried out by the office and the finance section. / 由办公室和财务科负责落实。"
    yield Part.WORK, work
    yield Part.TARGETS, {target["code"]: _answer(target["code"], again=again) for target in targets}
    yield (
        Part.CLEAN,
        {field.code: "None. / 无。" for field in CLEAN}
        | {"statement": "What is stated above is true and complete. / 以上情况真实、完整。"},
    )


def _answer(code: str, *, again: bool) -> dict[str, str]:
    figure, state = FIGURES.get(code, ("100%", REACHED))
    answer = {"figure": figure, "state": state}
    if state == NOT_REACHED:
        reason = "Field staff could not take part. / 外勤人员未能参加。"
        if again:
            reason = "Stations 2 and 5 work in three shifts and share terminals. / 二号、五号站点三班倒，共用终端。"
        answer |= {
            "explanation": reason,
            "remedy": "Two tablets a station, one shift a day. / 每站配两台平板，每天安排一个班次。",
            "remedy_on": "2026-11-27",
        }
    return answer
