"""Prevention projects of the demo's year, one in each of the four methods: one completed, two under way, one planned."""

from datetime import date
from functools import partial
from typing import Any, NamedTuple

from portal.accounts.models import User
from portal.demo.story import deeds
from portal.demo.story.telling import Story
from portal.organisation.models import Unit
from systems.models import RequiredSystem
from systems.models.projects import Method, MilestoneCheck, Project
from systems.services import projects
from systems.services.projects import MilestonePlan, ProjectPlan


class Told(NamedTuple):
    """A project as it goes: what it is, its units, its milestones, and on which days units report."""

    plan: dict[str, Any]
    lead: str
    system: str
    units: tuple[str, ...]
    milestones: tuple[tuple[date, str, str, str], ...]
    begins: date | None
    # Milestone by number from 0, unit, day of the report; the check follows a day later, unless it is still to come.
    reports: tuple[tuple[int, str, date, date | None], ...] = ()
    ends: date | None = None
    outcome: str = ""


SAID = "Records looked through, two small gaps mended on the spot. / 已逐项自查，两处小问题当场整改。"
FOUND = "Seen on site; the records agree. / 现场核对，记录相符。"


def _all(
    number: int, codes: tuple[str, ...], day: date, checked: date
) -> tuple[tuple[int, str, date, date | None], ...]:
    return tuple((number, code, day, checked) for code in codes)


HOSPITALS = ("QS-YY1", "QS-YY2")
BUILDERS = ("QS-ZJ", "QS-CT", "QS-SL")
PROJECTS = (
    Told(
        {
            "method": Method.KEY,
            "name_zh": "药品耗材采购岗位重点预防",
            "name_en": "Posts that buy medicines",
            "subject": "Heads of pharmacy and equipment of both hospitals / 两院药剂、设备科负责人",
            "aim": "No purchase rests with one person. / 杜绝一人说了算。",
            "starts_on": date(2026, 3, 2),
            "ends_on": date(2026, 9, 30),
        },
        "QS-WJ",
        "goods_procurement",
        HOSPITALS,
        (
            (
                date(2026, 4, 30),
                "风险点排查",
                "Risk points listed",
                "Each post has its list, signed. / 每个岗位有风险点清单并签字。",
            ),
            (
                date(2026, 8, 31),
                "双人验收落实",
                "Two people accept",
                "Twenty acceptances drawn at random. / 随机抽查20笔验收。",
            ),
        ),
        date(2026, 3, 9),
        (
            *_all(0, HOSPITALS, date(2026, 4, 24), date(2026, 4, 28)),
            *_all(1, HOSPITALS, date(2026, 8, 24), date(2026, 8, 27)),
        ),
        date(2026, 9, 8),
        "Acceptance by one person fell from 9 of 20 to none. / 单人验收由20笔中9笔降为0。",
    ),
    Told(
        {
            "method": Method.SYNCHRONOUS,
            "name_zh": "青石河综合治理工程同步预防",
            "name_en": "Alongside the Qingshi River works",
            "subject": "Qingshi River works, 2026 to 2027 / 青石河综合治理工程",
            "aim": "The works are finished and nobody has fallen. / 工程优质、干部优秀。",
            "starts_on": date(2026, 5, 6),
            "ends_on": date(2027, 6, 30),
        },
        "QS-SL",
        "project_bidding",
        BUILDERS,
        (
            (
                date(2026, 6, 30),
                "招标阶段",
                "Tender",
                "Tender documents, experts, complaints. / 招标文件、评标专家、投诉处理。",
            ),
            (
                date(2026, 11, 30),
                "合同与变更",
                "Contracts and changes",
                "Every change of contract with its approval. / 每项变更均有审批。",
            ),
            (date(2027, 5, 31), "结算审计", "Settlement", "Payment against measured work. / 按计量支付。"),
        ),
        date(2026, 5, 11),
        (
            *_all(0, BUILDERS, date(2026, 6, 22), date(2026, 6, 25)),
            (1, "QS-ZJ", date(2026, 11, 12), date(2026, 11, 17)),
            (1, "QS-CT", date(2026, 11, 23), None),
        ),
    ),
    Told(
        {
            "method": Method.SYSTEMATIC,
            "name_zh": "乡镇财政所系统预防",
            "name_en": "Township finance, the whole line",
            "subject": "Finance offices of all towns and sub-districts / 各镇（乡、街道）财政所",
            "aim": "Village accounts are kept and shown the same way everywhere. / 村级账务统一管理、统一公开。",
            "starts_on": date(2026, 9, 1),
            "ends_on": date(2027, 3, 31),
        },
        "QS-CZ",
        "village_accounts",
        ("QS-T1", "QS-T2", "QS-S1", "QS-S2"),
        (
            (date(2026, 10, 30), "自查", "Self-examination", "All vouchers of the year. / 全年凭证。"),
            (
                date(2027, 1, 29),
                "交叉检查",
                "Cross-check",
                "Each office looks at another's books. / 财政所之间交叉检查。",
            ),
        ),
        date(2026, 9, 7),
        _all(0, ("QS-T1", "QS-T2", "QS-S1", "QS-S2"), date(2026, 10, 23), date(2026, 10, 28)),
    ),
    Told(
        {
            "method": Method.SPECIAL,
            "name_zh": "惠农补贴领域专项预防",
            "name_en": "Farm subsidies",
            "subject": "Subsidies paid through towns and villages / 经镇村发放的惠农补贴",
            "aim": "Each subsidy reaches the household that it is meant for. / 补贴精准到户。",
            "starts_on": date(2026, 12, 1),
            "ends_on": date(2027, 9, 30),
        },
        "QS-NY",
        "village_accounts",
        ("QS-NY", "QS-T1", "QS-T2", "QS-T3"),
        ((date(2027, 2, 26), "名册核对", "Lists compared", "Lists against household registers. / 名册与户籍比对。"),),
        None,
    ),
)


