"""Two rounds of inspections, what they found, and how it was put right."""

from datetime import date
from functools import partial

from portal.accounts.models import User
from portal.demo.story import deeds
from portal.demo.story.telling import Story
from portal.organisation.models import Post, Unit
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from systems.models import Answer, Finding, Gravity, Inspection, RequiredSystem, Selection
from systems.services import findings, inspections, rectification
from systems.services.choosing import Chosen
from systems.services.inspections import RoundDraft

SPRING, AUTUMN = date(2026, 4, 14), date(2026, 10, 20)


def _post(code: str, kind: str) -> Post:
    return Post.objects.get(unit__code=code, kind=kind)


def _plan(title: str, selection: Selection, codes: tuple[str, ...], categories: tuple[str, ...], day: date) -> None:
    draft = RoundDraft(
        title,
        selection,
        tuple(RequiredSystem.objects.filter(code__in=categories)),
        str(Unit.objects.get(code="QS").path),
        day,
        20261020,
    )
    reason = "空白点和高风险权力较多 / blank areas and powers of high risk"
    chosen = [Chosen(Unit.objects.get(code=code), reason) for code in codes]
    inspections.plan(deeds.user("coordinator"), draft, chosen)


def write(story: Story) -> None:
    """The rounds of spring and autumn, early signs, an exception."""
    purchases, money = ("gov_procurement", "goods_procurement"), ("financial_management", "village_accounts")
    first = ("QS-JY", "QS-CT", "QS-YY1", "QS-T1")
    second = ("QS-ZJ", "QS-T2", "QS-WJ", "QS-T3")
    story.on(
        date(2026, 4, 8),
        partial(_plan, "采购制度执行专项检查 / Purchases", Selection.RISK, first, purchases, SPRING),
    )
    for place, code in enumerate(first):
        story.on(load_calendar().add(SPRING, place), partial(_inspect, code, place))
        story.on(load_calendar().add(SPRING, place + 8), partial(_put_right, code))
        story.on(load_calendar().add(SPRING, place + 12), partial(_verify, code))
    story.on(
        date(2026, 10, 14),
        partial(_plan, "资金管理抽查 / Money, by sample", Selection.SAMPLE, second, money, AUTUMN),
    )
    for place, code in enumerate(second[:2]):
        story.on(load_calendar().add(AUTUMN, place), partial(_inspect, code, place))
    story.on(date(2026, 11, 3), partial(_put_right, "QS-ZJ"))
    story.on(date(2026, 11, 19), partial(_begin, "QS-WJ"))
    story.on(date(2026, 11, 11), _early_signs)
    story.on(date(2026, 11, 13), _except)


def _inspection(code: str) -> Inspection:
    return Inspection.objects.filter(unit__code=code).latest("serial")


def _begin(code: str) -> Inspection:
    """Begun, and half of it answered."""
    by, inspection = deeds.user("coordinator"), _inspection(code)
    inspection = inspections.begin(by, inspection.pk, expected_version=inspection.version)
    for item in list(inspection.items.all())[:3]:
        inspections.answer(by, inspection.pk, item.position, seen="", given=Answer.MET, remark="台账齐全")
    return inspection


def _inspect(code: str, place: int) -> None:
    """One item is not met; the rest is."""
    by, inspection = deeds.user("coordinator"), _begin(code)
    items = list(inspection.items.all())
    for item in items[3:]:
        given = Answer.NOT_MET if item == items[-1] else Answer.PARTLY if item == items[-2] else Answer.MET
        inspections.answer(
            by,
            inspection.pk,
            item.position,
            seen="",
            given=given,
            remark="见问题记录" if given == Answer.NOT_MET else "",
        )
    findings.record(
        by,
        inspection.unit,
        gravity=Gravity.SERIOUS if place == 1 else Gravity.ORDINARY,
        text=f"抽查十二笔业务，其中三笔不符合“{items[-1].text_zh}”的要求，经办与审核为同一人。",
        category=items[-1].requirement.system,
        inspection=inspection,
        item=items[-1],
    )
    inspections.complete(
        by,
        inspection.pk,
        expected_version=inspection.version,
        summary="制度基本执行，个别环节未分离，已记录问题并限期整改。",
    )


def _liaison(code: str) -> User:
    held = _post(code, "liaison").tenures.on(clock.today()).get()  # type: ignore[attr-defined]
    return User.objects.get(person=held.person)


def _put_right(code: str) -> None:
    """The measure is named and carried out by the leader; the liaison owns it."""
    finding, by = Finding.objects.filter(unit__code=code).latest("serial"), deeds.leader(code)
    known = rectification.name_measure(
        by,
        finding.rectification.pk,
        expected_version=finding.rectification.version,
        measure="调整岗位分工，经办、审核、验收由三人分别承担，并每季度自查。",
        owner=_liaison(code).person,
    )
    rectification.submit(by, known.pk, expected_version=known.version, done="分工文件已印发，三笔业务已补办审核手续。")


def _verify(code: str) -> None:
    known = Finding.objects.filter(unit__code=code).latest("serial").rectification
    rectification.verify(
        deeds.user("coordinator"), known.pk, expected_version=known.version, remarks="现场核对分工文件和台账，属实。"
    )


def _early_signs() -> None:
    """Small things are written down before they grow."""
    by = deeds.user("coordinator")
    told = (
        ("QS-T1-V4", "village_accounts", "十月凭证晚报六日。/ Vouchers of October came six days late."),
        ("QS-ZX1", "goods_procurement", "连续三次向同一商户零星采购。/ Three small purchases from one shop."),
        ("QS-S1-C2", "financial_management", "备用金未按月核对。/ Petty cash not counted every month."),
    )
    for code, category, text in told:
        findings.record(
            by,
            Unit.objects.get(code=code),
            gravity=Gravity.EARLY_SIGN,
            text=text,
            category=RequiredSystem.objects.get(code=category),
        )


def _except() -> None:
    """The town's finding stands until its new accounting software is there."""
    known = Finding.objects.filter(unit__code="QS-T2").latest("serial").rectification
    rectification.grant_exception(
        deeds.user("coordinator"),
        known.pk,
        expected_version=known.version,
        compensation="每笔支出由镇纪委委员加签，每周上报流水。",
        until=date(2027, 3, 31),
        reason="新核算软件已招标，三月上线。",
    )
