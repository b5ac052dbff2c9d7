"""A year of the programme, told through the same services that people use, day by day and with the clock running.

The day on which the demo begins is fixed, so that it is the same on every machine; its clock goes on from there.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db import transaction

from portal.accounts.models import User
from portal.demo import reports
from portal.notices.models import Notice
from portal.obligations import clock as ladder_clock
from portal.obligations import services as obligations
from portal.obligations.models import Obligation
from portal.organisation import services as organisation
from portal.organisation.models import LeadingGroup, Person, Post, PostKind, Tenure, Unit
from portal.organisation.pinyin import keys
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from responsibility.models import (
    AccountabilityCase,
    CaseState,
    Letter,
    Measure,
    PeriodKind,
    Report,
    ReportState,
)
from responsibility.services import accountability, letters, programme
from responsibility.services import reports as reporting

FIRST_DAY = date(2026, 1, 5)
TODAY = date(2026, 11, 24)
YEAR = 2026
SIGNING_DUE = date(2026, 3, 31)
# Letters: who signs late, and who was silent until the ladder reached him.
SIGNS_LATE = {"QS-MK": date(2026, 4, 7), "QS-T2-V4": date(2026, 4, 3), "QS-S1-C2": date(2026, 4, 9)}
SIGNS_LAST = {"QS-T2-V3": date(2026, 4, 20)}
VACANT, VACANT_SINCE = "QS-GS", date(2026, 11, 5)
NEW_LEADER, NEW_SINCE = "QS-JT", date(2026, 11, 12)
# Reports of the half-year: late ones, returned ones, and the one that never came in time.
HALF_LATE = {"QS-ZJ": date(2026, 7, 14), "QS-T1-V2": date(2026, 7, 15), "QS-WJ": date(2026, 7, 13)}
HALF_RETURNED = {"QS-JY", "QS-T2", "QS-ZX1", "QS-CT"}
HALF_SILENT = {"QS-MK": date(2026, 8, 19)}
# Reports of the third quarter.
QUARTER_SILENT = {"QS-ZR", "QS-T3-V3", "QS-JT"}
QUARTER_LATE = {"QS-SJ": date(2026, 11, 3), "QS-T1-V4": date(2026, 11, 4)}
QUARTER_WAITING = {
    "QS-T1": date(2026, 10, 29),
    "QS-HB": date(2026, 11, 19),
    "QS-YY1": date(2026, 11, 20),
    "QS-S2": date(2026, 11, 23),
}
QUARTER_RETURNED = {"QS-JY": date(2026, 11, 18), "QS-SL": date(2026, 11, 20)}
QUARTER_EXEMPT, QUARTER_SUSPENDED = "QS-HSZ", "QS-YJ"


@dataclass
class Story:
    """What happens on which day; several things on one day happen in the order in which they were written down."""

    events: dict[date, list[Callable[[], object]]] = field(default_factory=dict)

    def on(self, day: date, event: Callable[[], object]) -> None:
        """Write an event down."""
        self.events.setdefault(day, []).append(event)

    def tell(self, first: date, last: date) -> None:
        """Live through the days: in the morning the clock, then what people do."""
        calendar = load_calendar()
        day = first
        while day <= last:
            with clock.frozen(datetime.combine(day, time(6), clock.zone())):
                ladder_clock.run(day)
            for hour, event in enumerate(self.events.get(day, ())):
                at = datetime.combine(day, time(9), clock.zone()) + timedelta(minutes=7 * hour)
                with clock.frozen(at), transaction.atomic():
                    event()
            if calendar.is_workday(day):
                _read_notices(day)
            day += timedelta(days=1)


def _read_notices(day: date) -> None:
    """People open what they were told within a day; village secretaries take longer."""
    until = datetime.combine(day - timedelta(days=1), time(12), clock.zone())
    unread = Notice.objects.unread().filter(written_at__lt=until).exclude(recipient__username__in=("leader", "village"))
    unread.update(read_at=datetime.combine(day, time(8, 37), clock.zone()))


def user(name: str) -> User:
    """A user, fresh: standing is read anew for each day."""
    return User.objects.get(username=name)


def leader(code: str) -> User:
    """Who holds a unit's top post today."""
    held = Tenure.objects.top_leaders().on(clock.today()).get(post__unit__code=code)
    return User.objects.get(person=held.person)


def write() -> Story:
    """The year as it happened."""
    story = Story()
    story.on(FIRST_DAY, lambda: programme.open_year(user("coordinator"), year=YEAR, signing_due_on=SIGNING_DUE))
    story.on(date(2026, 2, 25), _issue)
    story.on(date(2026, 3, 3), _heads_sign)
    _letters(story)
    _half_year(story)
    _quarter(story)
    _offices(story)
    _cases(story)
    story.on(date(2026, 11, 16), lambda: _open_period(PeriodKind.ANNUAL, 1, date(2027, 1, 10), date(2027, 3, 31)))
    return story


def _issue() -> None:
    path = str(Unit.objects.get(code="QS").path)
    while letters.issue_chunk(user("coordinator"), YEAR, path=path):
        pass