def write(story: Story) -> None:
    """Each project from its plan to where it stands."""
    for told in PROJECTS:
        name = told.plan["name_en"]
        story.on(told.begins or date(2026, 11, 20), partial(_begin, told))
        for number, code, day, checked in told.reports:
            story.on(day, partial(_report, name, number, code))
            if checked is not None:
                story.on(checked, partial(_check, name, number, code))
        if told.ends is not None:
            story.on(told.ends, partial(_complete, name, told.outcome))


def _by() -> User:
    return deeds.user("coordinator")


def _begin(told: Told) -> None:
    lead, system = Unit.objects.get(code=told.lead), RequiredSystem.objects.get(code=told.system)
    made = projects.plan(_by(), ProjectPlan(unit=lead, category=system, **told.plan))
    for due_on, name_zh, name_en, looked_at in told.milestones:
        projects.add_milestone(_by(), made.pk, MilestonePlan(name_zh, due_on, name_en, looked_at))
    projects.involve(_by(), made.pk, list(Unit.objects.filter(code__in=told.units)))
    if told.begins is not None:
        projects.start(_by(), made.pk, expected_version=made.version)


def _check_of(name: str, number: int, code: str) -> MilestoneCheck:
    milestone = Project.objects.get(name_en=name).milestones.all()[number]
    return milestone.checks.get(unit__code=code)


def _report(name: str, number: int, code: str) -> None:
    found = _check_of(name, number, code)
    projects.report(deeds.leader(code), found.pk, expected_version=found.version, text=SAID)


def _check(name: str, number: int, code: str) -> None:
    found = _check_of(name, number, code)
    projects.check(_by(), found.pk, expected_version=found.version, kept=True, text=FOUND)


def _complete(name: str, outcome: str) -> None:
    made = Project.objects.get(name_en=name)
    projects.complete(_by(), made.pk, expected_version=made.version, outcome=outcome)
