"""Summer: the half-yearly reports, some late, some returned; two cases go all the way, one of them through an objection."""

from datetime import date
from functools import partial

from portal.demo.story import deeds
from portal.demo.story.telling import Story
from portal.workdays.calendar import load as load_calendar
from responsibility.models import PeriodKind

KIND = PeriodKind.HALF_YEAR
OPENED, DUE, CLOSES = date(2026, 6, 15), date(2026, 7, 10), date(2026, 12, 31)
LATE = {"QS-ZJ": date(2026, 7, 14), "QS-T1-V2": date(2026, 7, 15), "QS-WJ": date(2026, 7, 13)}
RETURNED = {"QS-JY", "QS-T2", "QS-ZX1", "QS-CT"}
# Who hands in only after the case was opened.
SILENT = {"QS-MK": date(2026, 8, 19), "QS-JTZ": date(2026, 8, 12)}


def write(story: Story) -> None:
    """Reports and cases of the half-year."""
    story.on(OPENED, partial(deeds.open_period, KIND, 1, DUE, CLOSES))
    calendar = load_calendar()
    for place, code in enumerate(deeds.reporting_units()):
        day = LATE.get(code) or SILENT.get(code) or calendar.add(date(2026, 6, 29), place % 9)
        story.on(day, partial(deeds.hand_in, KIND, code))
        reviewed = calendar.add(day, 3)
        if code in RETURNED:
            story.on(reviewed, partial(deeds.send_back, KIND, code))
            story.on(calendar.add(reviewed, 4), partial(deeds.hand_in, KIND, code, again=True))
            reviewed = calendar.add(reviewed, 6)
        story.on(reviewed, partial(deeds.accept, KIND, code))
    _mine(story)
    _works(story)


def _mine(story: Story) -> None:
    """Decided, and the person accepts it."""
    left = (
        "The accountant who keeps the figures left in June and the post was filled on 20 July. / "
        "负责统计的会计六月离职，七月二十日方才补齐。"
    )
    proved = "First failure in three years; the vacancy is proved. / 三年内首次，空缺属实。"
    by_then = "First failure in three years. Hand in by 19 August. / 三年内首次，限8月19日前报送。"
    story.on(date(2026, 7, 29), partial(deeds.explain, "QS-MK", left))
    story.on(date(2026, 8, 3), partial(deeds.propose, "QS-MK", "ordered_correction", proved))
    story.on(date(2026, 8, 6), partial(deeds.decide, "QS-MK", "ordered_correction", by_then))
    # The clock raised it on 7 August, when the report was still missing.
    after = "Handed in on 19 August, after the day that was set. / 逾限定日期，8月19日方才报送。"
    story.on(date(2026, 8, 24), partial(deeds.decide, "QS-MK", "self_examination", after))


def _works(story: Story) -> None:
    """Decided, objected to, answered with a milder measure, with which it is left and closed."""
    flood = "The office was flooded on 6 July and the files were dried until the end of the month. / 七月六日办公室进水，资料至月底方晾干。"
    twice = "The delay was not announced. / 未提前报告延期。"
    milder = "The flood is proved; the report came on 12 August. / 进水属实，报告已于8月12日补报。"
    story.on(date(2026, 7, 28), partial(deeds.explain, "QS-JTZ", flood))
    story.on(date(2026, 7, 30), partial(deeds.propose, "QS-JTZ", "admonishing_talk", twice))
    story.on(date(2026, 8, 4), partial(deeds.decide, "QS-JTZ", "admonishing_talk", twice))
    told = "The district's flood office was told by telephone on 7 July. / 七月七日已电话报告区防汛办。"
    story.on(date(2026, 8, 11), partial(deeds.object_to, "QS-JTZ", told))
    story.on(date(2026, 8, 17), partial(deeds.answer, "QS-JTZ", "reminder_talk", milder))
    # The clock raised it on 7 August: whether more follows is decided once the objection has its answer.
    enough = "The reminder talk was held; nothing more follows. / 提醒谈话已完成，不再追加处理。"
    story.on(date(2026, 8, 20), partial(deeds.decide, "QS-JTZ", "", enough))
