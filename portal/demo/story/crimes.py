"""Cases in motion: agencies' decisions and what the rules see in them, clues, two cases, a warning, recommendations.

What runs at the end is open and in time: a case within a limit, a clue being verified, a reply that is owed.
"""

from datetime import date
from decimal import Decimal
from functools import partial

from django.core.files.base import ContentFile

from cases.models import Clue, CrimeCase, Offence, ScreeningHit, ScreeningRule
from cases.punishments import indexing, screening
from cases.services import clues, crime, imports
from cases.services import screening as hits
from cases.services.clues.receiving import Told
from cases.services.crime import Accused, Deed
from cases.services.settings import keep_settings
from portal.demo.decisions import as_csv
from portal.demo.story import deeds
from portal.demo.story.telling import Story
from portal.organisation.models import Rank, Unit
from systems.models import RequiredSystem

FIRST, SECOND, THIRD = (f"青石检贪立〔2026〕{number}号" for number in (2, 5, 6))
OFFICER = "officer"
MEANS = (
    "2024年至2025年，区住建局工程科副科长王志新在三个市政维修项目中，将一个项目拆分为三项分别报批，每项金额均低于公开招标限额标准，"
    "交由商人陈海平承建，先后三次收受陈海平所送现金共计二十一万元。"
)


def write(story: Story) -> None:
    """The year of cases."""
    story.on(date(2026, 1, 6), _begin)
    story.on(date(2026, 3, 10), partial(_import, "QS-SJ", 1))
    story.on(date(2026, 6, 9), partial(_import, "QS-HB", 2))
    story.on(date(2026, 10, 13), partial(_import, "QS-SJ", 3))
    story.on(date(2026, 10, 14), _screen)
    story.on(date(2026, 10, 20), _look_at_hits)
    _first_case(story)
    _second_case(story)
    story.on(date(2026, 11, 9), _from_the_public)
    story.on(date(2026, 11, 17), _ask)
    story.on(date(2026, 11, 18), _major_case)


def _unit(code: str) -> Unit:
    return Unit.objects.get(code=code)


def _begin() -> None:
    """The procuratorate verifies clues."""
    keep_settings(None, expected_version=0, office=_unit("QS-JCY"), verify_months=2, public_page=True)


def _import(code: str, seed: int) -> None:
    """A file of an agency's decisions; two of its rows cannot be read."""
    file = ContentFile(as_csv(_unit(code).name_zh, seed).encode("gb18030"), name=f"{code}-{seed}.csv")
    upload = imports.begin(deeds.user(OFFICER), _unit(code), file)
    imports.import_now(upload, deeds.user(OFFICER))
    indexing.write_all()


def _screen() -> None:
    for rule in ScreeningRule.objects.filter(is_active=True):
        screening.apply(rule)


def _look_at_hits() -> None:
    """One hit becomes a clue, two mean nothing."""
    officer = deeds.user(OFFICER)
    found = list(ScreeningHit.objects.open().filter(rule__code="over-threshold").order_by("pk")[:3])
    for hit in found[1:]:
        reason = "The amount is the turnover of the year. / 所载金额为全年营业额。"
        hits.dismiss(officer, hit.pk, expected_version=hit.version, reason=reason)
    for hit in found[:1]:
        clue = clues.from_hit(officer, hit.pk, expected_version=hit.version, remark="三次付款均在验收之前。")
        _take(clue)


def _take(clue: Clue) -> None:
    officer = deeds.user(OFFICER)
    clues.name_officers(deeds.user("coordinator"), clue.pk, expected_version=clue.version, users=[officer], grade="a")


# --- A case from clue to warning ----------------------------------------------------------------------------------------


def _first_case(story: Story) -> None:
    story.on(date(2026, 1, 12), _report)
    story.on(date(2026, 2, 6), _verify)
    story.on(date(2026, 2, 9), _file_first)
    for day, stage in (
        (date(2026, 2, 12), "coercive"),
        (date(2026, 4, 8), "investigated"),
        (date(2026, 4, 13), "transferred"),
        (date(2026, 5, 11), "indicted"),
        (date(2026, 7, 6), "judged"),
        (date(2026, 7, 16), "effective"),
        (date(2026, 7, 30), "executed"),
    ):
        story.on(day, partial(_reach, FIRST, stage, day))
    story.on(date(2026, 5, 6), _check)
    story.on(date(2026, 7, 31), _conclude)


def _report() -> None:
    told = Told(
        "区住建局三个维修项目的施工单位是同一家，价格都刚好低于招标限额。", "工程科王志新", "一名施工人员，要求保密"
    )
    clue = clues.receive(
        deeds.user(OFFICER), office=_unit("QS-JCY"), source="report", told=told, channel="来访", unit=_unit("QS-ZJ")
    )
    _take(clue)


