"""Systems: the register brought in, powers and who watches over them, joint supervision, two rounds of inspections."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from zlib import crc32

from portal.demo.story import deeds
from portal.demo.story.telling import Story
from portal.organisation.models import Post, Unit
from portal.workdays.calendar import load as load_calendar
from systems.importing import RegisterImporter
from systems.models import (
    JointDuty,
    JointGroup,
    MeasureKind,
    Power,
    PowerReview,
    RequiredSystem,
    Requirement,
    ReviewOutcome,
    SystemReview,
    UnitSystem,
)
from systems.services import force, joint, powers, register
from systems.services.powers import PowerDraft

BROUGHT_IN = date(2026, 1, 30)
# How many systems of each level were in force by the end of these years, in percent.
BY_YEAR = {
    "district": ((2022, 62), (2023, 81), (2024, 93), (2025, 98)),
    "regulation": ((2022, 0), (2023, 100), (2024, 100), (2025, 100)),
    "internal": ((2022, 48), (2023, 66), (2024, 84), (2025, 93)),
    "local": ((2022, 18), (2023, 41), (2024, 63), (2025, 82)),
}
# What was repealed in autumn and leaves power without a rule: unit, system, day, whether a new one is in draft.
REPEALED = (
    ("QS-MK", "goods_procurement", date(2026, 10, 9), False),
    ("QS-T1-V2", "village_accounts", date(2026, 10, 13), False),
    ("QS-T3-V3", "village_accounts", date(2026, 10, 13), True),
    ("QS-YY1", "accountant_appointment", date(2026, 11, 3), True),
    ("QS-JT", "project_bidding", date(2026, 11, 9), False),
    ("QS-S2-C1", "financial_management", date(2026, 11, 12), False),
)
POWERS = {
    "QS-CZ": (
        ("funds", "专项资金分配与拨付", "《预算法》第五十七条", 4, 5, "financial_management"),
        ("procurement", "政府采购计划审批", "《政府采购法》第六十四条", 3, 4, "gov_procurement"),
        ("appointments", "股级干部任免", "《公务员法》第四十条", 2, 3, "appointment_assessment"),
    ),
    "QS-ZJ": (
        ("approvals", "建筑工程施工许可", "《建筑法》第七条", 3, 4, "work_rules"),
        ("bidding", "保障房工程发包", "《招标投标法》第三条", 4, 5, "project_bidding"),
        ("enforcement", "工程质量安全处罚", "《建设工程质量管理条例》第七十三条", 3, 3, "work_rules"),
    ),
    "QS-ZR": (
        ("land", "国有建设用地出让", "《土地管理法》第五十四条", 4, 5, "decision_making"),
        ("enforcement", "违法占地处罚", "《土地管理法》第七十七条", 3, 4, "work_rules"),
    ),
    "QS-JT": (("bidding", "农村公路养护工程发包", "《招标投标法》第三条", 4, 4, "project_bidding"),),
    "QS-JY": (
        ("procurement", "学生营养餐采购", "《政府采购法》第二条", 4, 4, "goods_procurement"),
        ("appointments", "校长选任", "《义务教育法》第二十六条", 3, 4, "cadre_selection"),
    ),
    "QS-T1": (
        ("funds", "惠农补贴资金发放", "《乡镇预算管理办法》第十二条", 4, 4, "village_accounts"),
        ("finance", "村级资金监管", "《村民委员会组织法》第三十条", 3, 4, "village_accounts"),
    ),
    "QS-MK": (("procurement", "设备物资采购", "《企业国有资产法》第三十条", 4, 4, "goods_procurement"),),
}
# A measure that was given up in autumn: nothing has watched over the power since.
BARE = (("QS-ZR", "违法占地处罚", date(2026, 10, 20)),)


def write(story: Story) -> None:
    """A year of systems."""
    story.on(BROUGHT_IN, _bring_in)
    story.on(date(2026, 2, 2), _powers)
    story.on(date(2026, 2, 10), _bind)
    story.on(date(2026, 6, 24), _confirm_all)
    story.on(date(2026, 11, 10), _second_joint_duty)
    for code, category, day, draft in REPEALED:
        story.on(day, partial(_repeal, code, category))
        if draft:
            story.on(load_calendar().add(day, 4), partial(_draft_again, code, category))
    for code, matter, day in BARE:
        story.on(day, partial(_end_measures, code, matter))
    story.on(date(2026, 11, 5), _review_powers)
    for number in range(11):
        story.on(date(2026, 12, 1) if number == 10 else date(2026, 2 + number % 10, 26), _review_what_is_due)


def _hash(*words: str) -> int:
    return crc32(":".join(words).encode())


def _in_force_from(unit: str, code: str, level: str) -> date:
    """A day in the past, so that more and more were in force."""
    place = _hash(unit, code) % 100
    year = next((year for year, share in BY_YEAR[level] if place < share), 2026)
    if year == 2026:
        return date(2026, 1, 5 + place % 20)
    return date(year, 1, 4) + timedelta(days=_hash(code, unit) % 350)


def _register() -> Iterator[list[str]]:
    """Every required system of every unit, as a sheet of the district's office."""
    yield ["Unit code", "Required system", "Document number", "Decided on", "In force from", "Last reviewed on", "Text"]
    texts = {r.system_id: r for r in Requirement.objects.in_force(2026).prefetch_related("types")}
    systems = RequiredSystem.objects.in_bulk(list(texts))
    for unit in Unit.objects.active().order_by("path"):
        for pk, requirement in texts.items():
            system = systems[pk]
            if unit.type_id not in {kind.pk for kind in requirement.types.all()}:
                continue
            since = _in_force_from(unit.code, system.code, system.level)
            reviewed = max(since, date(2026, 1, 12) + timedelta(days=_hash(unit.code, system.code) % 18))
            number = f"{unit.name_zh[:6]}〔{since.year}〕{_hash(unit.code, system.code) % 60 + 1}号"
            days = [since.isoformat(), since.isoformat(), min(reviewed, BROUGHT_IN).isoformat()]
            yield [unit.code, system.code, number, *days, requirement.model_text_zh]