def _heads_sign() -> None:
    for group in LeadingGroup.objects.all():
        head = group.head(clock.today())
        if head is not None and head.person.user is not None:
            _sign_batch(head.person.user)


def _sign_batch(by: User) -> None:
    waiting = [letter.pk for letter in letters.waiting_for(by, YEAR)]
    if waiting:
        letters.sign_for_group(by, year=YEAR, letter_ids=waiting, typed_name=by.name_en)


def _letters(story: Story) -> None:
    codes = list(Unit.objects.exclude(parent=None).order_by("path").values_list("code", flat=True))
    calendar = load_calendar()
    for place, code in enumerate(codes):
        day = SIGNS_LATE.get(code) or SIGNS_LAST.get(code) or calendar.add(date(2026, 3, 3), 1 + place % 18)
        story.on(day, lambda code=code: _sign(code))  # type: ignore[misc]


def _sign(code: str) -> None:
    letter = Letter.objects.live().for_year(YEAR).get(unit__code=code)
    by = leader(code)
    letters.sign_for_unit(by, letter.pk, expected_version=letter.version, read=True, typed_name=by.name_zh)


def _open_period(kind: PeriodKind, number: int, due_on: date, closes_on: date) -> None:
    reporting.open_period(
        user("coordinator"),
        year=YEAR,
        kind=kind,
        number=number,
        opens_on=clock.today(),
        due_on=due_on,
        closes_on=closes_on,
    )


def _reporting_units() -> list[str]:
    return list(Unit.objects.exclude(parent=None).order_by("path").values_list("code", flat=True))


def _half_year(story: Story) -> None:
    kind, due = PeriodKind.HALF_YEAR, date(2026, 7, 10)
    story.on(date(2026, 6, 15), lambda: _open_period(kind, 1, due, date(2026, 12, 31)))
    calendar = load_calendar()
    for place, code in enumerate(_reporting_units()):
        day = HALF_LATE.get(code) or HALF_SILENT.get(code) or calendar.add(date(2026, 6, 29), place % 9)
        story.on(day, lambda code=code: _hand_in(kind, code))  # type: ignore[misc]
        reviewed = calendar.add(day, 3)
        if code in HALF_RETURNED:
            story.on(reviewed, lambda code=code: _return(kind, code))  # type: ignore[misc]
            story.on(calendar.add(reviewed, 4), lambda code=code: _hand_in(kind, code, again=True))  # type: ignore[misc]
            reviewed = calendar.add(reviewed, 6)
        story.on(reviewed, lambda code=code: _accept(kind, code))  # type: ignore[misc]


def _quarter(story: Story) -> None:
    kind, due = PeriodKind.QUARTER, date(2026, 10, 30)
    story.on(date(2026, 10, 9), lambda: _open_period(kind, 3, due, date(2026, 12, 31)))
    story.on(date(2026, 10, 20), lambda: _waive(kind, QUARTER_EXEMPT))
    story.on(date(2026, 10, 26), lambda: _suspend(kind, QUARTER_SUSPENDED))
    calendar = load_calendar()
    left_out = QUARTER_SILENT | {QUARTER_EXEMPT, QUARTER_SUSPENDED}
    for place, code in enumerate(c for c in _reporting_units() if c not in left_out):
        waits = QUARTER_WAITING.get(code) or QUARTER_RETURNED.get(code)
        handed_in = (
            min(waits, due) if waits and code in QUARTER_WAITING else calendar.add(date(2026, 10, 19), place % 9)
        )
        if code in QUARTER_WAITING and QUARTER_WAITING[code] > due:
            handed_in = QUARTER_WAITING[code]
        day = QUARTER_LATE.get(code) or handed_in
        story.on(day, lambda code=code: _hand_in(kind, code))  # type: ignore[misc]
        if code in QUARTER_RETURNED:
            story.on(QUARTER_RETURNED[code], lambda code=code: _return(kind, code))  # type: ignore[misc]
        elif code not in QUARTER_WAITING:
            story.on(calendar.add(day, 4), lambda code=code: _accept(kind, code))  # type: ignore[misc]
    story.on(date(2026, 11, 23), _ask_more_time)


def _report(kind: PeriodKind, code: str) -> Report:
    return Report.objects.get(period__year=YEAR, period__kind=kind, unit__code=code)


def _hand_in(kind: PeriodKind, code: str, *, again: bool = False) -> None:
    report, by = _report(kind, code), leader(code)
    letter = Letter.objects.live().for_year(YEAR).get(unit__code=code)
    for part, values in reports.parts(report.unit, letter.targets, again=again):
        report = reporting.save_part(by, report.pk, part, values, expected_version=report.version)
    reporting.submit(by, report.pk, expected_version=report.version)


def _return(kind: PeriodKind, code: str) -> None:
    report = _report(kind, code)
    if report.state == ReportState.SUBMITTED:
        reporting.return_report(
            user("coordinator"), report.pk, expected_version=report.version, remarks=reports.REMARKS
        )


def _accept(kind: PeriodKind, code: str) -> None:
    report = _report(kind, code)
    if report.state == ReportState.SUBMITTED:
        reporting.accept(user("coordinator"), report.pk, expected_version=report.version)


