"""To-do items out of the apps below: requests, vacancies, reports, cases, letters, failed mail."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts import scopes
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.dashboard.todo import TodoItem
from portal.notices.models import MessageState, OutboundMessage
from portal.obligations.choices import DecisionKind, State
from portal.obligations.models import Decision, VacancyQuestion
from portal.organisation.models import Tenure
from portal.web.dates import day, moment
from portal.workdays import clock
from portal.workdays.rules import Calendar
from responsibility import policies
from responsibility.models import UNDECIDED, AccountabilityCase, CaseState, Letter, LetterState, Report

# A provider shows so many of its items; the rest is behind the list it leads to.
MOST = 7
REVIEW_DAYS = 5
DECIDERS = (Role.COORDINATOR, Role.HEAD)


def extensions(user: User, today: date, calendar: Calendar) -> list[TodoItem]:
    """Requests for more time, due before the day they concern."""
    asked = Decision.objects.filter(
        scopes.q(user, "obligation__unit__path", (Role.COORDINATOR,)),
        kind=DecisionKind.EXTENSION,
        decided_on__isnull=True,
        obligation__state=State.OPEN,
    ).select_related("obligation__unit")
    return [
        TodoItem(
            d.obligation.due_on,
            _("Decide an extension: %(unit)s, %(duty)s") % {"unit": d.obligation.unit.name, "duty": d.obligation.label},
            _("Asked on %(day)s. %(reason)s") % {"day": day(d.asked_on), "reason": d.reason[:160]},
            f"/duties/{d.obligation_id}/extension/decide/",
            _("Decide"),
        )
        for d in asked[:MOST]
    ]


def vacancies(user: User, today: date, calendar: Calendar) -> list[TodoItem]:
    """Vacant posts with duties that stand still."""
    asked = VacancyQuestion.objects.filter(scopes.q(user, roles=DECIDERS)).select_related("unit").order_by("-asked_on")
    in_office = set(
        Tenure.objects.top_leaders()
        .on(today)
        .filter(post__unit__in=asked.values("unit"))
        .values_list("post__unit", flat=True)
    )
    return [
        TodoItem(
            today,
            _("Name an acting leader: %(unit)s") % {"unit": q.unit.name},
            ngettext(
                "Post vacant for %(days)s working day. Its duties stand still.",
                "Post vacant for %(days)s working days. Its duties stand still.",
                calendar.between(q.vacant_since, today),
            )
            % {"days": calendar.between(q.vacant_since, today)},
            f"/units/{q.unit.code}/",
            _("Name"),
        )
        for q in asked
        if q.unit_id not in in_office
    ][:MOST]


def reviews(user: User, today: date, calendar: Calendar) -> list[TodoItem]:
    """Reports that wait for the coordinator, the longest first."""
    waiting = Report.objects.filter(scopes.q(user, roles=(Role.COORDINATOR,))).to_review()
    return [
        TodoItem(
            calendar.add(report.submitted_at.astimezone(clock.zone()).date(), REVIEW_DAYS),
            _("Review a report: %(unit)s") % {"unit": report.unit.name},
            _("%(period)s, handed in %(at)s.") % {"period": report.period.title, "at": moment(report.submitted_at)},
            report.get_absolute_url(),
            _("Review"),
        )
        for report in waiting.select_related("unit", "period")[:MOST]
        if report.submitted_at is not None
    ]


def cases(user: User, today: date, calendar: Calendar) -> list[TodoItem]:
    """Cases in which it is this person's turn."""
    seen = AccountabilityCase.objects.visible_to(user).filter(
        state__in=[*UNDECIDED, CaseState.DECIDED, CaseState.OBJECTED]
    )
    found = []
    for case in seen.select_related("unit", "person", "obligation", "group__unit")[:40]:
        item = _case_item(user, case, today)
        if item is not None:
            found.append(item)
    return found[:MOST]


def _case_item(user: User, case: AccountabilityCase, today: date) -> TodoItem | None:
    names = {"unit": case.unit.name, "person": case.person.name}
    url, about = case.get_absolute_url(), case.obligation.label if case.obligation else ""
    if policies.is_person_concerned(user, case):
        if case.state == CaseState.OPENED and today <= case.explain_until:
            return TodoItem(case.explain_until, _("Explain: a case against you is open"), about, url, _("Explain"))
        return None
    heard = case.state in (CaseState.EXPLAINED, CaseState.PROPOSED) or today > case.explain_until
    if case.state == CaseState.OBJECTED and policies.may_answer_objection(user, case):
        return TodoItem(None, _("Decide an objection: %(unit)s, %(person)s") % names, about, url, _("Decide"))
    if case.state == CaseState.PROPOSED and policies.may_decide_case(user, case, None):
        return TodoItem(today, _("Decide a case: %(unit)s, %(person)s") % names, about, url, _("Decide"))
    if case.state in (CaseState.OPENED, CaseState.EXPLAINED) and heard and policies.may_propose(user, case):
        return TodoItem(today, _("Propose a measure: %(unit)s, %(person)s") % names, about, url, _("Propose"))
    return None


def letters(user: User, today: date, calendar: Calendar) -> list[TodoItem]:
    """Letters that wait for a head's signature."""
    groups = policies.headed_groups(user)
    if not groups:
        return []
    waiting = Letter.objects.filter(state=LetterState.ISSUED, group__in=groups)
    years = waiting.order_by("year").values_list("year", flat=True).distinct()
    found = []
    for year in years:
        count = waiting.filter(year=year).count()
        text = ngettext("%(count)s letter waits for you.", "%(count)s letters wait for you.", count) % {"count": count}
        found.append(
            TodoItem(
                today, _("Sign the letters of %(year)s") % {"year": year}, text, f"/letters/{year}/sign/", _("Sign")
            )
        )
    return found


def failed_mail(user: User, today: date, calendar: Calendar) -> list[TodoItem]:
    """Messages that did not arrive."""
    if not user.standing.has(Role.COORDINATOR, Role.SYSTEM_ADMIN):
        return []
    seen = scopes.q(user, "notices__unit__path", (Role.COORDINATOR, Role.SYSTEM_ADMIN))
    count = OutboundMessage.objects.filter(seen, state=MessageState.FAILED).distinct().count()
    if not count:
        return []
    title = ngettext("%(count)s notice did not arrive", "%(count)s notices did not arrive", count) % {"count": count}
    return [TodoItem(None, title, _("The proof of notice is incomplete."), "/outbox/?state=failed", _("Repair"))]


ALL = (extensions, vacancies, reviews, cases, letters, failed_mail)
