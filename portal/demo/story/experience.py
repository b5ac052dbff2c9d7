"""What prevention teaches: the Regulations, projects in the four methods, an investigation, measures, a report, proposals."""

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from portal.accounts.models import User
from portal.demo.story import deeds, projects
from portal.demo.story import regulations as regulations_told
from portal.demo.story.telling import FIRST_DAY, Story
from portal.organisation.models import OfficialType, Sector, Unit, UnitType
from systems.investigation_rules import Given
from systems.models import RequiredSystem
from systems.models.experience import MeasureState, PreventiveMeasure, Proposal, ProposalKind
from systems.models.investigations import Investigation, QuestionKind
from systems.models.research import ResearchReport
from systems.services import experience, investigations, proposals
from systems.services.catalogue import Demand
from systems.services.experience import MeasureText, TrialText
from systems.services.investigations import InvestigationPlan, QuestionText
from systems.services.proposals import ProposalText

ASKED = ("QS-CZ", "QS-ZJ", "QS-ZR", "QS-JY", "QS-WJ", "QS-NY", "QS-MZ", "QS-SL", "QS-CT", "QS-T1", "QS-T2", "QS-T3")
# Who has not answered the second questionnaire yet; its day is still to come.
SECOND, SECOND_DUE = date(2026, 11, 16), date(2026, 12, 11)


def write(story: Story) -> None:
    """A year in which experience is gathered and put to use."""
    story.on(FIRST_DAY, regulations_told.adopt)
    projects.write(story)
    story.on(date(2026, 4, 7), _measures)
    story.on(date(2026, 5, 11), _first_investigation)
    for place, code in enumerate(ASKED):
        story.on(date(2026, 5, 18 + place % 5), partial(_answer, code, place))
    story.on(date(2026, 6, 8), _report)
    story.on(date(2026, 6, 16), _propose)
    story.on(date(2026, 6, 23), _adopt)
    story.on(date(2026, 8, 10), _carry_out)
    story.on(date(2026, 9, 21), _lessons)
    story.on(SECOND, _second_investigation)
    story.on(date(2026, 11, 18), _pending)
    story.on(date(2026, 11, 19), regulations_told.revise)


def _by() -> User:
    return deeds.user("coordinator")


def _unit(code: str) -> Unit:
    return Unit.objects.get(code=code)


# --- The Regulations --------------------------------------------------------------------------------------------------


def _measures() -> None:
    for values in LIBRARY:
        systems = RequiredSystem.objects.filter(code__in=values["systems"])
        sectors = Sector.objects.filter(code__in=values["sectors"])
        text = MeasureText(values["zh"], values["text"], values["en"], sectors, systems, OfficialType.objects.all()[:2])
        made = experience.add(_by(), text)
        for trial in values["trials"]:
            where: dict[str, Any] = dict(trial)
            unit = _unit(where.pop("unit")) if "unit" in where else None
            experience.try_(_by(), made.pk, TrialText(unit=unit, **where))