def _waive(kind: PeriodKind, code: str) -> None:
    reason = "The society joined the programme in September; its first report is the annual one. / 九月新纳入，首次报告为年度报告。"
    obligations.waive(user("coordinator"), _report(kind, code).obligation_id, reason=reason)


def _suspend(kind: PeriodKind, code: str) -> None:
    reason = "Flood control on the Qing River since 24 October. / 10月24日起全局投入青河防汛。"
    obligations.suspend(user("coordinator"), _report(kind, code).obligation_id, reason=reason)


def _ask_more_time() -> None:
    duty = Obligation.objects.open().get(kind="report_correction", unit__code="QS-SL")
    obligations.ask_extension(
        leader("QS-SL"),
        duty.pk,
        due_on=load_calendar().add(duty.due_on, 8),
        reason="The tender is being repeated; its figures come on 4 December. / 正在重新招标，相关数据12月4日可出。",
    )


def _offices(story: Story) -> None:
    story.on(date(2026, 11, 4), lambda: _leaves(VACANT, VACANT_SINCE - timedelta(days=1)))
    story.on(date(2026, 11, 11), lambda: _leaves(NEW_LEADER, NEW_SINCE - timedelta(days=1)))
    story.on(NEW_SINCE, _new_leader)
    story.on(date(2026, 11, 16), lambda: _sign_batch(user("head")))


def _leaves(code: str, last_day: date) -> None:
    tenure = Tenure.objects.top_leaders().on(clock.today()).get(post__unit__code=code)
    organisation.end_tenure(user("coordinator"), tenure.pk, ends_on=last_day)


def _new_leader() -> None:
    """A director comes to the Transport Bureau: a new letter in the new name follows by itself."""
    sort_key, initials = keys("陈浩然", "Chen Haoran", person=True)
    person = Person.objects.create(
        employee_no="E00201",
        name_en="Chen Haoran",
        name_zh="陈浩然",
        phone="0000-00201",
        email="leader@qingshi.example",
        sort_key=sort_key,
        initials=initials,
        user=User.objects.get(username="leader"),
    )
    post = Post.objects.get(unit__code=NEW_LEADER, kind=PostKind.TOP_LEADER)
    organisation.appoint(user("coordinator"), post=post, person=person, starts_on=NEW_SINCE)


def _cases(story: Story) -> None:
    """The case of the mine goes all the way; that of the quarter's first silent unit is half-way."""
    story.on(
        date(2026, 7, 29),
        lambda: _explain(
            "QS-MK",
            "The accountant who keeps the figures left in June and the post was filled on 20 July. / 负责统计的会计六月离职，七月二十日方才补齐。",
        ),
    )
    story.on(
        date(2026, 8, 3),
        lambda: _propose(
            "QS-MK",
            "ordered_correction",
            "First failure in three years; the vacancy is proved. / 三年内首次，空缺属实。",
        ),
    )
    story.on(
        date(2026, 8, 6),
        lambda: _decide(
            "QS-MK",
            "ordered_correction",
            "First failure in three years. Hand in by 19 August. / 三年内首次，限8月19日前报送。",
        ),
    )
    story.on(
        date(2026, 4, 17),
        lambda: _explain("QS-T2-V3", "I was in hospital from 26 March to 12 April. / 本人3月26日至4月12日住院。"),
    )
    story.on(
        date(2026, 4, 22),
        lambda: _decide_none(
            "QS-T2-V3", "The illness is proved and the letter has been signed. / 住院属实，责任书已补签。"
        ),
    )
    story.on(
        date(2026, 11, 18),
        lambda: _explain(
            "QS-ZR",
            "The figures of part two came late from the survey team. I should have asked for more time. / 第二部分数据由勘测队迟报，本人应提前申请延期。",
        ),
    )
    story.on(
        date(2026, 11, 20),
        lambda: _propose("QS-ZR", "admonishing_talk", "Second late report of the year. / 本年度第二次逾期。"),
    )


def _case(code: str) -> AccountabilityCase:
    return AccountabilityCase.objects.exclude(state=CaseState.CLOSED).filter(unit__code=code).latest("serial")


def _person(case: AccountabilityCase) -> User:
    return User.objects.get(person=case.person)


def _explain(code: str, text: str) -> None:
    case = _case(code)
    accountability.explain(_person(case), case.pk, expected_version=case.version, text=text)


def _propose(code: str, measure: str, reason: str) -> None:
    case = _case(code)
    chosen = Measure.objects.get(code=measure)
    accountability.propose(user("coordinator"), case.pk, expected_version=case.version, measure=chosen, reason=reason)


def _decide(code: str, measure: str | None, reason: str) -> None:
    case = _case(code)
    head = case.group.head(clock.today()) if case.group else None
    if head is None or head.person.user is None:
        return
    chosen = Measure.objects.get(code=measure) if measure else None
    accountability.decide(
        head.person.user, case.pk, expected_version=case.version, measure=chosen, reason=reason, basis=""
    )


def _decide_none(code: str, reason: str) -> None:
    _decide(code, None, reason)


__all__ = ["FIRST_DAY", "TODAY", "Story", "write"]