def _bring_in() -> None:
    RegisterImporter().apply(deeds.user("coordinator"), list(_register()))


def _post(code: str, kind: str) -> Post:
    return Post.objects.get(unit__code=code, kind=kind)


def _powers() -> None:
    """Each power is entered with what watches over it."""
    for code, listed in POWERS.items():
        unit, by = Unit.objects.get(code=code), deeds.leader(code)
        for area, matter, basis, likelihood, impact, category in listed:
            draft = PowerDraft(
                area, matter, _post(code, "top_leader"), basis, likelihood, impact, ("一人决定，缺少复核", "过程不公开")
            )
            power = powers.enter(by, unit, draft)
            system = UnitSystem.objects.live().get(unit=unit, category__code=category)
            powers.supervise(by, power.pk, kind=MeasureKind.SYSTEM, system=system, supervisor=_post(code, "liaison"))
            if impact > 3:
                watcher = Unit.objects.get(code="QS-JCY" if code == "QS-CZ" else "QS-CZ")
                powers.supervise(
                    by, power.pk, kind=MeasureKind.AUDIT, text="每半年抽查一次办理情况", supervising_unit=watcher
                )


def _bind() -> None:
    by, villages = deeds.user("coordinator"), Unit.objects.active().filter(parent__code="QS-T1").order_by("path")
    group = joint.bind(
        by,
        name_en="Village accounts of the first town",
        name_zh=f"{Unit.objects.get(code='QS-T1').name_zh}村账乡管连带监督组",
        category=RequiredSystem.objects.get(code="village_accounts"),
        basis="青石预领〔2026〕3号",
        supervisors=[(Unit.objects.get(code="QS-T1"), "按月结账并公布")],
        supervised=[(village, "收入三日内入账") for village in villages],
    )
    joint.set_duty(
        by, group.pk, title="半年村级财务联合公开 / Accounts of the half-year opened together", due_on=date(2026, 6, 30)
    )
    joint.bind(
        by,
        name_en="Appointed accountants of schools",
        name_zh="学校会计委派连带监督组",
        category=RequiredSystem.objects.get(code="accountant_appointment"),
        basis="青石预领〔2026〕4号",
        supervisors=[(Unit.objects.get(code="QS-CZ"), "委派、轮换会计")],
        supervised=[(Unit.objects.get(code=code), "支持会计独立履职") for code in ("QS-ZX1", "QS-ZX2")],
    )


def _confirm(duty: JointDuty, *, all_but: int = 0) -> None:
    shares = list(duty.shares.select_related("unit").order_by("unit__path"))
    for share in shares[: len(shares) - all_but]:
        by = deeds.leader(share.unit.code)
        joint.confirm(by, share.pk, expected_version=share.version, statement="已在公开栏公布，并接受村民询问。")


def _confirm_all() -> None:
    _confirm(JointDuty.objects.get())


def _second_joint_duty() -> None:
    group = JointGroup.objects.filter(category__code="village_accounts").get()
    title = "年末村级资金清理核对 / Village funds counted before the year's end"
    _confirm(joint.set_duty(deeds.user("coordinator"), group.pk, title=title, due_on=date(2026, 12, 15)), all_but=2)


def _system(code: str, category: str) -> UnitSystem:
    return UnitSystem.objects.live().get(unit__code=code, category__code=category)


def _repeal(code: str, category: str) -> None:
    system = _system(code, category)
    reason = "原制度与新规定不一致，先行废止，另行制定。"
    force.repeal(deeds.leader(code), system.pk, expected_version=system.version, reason=reason)


def _draft_again(code: str, category: str) -> None:
    register.adopt(deeds.leader(code), Unit.objects.get(code=code), RequiredSystem.objects.get(code=category))


def _end_measures(code: str, matter: str) -> None:
    power = Power.objects.get(unit__code=code, matter=matter)
    for measure in power.measures.all():
        powers.end_measure(deeds.leader(code), power.pk, measure.pk, reason="岗位调整，原监督安排停止。")


def _review_powers() -> None:
    """Most units have looked through their lists; the mine has not."""
    for review in (
        PowerReview.objects.filter(reviewed_on__isnull=True).exclude(unit__code="QS-MK").select_related("unit")
    ):
        powers.review(deeds.leader(review.unit.code), review.pk, remarks="逐项核对，风险等级维持，监督措施有效。")


def _review_what_is_due() -> None:
    """Leaders look through the systems whose review has come near."""
    for review in SystemReview.objects.filter(reviewed_on__isnull=True).select_related("system__unit"):
        system = review.system
        by = deeds.leader(system.unit.code)
        force.review(
            by,
            system.pk,
            expected_version=system.version,
            outcome=ReviewOutcome.KEEP,
            remarks="执行正常，检查未发现问题，继续执行。",
        )
