"""What is learned from the first case: recommendations and their rectification, a public warning."""

from datetime import date
from functools import partial

from cases.models import CrimeCase, Exposure, Judgement, Recommendation
from cases.services import exposures, recommendations
from portal.demo.story import deeds
from portal.demo.story.crimes import FIRST, MEANS, OFFICER
from portal.demo.story.telling import Story
from portal.organisation.models import Rank, Unit
from systems.models import Rectification
from systems.services import rectification


def write(story: Story) -> None:
    """From the judgment to the rectification, and to the public page."""
    story.on(date(2026, 8, 4), _recommend)
    story.on(date(2026, 8, 6), _sign_and_serve)
    story.on(date(2026, 9, 22), _reply)
    story.on(date(2026, 9, 25), _judge)
    story.on(date(2026, 9, 29), _put_right)
    story.on(date(2026, 10, 16), _verify_rectification)
    story.on(date(2026, 8, 11), _expose)
    story.on(date(2026, 8, 13), _release)
    story.on(date(2026, 10, 15), partial(_recommend_again, "QS-JY"))


def _recommend() -> None:
    recommendations.draft(
        deeds.user(OFFICER),
        number="青石检建〔2026〕7号",
        unit=Unit.objects.get(code="QS-ZJ"),
        case=CrimeCase.objects.get(number=FIRST),
        facts="同一预算项目拆分为三项分别报批，每项低于公开招标限额；审批、验收由同一人办理。",
        basis="《人民检察院检察建议工作规定》第三条、第十一条",
        measures="一、同一项目三个月内的采购合并计算。二、审批与验收岗位分设。三、每季度由审计岗位抽查低于限额的项目。",
    )


def _sign_and_serve() -> None:
    found = Recommendation.objects.get(number="青石检建〔2026〕7号")
    found = recommendations.sign(deeds.user("head"), found.pk, expected_version=found.version)
    recommendations.acknowledge(deeds.leader(found.unit.code), found.pk, expected_version=found.version)


def _reply() -> None:
    found = Recommendation.objects.get(number="青石检建〔2026〕7号")
    text = "已修订项目审批办法，三个月内合并计算；验收改由质安科负责；三季度抽查项目十一个，未见拆分。"
    recommendations.reply(deeds.leader(found.unit.code), found.pk, expected_version=found.version, text=text)


def _judge() -> None:
    found = Recommendation.objects.get(number="青石检建〔2026〕7号")
    recommendations.judge(
        deeds.user(OFFICER),
        found.pk,
        expected_version=found.version,
        judgement=Judgement.RECTIFY,
        text="三项措施均已落实，制度已备案。",
    )


def _rectification() -> Rectification:
    return Rectification.objects.get(finding__recommendation__number="青石检建〔2026〕7号")


def _put_right() -> None:
    """The unit names its measure and hands in what was done."""
    known, leader = _rectification(), deeds.leader("QS-ZJ")
    known = rectification.name_measure(
        leader, known.pk, expected_version=known.version, measure="修订项目审批办法并按季抽查。", owner=leader.person
    )
    rectification.submit(
        leader, known.pk, expected_version=known.version, done="办法已印发，三季度抽查项目十一个，未见拆分。"
    )


def _verify_rectification() -> None:
    known = _rectification()
    rectification.verify(
        deeds.user("coordinator"),
        known.pk,
        expected_version=known.version,
        remarks="现场抽查五个项目，审批均合并计算。",
    )


def _recommend_again(code: str) -> None:
    """The same gap in another unit: its reply is owed until the middle of December."""
    found = recommendations.draft(
        deeds.user(OFFICER),
        number="青石检建〔2026〕11号",
        unit=Unit.objects.get(code=code),
        case=CrimeCase.objects.get(number=FIRST),
        facts="学校维修项目同样未规定同一项目合并计算，存在拆分规避招标的风险。",
        basis="《人民检察院检察建议工作规定》第三条、第十一条",
        measures="一、建立维修项目合并计算规则。二、审批与验收岗位分设。",
    )
    found = recommendations.sign(deeds.user("head"), found.pk, expected_version=found.version)
    recommendations.acknowledge(deeds.leader(code), found.pk, expected_version=found.version)


def _expose() -> None:
    case = CrimeCase.objects.get(number=FIRST)
    exposures.prepare(
        deeds.user(OFFICER),
        case.pk,
        title="化整为零的维修项目",
        text=f"{MEANS}法院以受贿罪判处王志新有期徒刑三年六个月，并处罚金二十万元。",
        lesson="低于限额的项目没有人看，就成了漏洞。同一项目合并计算，审批与验收分设，缺一不可。",
        sector=case.unit.sector,
        rank=Rank.objects.get(code="section_member"),
    )


def _release() -> None:
    found = Exposure.objects.get(case__number=FIRST)
    exposures.release(deeds.user("head"), found.pk, expected_version=found.version)
