"""To-do items out of the apps below: requests, vacancies, reports, cases, letters, failed mail.

Who may act is asked of the database, so that a provider costs the same for one thing as for ten thousand.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery, Window
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts import scopes
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.dashboard import turns
from portal.dashboard.todo import SHOWN, TodoItem, Waiting
from portal.dashboard.turns import AtTurn, Turn
from portal.notices.models import MessageState, OutboundMessage
from portal.notices.views import SEES_OUTBOX
from portal.obligations.choices import DecisionKind, State
from portal.obligations.models import Decision, Obligation, VacancyQuestion
from portal.organisation.models import Tenure
from portal.web.dates import day, moment
from portal.workdays import clock
from portal.workdays.rules import Calendar
from responsibility import policies
from responsibility.models import Letter, LetterState, Obstacle, Report

REVIEW_DAYS = 5
DECIDERS = (Role.COORDINATOR, Role.HEAD)
IN_ALL = Window(Count("*"))


def _as_coordinator(user: User, field: str) -> Q:
    """Where a person coordinates, without the units that the person leads: nobody decides in an own matter."""
    return scopes.q(user, field, (Role.COORDINATOR,)) & ~scopes.q(user, field, (Role.TOP_LEADER,))


def extensions(user: User, today: date, calendar: Calendar) -> Sequence[Waiting]:
    """Requests for more time, due before the day they concern."""
    if not user.standing.has(Role.COORDINATOR):
        return ()
    asked = Decision.objects.filter(
        _as_coordinator(user, "obligation__unit__path"),
        kind=DecisionKind.EXTENSION,
        decided_on__isnull=True,
        obligation__state=State.OPEN,
    )
    rows = list(
        asked.annotate(in_all=IN_ALL).select_related("obligation__unit").order_by("obligation__due_on", "pk")[:SHOWN]
    )
    items = [
        TodoItem(
            d.obligation.due_on,
            _("Decide an extension: %(unit)s, %(duty)s") % {"unit": d.obligation.unit.name, "duty": d.obligation.label},
            _("Asked on %(day)s. %(reason)s") % {"day": day(d.asked_on), "reason": d.reason[:160]},
            f"/duties/{d.obligation_id}/extension/decide/",
            _("Decide"),
            d.obligation_id,
        )
        for d in rows
    ]
    return (_waiting(rows, items, _("requests for more time"), "/duties/?asked=extension"),)


def _waiting(rows: Sequence[object], items: Sequence[TodoItem], name: str, url: str) -> Waiting:
    """The rows carry the count of all of them as `in_all`."""
    return Waiting(getattr(rows[0], "in_all", 0) if rows else 0, items, name, url)


def vacancies(user: User, today: date, calendar: Calendar) -> Sequence[Waiting]:
    """Vacant posts with duties that stand still."""
    if not user.standing.has(*DECIDERS):
        return ()
    held = Tenure.objects.top_leaders().on(today).filter(post__unit=OuterRef("unit"))
    still = Obligation.objects.open().filter(unit=OuterRef("unit"), vacant_since=OuterRef("vacant_since"))
    asked = VacancyQuestion.objects.filter(scopes.q(user, roles=DECIDERS), ~Exists(held), Exists(still))
    rows = list(asked.annotate(in_all=IN_ALL).select_related("unit").order_by("vacant_since", "pk")[:SHOWN])
    items = [
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
        for q in rows
    ]
    return (_waiting(rows, items, _("vacant posts"), "/duties/?state=vacant"),)


def reviews(user: User, today: date, calendar: Calendar) -> Sequence[Waiting]:
    """Reports that wait for the coordinator, the longest first."""
    if not user.standing.has(Role.COORDINATOR):
        return ()
    waiting = Report.objects.filter(_as_coordinator(user, "unit__path"), submitted_at__isnull=False).to_review()
    rows = list(waiting.annotate(in_all=IN_ALL).select_related("unit", "period")[:SHOWN])
    items = [
        TodoItem(
            calendar.add(report.submitted_at.astimezone(clock.zone()).date(), REVIEW_DAYS),
            _("Review a report: %(unit)s") % {"unit": report.unit.name},
            _("%(period)s, handed in %(at)s.") % {"period": report.period.title, "at": moment(report.submitted_at)},
            report.get_absolute_url(),
            _("Review"),
        )
        for report in rows
        if report.submitted_at is not None
    ]
    return (_waiting(rows, items, _("reports to review"), "/reports/?state=submitted"),)


def cases(user: User, today: date, calendar: Calendar) -> Sequence[Waiting]:
    """Cases in which it is this person's turn."""
    mine = turns.of(user, today)
    shown = turns.read(mine[:SHOWN])
    return [
        Waiting(count, [_case_item(found) for found in shown if found.turn == turn], *_case_list(turn))
        for turn, count in Counter(place.turn for place in mine).items()
    ]


