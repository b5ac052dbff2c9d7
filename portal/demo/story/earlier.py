"""The cases of the four years before, brought in from the files; what others can learn of two of them; clues of the year."""

import json
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from cases.models import Clue, CrimeCase, Exposure, Offence
from cases.services import clues, crime, exposures
from cases.services.clues.receiving import Told
from cases.services.crime import Accused, Deed
from portal.demo.story import deeds
from portal.demo.story.telling import Story
from portal.organisation.models import Rank, Unit
from systems.models import RequiredSystem

CASES = Path(__file__).resolve().parent.parent / "crimes.json"
OFFICER, OFFICE = "officer", "QS-JCY"
FINE = Decimal(100_000)
# Two of them as lessons: the unit's case, its headline, what is to be learned.
LESSONS = {
    "项目资金挪用公款案": ("两枚密钥一个人管", "网上银行的经办与复核密钥必须分人保管，每月由第三人核对流水。"),
    "社保基金贪污案": ("一个人的两个账号", "系统账号一人一号，经办与复核不得由同一人登录，离岗即停用。"),
}


class Heard(NamedTuple):
    """A clue of the year: when and whence it came, what it says, of whom, how it ended."""

    day: date
    source: str
    unit: str
    rank: str
    text: str
    closed: date | None
    result: str = "unfounded"


CLUES = (
    Heard(
        date(2026, 2, 24),
        "transfer",
        "QS-SL",
        "township_section_chief",
        "一名领导亲属承揽灌渠工程。",
        date(2026, 4, 10),
    ),
    Heard(date(2026, 3, 30), "report", "QS-ZX1", "technical", "食堂招标只有一家参加。", date(2026, 5, 6), "discipline"),
    Heard(
        date(2026, 5, 18), "inspection", "QS-T3", "section_member", "惠农补贴发放表多人笔迹相同。", date(2026, 7, 28)
    ),
    Heard(
        date(2026, 6, 29),
        "report",
        "QS-CT",
        "enterprise_manager",
        "公司车辆维修费远高于往年。",
        date(2026, 8, 21),
        "kept",
    ),
    Heard(
        date(2026, 9, 7), "audit", "QS-NY", "township_section_deputy", "培训费发票连号。", date(2026, 10, 30), "organ"
    ),
    Heard(date(2026, 11, 2), "report", "QS-S1", "section_member", "临时救助名单中有已迁出的人员。", None),
)


def write(story: Story) -> None:
    """What the office knew before the portal, and what came to it in the year."""
    story.on(date(2026, 1, 7), _bring_in)
    for day, title in ((date(2026, 3, 17), "项目资金挪用公款案"), (date(2026, 5, 12), "社保基金贪污案")):
        story.on(day, partial(_publish, title))
    for heard in CLUES:
        story.on(heard.day, partial(_receive, heard))
        if heard.closed is not None:
            story.on(heard.closed, partial(_close, heard))


def _bring_in() -> None:
    """Every concluded case of the files, with its milestones."""
    for told in json.loads(CASES.read_text(encoding="utf-8")):
        case = _file(told)
        for source in told["also"]:
            crime.also_found_by(deeds.user(OFFICER), case.pk, source=source)
        for stage, day in told["stages"].items():
            crime.reach(deeds.user(OFFICER), case.pk, stage=stage, on=date.fromisoformat(day))
        _conclude(case, told)


def _file(told: dict[str, Any]) -> CrimeCase:
    begun, ended = (date.fromisoformat(day) for day in told["act"])
    offence = Offence.objects.get(code=told["offence"])
    return crime.file_case(
        deeds.user(OFFICER),
        number=told["number"],
        title=told["title"],
        unit=Unit.objects.get(code=told["unit"]),
        office=Unit.objects.get(code=OFFICE),
        means=told["means"],
        filed_on=date.fromisoformat(told["filed"]),
        source=told["source"],
        loophole=RequiredSystem.objects.get(code=told["loophole"]),
        deeds=[Deed(offence, begun, ended, Decimal(told["amount"]))],
        accused=[Accused(told["name"], told["post"], Rank.objects.get(code=told["rank"]))],
    )


def _conclude(case: CrimeCase, told: dict[str, Any]) -> None:
    good = dict.fromkeys(("facts", "evidence", "nature", "handling", "procedure"), True)
    crime.check_quality(deeds.user("coordinator"), case.pk, points=good, remark="")
    case.refresh_from_db()
    case = crime.edit_case(
        deeds.user(OFFICER),
        case.pk,
        expected_version=case.version,
        title=case.title,
        means=case.means,
        loophole=case.loophole,
        power=case.power,
        recovered=Decimal(told["recovered"]),
    )
    crime.conclude(
        deeds.user(OFFICER),
        case.pk,
        expected_version=case.version,
        outcome="convicted",
        on=max(date.fromisoformat(day) for day in told["stages"].values()),
        months=told["months"],
        probation=told["months"] <= 12,
        fine=FINE,
    )


def _publish(title: str) -> None:
    """The officer prepares it, the head releases it."""
    case = CrimeCase.objects.get(title=title)
    headline, lesson = LESSONS[title]
    suspect = case.suspects.get()
    exposures.prepare(
        deeds.user(OFFICER),
        case.pk,
        title=headline,
        text=f"{case.unit.name_zh}{suspect.post}{suspect.name}{case.means}",
        lesson=lesson,
        sector=case.unit.sector,
        rank=suspect.rank,
    )
    found = Exposure.objects.get(case=case)
    exposures.release(deeds.user("head"), found.pk, expected_version=found.version)


def _receive(heard: Heard) -> None:
    officer, unit = deeds.user(OFFICER), Unit.objects.get(code=heard.unit)
    told = Told(heard.text, unit.name_zh)
    clue = clues.receive(officer, office=Unit.objects.get(code=OFFICE), source=heard.source, told=told, unit=unit)
    clues.name_officers(
        deeds.user("coordinator"),
        clue.pk,
        expected_version=clue.version,
        users=[officer],
        grade="b",
        rank=Rank.objects.get(code=heard.rank),
    )


def _close(heard: Heard) -> None:
    clue = Clue.objects.get(unit__code=heard.unit, received_on=heard.day)
    reasons = "已向有关人员和单位核实，情况见核查记录。"
    clues.close_clue(deeds.user(OFFICER), clue.pk, expected_version=clue.version, result=heard.result, reasons=reasons)
