"""Autumn: the reports of the third quarter in every state, and cases at every turn, as the demo is found."""

from datetime import date
from functools import partial

from portal.demo.story import deeds
from portal.demo.story.telling import Story
from portal.obligations import services as obligations
from portal.obligations.models import Obligation
from portal.workdays.calendar import load as load_calendar
from responsibility.models import PeriodKind

KIND = PeriodKind.QUARTER
OPENED, DUE, CLOSES = date(2026, 10, 9), date(2026, 10, 30), date(2026, 12, 31)
SILENT = {"QS-ZR", "QS-T3-V3", "QS-JT", "QS-S2-C1"}
LATE = {"QS-SJ": date(2026, 11, 3), "QS-T1-V4": date(2026, 11, 4), "QS-ZX2": date(2026, 11, 17)}
# Handed in and not reviewed yet.
WAITING = {
    "QS-T1": DUE,
    "QS-HB": date(2026, 11, 10),
    "QS-YY1": date(2026, 11, 11),
    "QS-S2": date(2026, 11, 12),
}
RETURNED = {"QS-JY": date(2026, 11, 18), "QS-SL": date(2026, 11, 20)}
EXEMPT, SUSPENDED = "QS-HSZ", "QS-YJ"


def write(story: Story) -> None:
    """Reports and cases of the quarter, and the annual report that is asked for."""
    story.on(OPENED, partial(deeds.open_period, KIND, 3, DUE, CLOSES))
    story.on(date(2026, 10, 20), _exempt)
    story.on(date(2026, 10, 26), _suspend)
    calendar = load_calendar()
    left_out = SILENT | {EXEMPT, SUSPENDED}
    for place, code in enumerate(code for code in deeds.reporting_units() if code not in left_out):
        day = LATE.get(code) or WAITING.get(code) or calendar.add(date(2026, 10, 19), place % 9)
        story.on(day, partial(deeds.hand_in, KIND, code))
        if code in RETURNED:
            story.on(RETURNED[code], partial(deeds.send_back, KIND, code))
        elif code not in WAITING:
            story.on(calendar.add(day, 4), partial(deeds.accept, KIND, code))
    _cases(story)
    annual = partial(deeds.open_period, PeriodKind.ANNUAL, 1, date(2027, 1, 10), date(2027, 3, 31))
    story.on(date(2026, 11, 16), annual)
    story.on(date(2026, 11, 23), _ask_more_time)


def _cases(story: Story) -> None:
    """Of the cases opened on 13 November, that of the Transport Bureau alone has not moved."""
    survey = (
        "The figures of part two came late from the survey team. I should have asked for more time. / "
        "第二部分数据由勘测队迟报，本人应提前申请延期。"
    )
    story.on(date(2026, 11, 18), partial(deeds.explain, "QS-ZR", survey))
    second = "Second late report of the year. / 本年度第二次逾期。"
    story.on(date(2026, 11, 20), partial(deeds.propose, "QS-ZR", "admonishing_talk", second))

    silent = "Neither a report nor an explanation. / 既未报送，也未说明。"
    story.on(date(2026, 11, 23), partial(deeds.propose, "QS-T3-V3", "ordered_correction", silent))
    story.on(date(2026, 11, 23), partial(deeds.decide, "QS-T3-V3", "ordered_correction", silent))

    moved = "The community office moved in October; two boxes of records were found on 18 November. / 社区办公室十月搬迁，两箱台账11月18日方找到。"
    story.on(date(2026, 11, 20), partial(deeds.explain, "QS-S2-C1", moved))

    examination = "The head teacher's office was busy with the autumn inspection. / 校长办公室忙于秋季督导。"
    not_enough = "The inspection was known since August. / 督导安排八月已知。"
    story.on(date(2026, 11, 16), partial(deeds.explain, "QS-ZX2", examination))
    story.on(date(2026, 11, 17), partial(deeds.propose, "QS-ZX2", "ordered_correction", not_enough))
    story.on(date(2026, 11, 19), partial(deeds.decide, "QS-ZX2", "ordered_correction", not_enough))
    done = "The report was handed in on 17 November, before the decision. / 报告已于11月17日、即决定作出之前报送。"
    story.on(date(2026, 11, 23), partial(deeds.object_to, "QS-ZX2", done))


def _exempt() -> None:
    reason = "The society joined the programme in September; its first report is the annual one. / 九月新纳入，首次报告为年度报告。"
    obligations.waive(deeds.user("coordinator"), deeds.report_of(KIND, EXEMPT).obligation_id, reason=reason)


def _suspend() -> None:
    reason = "Flood control on the Qing River since 24 October. / 10月24日起全局投入青河防汛。"
    obligations.suspend(deeds.user("coordinator"), deeds.report_of(KIND, SUSPENDED).obligation_id, reason=reason)


def _ask_more_time() -> None:
    duty = Obligation.objects.open().get(kind="report_correction", unit__code="QS-SL")
    obligations.ask_extension(
        deeds.leader("QS-SL"),
        duty.pk,
        due_on=load_calendar().add(duty.due_on, 8),
        reason="The tender is being repeated; its figures come on 4 December. / 正在重新招标，相关数据12月4日可出。",
    )