LIBRARY: tuple[dict[str, Any], ...] = (
    {
        "zh": "采购验收双人签字",
        "en": "Two signatures at acceptance",
        "text": "Goods are accepted by two people who did not order them; both sign. / 采购物资由两名未参与采购的人员共同验收并签字。",
        "systems": ["gov_procurement", "goods_procurement"],
        "sectors": ["health", "education"],
        "trials": [
            {
                "unit": "QS-YY1",
                "since": date(2026, 3, 2),
                "remark": "Pharmacy and consumables first. / 先从药品耗材开始。",
            },
            {"unit": "QS-ZX1", "since": date(2026, 3, 16)},
        ],
    },
    {
        "zh": "招标文件第三方审查",
        "en": "Tender documents read by a third party",
        "text": "Before a tender is published an outsider looks for conditions made to measure. / 招标文件发布前由第三方审查有无量身定制条款。",
        "systems": ["project_bidding"],
        "sectors": ["construction", "transport"],
        "trials": [
            {
                "place": "邻区住建局 / Construction bureau of the neighbouring district",
                "since": date(2025, 1, 6),
                "until": date(2025, 12, 31),
                "findings_before": 14,
                "findings_after": 4,
                "cases_before": 2,
                "cases_after": 0,
            },
            {"unit": "QS-ZJ", "since": date(2026, 2, 2)},
        ],
    },
    {
        "zh": "村级收支每月上墙",
        "en": "Village accounts on the wall every month",
        "text": "Income and spending are posted with vouchers numbered, and a phone for questions. / 每月公示收支明细和凭证编号，并留咨询电话。",
        "systems": ["village_accounts"],
        "sectors": ["agriculture"],
        "trials": [{"unit": "QS-T1", "since": date(2026, 2, 9)}, {"unit": "QS-T2", "since": date(2026, 3, 9)}],
    },
    {
        "zh": "重点岗位三年轮换",
        "en": "Exposed posts change hands every three years",
        "text": "Who approves, buys or inspects changes post after three years. / 审批、采购、执法岗位满三年轮换。",
        "systems": ["cadre_selection"],
        "sectors": [],
        "trials": [],
    },
)


def _lessons() -> None:
    """One has proved itself, with what it taught."""
    made = PreventiveMeasure.objects.get(name_zh="采购验收双人签字")
    lessons = (
        "Acceptance by the buyer alone stopped within a quarter. It needs a list of who may accept, or the second signature "
        "becomes a habit. / 采购人单方验收一个季度内消失；须有验收人员名单，否则第二签字流于形式。"
    )
    experience.judge(_by(), made.pk, expected_version=made.version, state=MeasureState.PROVEN, lessons=lessons)


# --- Investigations and the report ------------------------------------------------------------------------------------

QUESTIONS = (
    QuestionText(QuestionKind.YES_NO, "单位是否有公务用车管理制度？", "Does the unit have rules on official cars?"),
    QuestionText(
        QuestionKind.ONE,
        "用车审批由谁负责？",
        "Who approves the use of a car?",
        (("主要负责人", "the top leader"), ("办公室", "the office"), ("无人审批", "nobody")),
    ),
    QuestionText(
        QuestionKind.MANY,
        "过去一年出现过哪些情况？",
        "Which of these happened in the last year?",
        (
            ("节假日用车", "use on holidays"),
            ("油卡无台账", "fuel cards without records"),
            ("维修无比价", "repairs without quotes"),
        ),
        is_required=False,
    ),
    QuestionText(QuestionKind.NUMBER, "单位公务用车数量（辆）", "How many official cars does the unit have?"),
    QuestionText(QuestionKind.TEXT, "有何建议？", "What do you propose?", is_required=False),
)
PROPOSED = (
    "统一式样的用车登记表。",
    "Fuel cards should be settled by the finance office. / 油卡由财务部门统一结算。",
    "定期公开用车费用。",
)


def _begin(title_zh: str, title_en: str, aim: str, due_on: date, codes: tuple[str, ...]) -> Investigation:
    made = investigations.draft(_by(), InvestigationPlan(title_zh, aim, due_on, title_en))
    for question in QUESTIONS:
        investigations.add_question(_by(), made.pk, question)
    investigations.address(_by(), made.pk, list(Unit.objects.filter(code__in=codes)))
    return investigations.open_(_by(), made.pk, expected_version=made.version)


def _first_investigation() -> None:
    aim = "How official cars are kept and used, and where money is lost. / 了解公务用车管理使用情况和廉政风险。"
    _begin("公务用车管理情况调查", "Official cars", aim, date(2026, 5, 29), ASKED)


def _answer(code: str, place: int) -> None:
    """As the unit's leader; each a little differently."""
    one = Investigation.objects.get(title_en="Official cars").questionnaires.get(unit__code=code)
    happened = tuple(option for option in range(3) if (place + option) % 2)
    given = {
        1: Given((int(place % 3 == 1),)),
        2: Given((place % 3,)),
        3: Given(happened),
        4: Given((), Decimal(1 + place % 5)),
        5: Given((), None, PROPOSED[place % 3] if place % 2 else ""),
    }
    investigations.hand_in(deeds.leader(code), one.pk, given, expected_version=one.version)