def _verify() -> None:
    officer, clue = deeds.user(OFFICER), Clue.objects.get(source="report")
    clues.open_clue(officer, clue.pk, purpose="核对三个项目的审批单")
    clues.add_step(officer, clue.pk, text="调取三个项目的审批单、合同和付款凭证，三份合同同日签订。")
    clues.close_clue(
        officer, clue.pk, expected_version=clue.version, result="filed", reasons="拆分项目、收受现金的事实基本属实。"
    )


def _file_first() -> None:
    crime.file_case(
        deeds.user(OFFICER),
        number=FIRST,
        title="市政维修项目拆分受贿案",
        unit=_unit("QS-ZJ"),
        office=_unit("QS-JCY"),
        means=MEANS,
        filed_on=date(2026, 2, 9),
        clue=Clue.objects.get(source="report"),
        loophole=RequiredSystem.objects.get(code="project_bidding"),
        power="维修项目审批",
        deeds=[Deed(Offence.objects.get(code="CL385"), date(2024, 3, 1), date(2025, 9, 30), Decimal(210_000))],
        accused=[
            Accused("王志新", "工程科副科长", Rank.objects.get(code="section_member"), "m", 1984, "群众"),
        ],
    )


def _reach(number: str, stage: str, day: date) -> None:
    case = CrimeCase.objects.get(number=number)
    crime.reach(deeds.user(OFFICER), case.pk, stage=stage, on=day)


def _check() -> None:
    points = dict.fromkeys(("facts", "evidence", "nature", "handling", "procedure"), True)
    crime.check_quality(deeds.user("coordinator"), CrimeCase.objects.get(number=FIRST).pk, points=points, remark="")


def _conclude() -> None:
    case = CrimeCase.objects.get(number=FIRST)
    crime.conclude(
        deeds.user(OFFICER),
        case.pk,
        expected_version=case.version,
        outcome="convicted",
        on=date(2026, 7, 31),
        months=42,
        fine=Decimal(200_000),
    )


# --- A case that goes on, and clues that are open -----------------------------------------------------------------------


def _second_case(story: Story) -> None:
    story.on(date(2026, 9, 29), _file_second)
    story.on(date(2026, 10, 12), partial(_reach, SECOND, "coercive", date(2026, 10, 12)))
    story.on(date(2026, 11, 16), _extend)


def _file_second() -> None:
    crime.file_case(
        deeds.user(OFFICER),
        number=SECOND,
        title="医用耗材采购受贿案",
        unit=_unit("QS-YY1"),
        office=_unit("QS-JCY"),
        means="设备科一人编制采购计划并负责验收，一周内签订十一份耗材合同，收受供应商所送现金八万元。",
        filed_on=date(2026, 9, 29),
        source="audit",
        loophole=RequiredSystem.objects.get(code="goods_procurement"),
        power="耗材采购计划与验收",
        deeds=[Deed(Offence.objects.get(code="CL385"), date(2025, 1, 6), date(2025, 12, 20), Decimal(80_000))],
        accused=[Accused("许春红", "设备科科员", Rank.objects.get(code="technical"), "f", 1987, "群众")],
    )
    crime.also_found_by(deeds.user(OFFICER), CrimeCase.objects.get(number=SECOND).pk, source="report")


def _extend() -> None:
    """The limit of the investigation is made longer by a month: it is due in January."""
    case = CrimeCase.objects.get(number=SECOND)
    crime.extend_limit(
        deeds.user(OFFICER), case.pk, article="刑事诉讼法第156条", reason="涉及供应商较多，账目尚在核对。"
    )


def _major_case() -> None:
    """A deputy director is arrested: who led the bureau at the time answers, who leads it now is told."""
    crime.file_case(
        deeds.user(OFFICER),
        number=THIRD,
        title="公路养护项目受贿案",
        unit=_unit("QS-JT"),
        office=_unit("QS-JCY"),
        means="利用分管养护工程的职务便利，在三条县道大修项目的发包中为承包人谋取利益，收受现金三十六万元。",
        filed_on=date(2026, 11, 18),
        source="inspection",
        loophole=RequiredSystem.objects.get(code="project_bidding"),
        power="养护项目发包",
        deeds=[Deed(Offence.objects.get(code="CL385"), date(2024, 6, 1), date(2026, 8, 31), Decimal(360_000))],
        accused=[
            Accused("崔志刚", "分管副局长", Rank.objects.get(code="township_section_chief"), "m", 1975, "中共党员")
        ],
    )


def _from_the_public() -> None:
    """Somebody without sign-in writes about a village's accounts."""
    told = Told("村里的鱼塘承包款两年没有入账，村账里也查不到。", "大田村村干部")
    _take(clues.receive_from_public(told).clue)


def _ask() -> None:
    clue = Clue.objects.get(source="public")
    clues.open_clue(deeds.user(OFFICER), clue.pk, purpose="了解承包款的年份和金额")
    clues.ask_sender(deeds.user(OFFICER), clue.pk, text="您所说的是哪两年的承包款？承包合同由谁保管？")