def _case_list(turn: Turn) -> tuple[str, str]:
    """What the cases of a turn are called, and the list that has them."""
    match turn:
        case Turn.EXPLAIN:
            return _("cases to explain"), "/accountability/?state=opened"
        case Turn.ANSWER:
            return _("objections to decide"), "/accountability/?state=objected"
        case Turn.DECIDE:
            return _("cases to decide"), "/accountability/?state=proposed"
        case Turn.WEIGH:
            return _("explanations to weigh"), "/accountability/?state=explained"
        case Turn.PROPOSE:
            return _("cases without an explanation"), "/accountability/?state=opened"
        case Turn.REFER:
            return _("cases to refer to the body above"), "/accountability/"


def _case_item(found: AtTurn) -> TodoItem:
    case, turn, due_on = found
    names = {"unit": case.unit.name, "person": case.person.name}
    match turn:
        case Turn.EXPLAIN:
            title, verb = _("Explain: a case against you is open"), _("Explain")
        case Turn.ANSWER:
            title, verb = _("Decide an objection: %(unit)s, %(person)s") % names, _("Decide")
        case Turn.DECIDE:
            title, verb = _("Decide a case: %(unit)s, %(person)s") % names, _("Decide")
        case Turn.WEIGH | Turn.PROPOSE:
            title, verb = _("Propose a measure: %(unit)s, %(person)s") % names, _("Propose")
        case Turn.REFER:
            title, verb = _("Nobody here may decide: %(unit)s, %(person)s") % names, _("Record the referral")
    about = case.obligation.label if case.obligation else ""
    # It stops no formal step: a case is raised whatever was decided, as long as the duty is not done.
    return TodoItem(due_on, title, about, case.get_absolute_url(), verb)


def letters(user: User, today: date, calendar: Calendar) -> Sequence[Waiting]:
    """Letters that wait for a head's signature: those of a year are signed in one act, so they are one thing to do."""
    if not user.standing.has(Role.HEAD):
        return ()
    waiting = Letter.objects.filter(state=LetterState.ISSUED, group__in=policies.headed_groups(user))
    counts = waiting.order_by("year").values_list("year").annotate(n=Count("pk"))
    items = [
        TodoItem(
            today,
            _("Sign the letters of %(year)s") % {"year": year},
            ngettext("%(count)s letter waits for you.", "%(count)s letters wait for you.", n) % {"count": n},
            f"/letters/{year}/sign/",
            _("Sign"),
        )
        for year, n in counts
    ]
    return (Waiting(len(items), items, _("years of letters to sign"), "/letters/"),)


def obstacles(user: User, today: date, calendar: Calendar) -> Sequence[Waiting]:
    """Letters that their leaders say they cannot sign, with the newest reason; until they are signed or withdrawn."""
    if not user.standing.has(Role.COORDINATOR):
        return ()
    said = Obstacle.objects.filter(letter=OuterRef("pk")).order_by("-stated_at", "-pk").values("reason")[:1]
    unsigned = Letter.objects.filter(_as_coordinator(user, "unit__path")).said_to_be_unsignable()
    found = unsigned.defer("content").annotate(in_all=IN_ALL, said=Subquery(said)).select_related("unit", "obligation")
    rows: list[Any] = list(found.order_by("obligation__due_on", "pk")[:SHOWN])
    items = [
        TodoItem(
            letter.obligation.due_on,
            _("Cannot sign the letter: %(unit)s") % {"unit": letter.unit.name},
            _("“%(reason)s” Its clock goes on.") % {"reason": Truncator(letter.said).chars(160)},
            f"{letter.get_absolute_url()}#obstacle",
            _("Read the reason"),
        )
        for letter in rows
    ]
    url = f"/letters/{rows[0].year}/?said=cannot-sign" if rows else ""
    return (_waiting(rows, items, _("letters that leaders cannot sign"), url),)


def failed_messages(user: User) -> int:
    """How many messages of a person's part of the tree did not arrive."""
    seen = scopes.q(user, "notices__unit__path", SEES_OUTBOX)
    return OutboundMessage.objects.filter(seen, state=MessageState.FAILED).distinct().count()


def failed_mail(user: User, today: date, calendar: Calendar) -> Sequence[Waiting]:
    """Messages that did not arrive."""
    if not user.standing.has(*SEES_OUTBOX):
        return ()
    count = failed_messages(user)
    if not count:
        return ()
    url = "/outbox/?state=failed"
    title = ngettext("%(count)s notice did not arrive", "%(count)s notices did not arrive", count) % {"count": count}
    item = TodoItem(None, title, _("The proof of notice is incomplete."), url, _("Repair"))
    return (Waiting(1, [item], _("notices that did not arrive"), url),)


ALL = (extensions, vacancies, reviews, cases, letters, obstacles, failed_mail)