def _report() -> None:
    asked = Investigation.objects.get(title_en="Official cars")
    investigations.close(_by(), asked.pk, expected_version=asked.version)
    made = investigations.write_report(
        _by(),
        title_zh="关于公务用车廉政风险的调研报告",
        title_en="Research report on the risks of official cars",
        summary="One unit in three has no rules on official cars, and fuel cards are the weakest point. / "
        "三分之一的单位没有公务用车制度，油卡管理最为薄弱。",
        text=REPORT,
        investigations=[asked],
    )
    investigations.publish(_by(), made.pk, expected_version=made.version)


REPORT = """一、基本情况
今年5月，领导小组办公室对12个单位的公务用车管理情况进行了问卷调查，全部按期答复。

二、主要问题
（一）三分之一的单位没有成文制度，审批靠口头。
（二）油卡无台账的情况较为普遍，维修费用多数没有比价。

三、建议
将公务用车管理列入必备制度目录，统一登记表，费用每季度公开。

What was found: a third of the units approve by word of mouth; fuel cards are kept without records. What follows: rules on
official cars belong into the catalogue of required systems, with one register for all and quarterly publicity."""


def _second_investigation() -> None:
    aim = "What has changed since the rules on official cars are required. / 公务用车制度列入目录后的执行情况。"
    codes = (*ASKED[:8], "QS-JT")
    _begin("公务用车制度执行情况调查", "Official cars: how the rules are kept", aim, SECOND_DUE, codes)


# --- Proposals --------------------------------------------------------------------------------------------------------


def _propose() -> None:
    text = ProposalText(
        ProposalKind.SYSTEM,
        "将公务用车管理列入必备制度目录",
        "Units with official cars keep rules on approval, registers, fuel cards and publicity. / "
        "有公务用车的单位应当建立审批、登记、油卡和费用公开制度。",
        "A third of the units that were asked have no rules; most keep fuel cards without records. / "
        "被调查单位三分之一无制度，油卡多无台账。",
        "Rules on official cars become a required system",
        report=ResearchReport.objects.get(title_zh="关于公务用车廉政风险的调研报告"),
    )
    proposals.propose(deeds.leader("QS-CZ"), _unit("QS-CZ"), text)


def _adopt() -> None:
    one = Proposal.objects.get(title_en="Rules on official cars become a required system")
    reason = "The report convinces. The model text is ready by August. / 调研扎实，同意。八月底前拿出范本。"
    proposals.adopt(
        deeds.user("head"),
        one.pk,
        expected_version=one.version,
        text=reason,
        unit=_unit("QS-JCY"),
        due_on=date(2026, 8, 31),
    )


def _carry_out() -> None:
    one = Proposal.objects.get(title_en="Rules on official cars become a required system")
    demand = Demand(
        2027,
        tuple(UnitType.objects.filter(code__in=("party_gov_organ", "admin_enforcement", "township", "institution"))),
        "clean use of official cars",
        "规范公务用车，杜绝公车私用",
        reason="Proposal 2026-1 / 2026年第1号建议",
    )
    proposals.carry_out_in_catalogue(
        _by(),
        one.pk,
        expected_version=one.version,
        demand=demand,
        code="official_cars",
        level="internal",
        name_en="Official cars",
        name_zh="公务用车管理制度",
    )


def _pending() -> None:
    text = ProposalText(
        ProposalKind.STANDARD,
        "考核标准增加“早期苗头主动报告”加分项",
        "A unit that reports an early sign itself, before an inspection finds it, gains a point. / "
        "检查前主动报告早期苗头的单位，考核加1分。",
        "Small signs are reported only when they are found. / 小问题多在检查时才暴露。",
        "The assessment rewards early signs that a unit reports itself",
    )
    proposals.propose(deeds.leader("QS-T1"), _unit("QS-T1"), text)
