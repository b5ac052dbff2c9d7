"""Whose turn it is in the cases: the policies of one case, asked of all cases at once by the database."""

from datetime import date
from typing import Any, NamedTuple

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
)

from portal.accounts import scopes
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.organisation.models import GroupMembership
from responsibility.models import AccountabilityCase, CaseEntry, CaseState, Decider, EntryKind


class Turn(TextChoices):
    """What a person may be asked to do in a case."""

    EXPLAIN = "explain"
    ANSWER = "answer"
    DECIDE = "decide"
    WEIGH = "weigh"  # a measure is to be proposed: the explanation is there
    REFER = "refer"  # nobody in the tree may take the next decision
    PROPOSE = "propose"  # the same where the time for the explanation has passed


class AtTurn(NamedTuple):
    """A case, what is to be done in it, and the day set for that."""

    case: AccountabilityCase
    turn: Turn
    due_on: date | None


def first(cases: "QuerySet[AccountabilityCase]", count: int) -> list[AtTurn]:
    """The first of the cases that `cases_of` gives, with what each shows."""
    found: Any = cases.select_related("unit", "person", "obligation")[:count]
    return [AtTurn(case, Turn(case.turn), case.turn_due) for case in found]


def cases_of(user: User, today: date) -> "QuerySet[AccountabilityCase]":
    """The cases in which it is this person's turn, with `turn` and `turn_due` (null: no day is set), most urgent first."""
    conditions = _conditions(user, today)
    anything = Q(pk__in=())
    for condition in conditions.values():
        anything |= condition
    turn = Case(*(When(c, then=Value(t.value)) for t, c in conditions.items()), output_field=CharField())
    due = Case(
        When(state=CaseState.OPENED, explain_until__gte=today, then=F("explain_until")),
        When(state=CaseState.OBJECTED, then=Value(None)),
        default=Value(today),
        output_field=DateField(),
    )
    proposed = CaseEntry.objects.filter(case=OuterRef("pk"), kind=EntryKind.PROPOSAL).order_by("-pk")
    seen = AccountabilityCase.objects.visible_to(user).with_deciders(today)
    seen = seen.annotate(proposed_decider=Subquery(proposed.values("measure__decider")[:1]))
    found: QuerySet[AccountabilityCase] = seen.filter(anything).annotate(turn=turn, turn_due=due)
    return found.order_by(F("turn_due").asc(nulls_last=True), "year", "serial")


def counts(cases: "QuerySet[AccountabilityCase]") -> dict[str, int]:
    """How many of the cases are at each turn."""
    rows = cases.order_by().values_list("turn").annotate(n=Count("pk"))  # type: ignore[misc]
    return dict(rows)


def _conditions(user: User, today: date) -> dict[Turn, Q]:
    """When it is whose turn; nobody acts in the own case but to explain."""
    own = Q(person__user_id=user.pk)
    coordinates = scopes.q(user, roles=(Role.COORDINATOR,)) & ~own
    seats = GroupMembership.objects.on(today).filter(person__user=user)
    decides = Q(decider_id__in=seats.values("pk"))
    answers = Q(answerer_id__in=seats.values("pk")) | (
        Q(answerer_id__isnull=True, top_group_id__in=seats.values("group")) & ~Q(decision_author_id=user.pk)
    )
    heard = Q(state__in=(CaseState.EXPLAINED, CaseState.PROPOSED)) | Q(state=CaseState.OPENED, explain_until__lt=today)
    return {
        # First: of the turns that hold, a case shows the first.
        Turn.REFER: coordinates & ((heard & Q(decider_id__isnull=True)) | _without_answer(today)),
        Turn.EXPLAIN: own & Q(state=CaseState.OPENED, explain_until__gte=today),
        Turn.ANSWER: Q(state=CaseState.OBJECTED) & answers & ~own,
        Turn.DECIDE: Q(state=CaseState.PROPOSED)
        & ((decides & ~own) | (coordinates & Q(proposed_decider=Decider.COORDINATOR))),
        Turn.WEIGH: Q(state=CaseState.EXPLAINED) & coordinates,
        Turn.PROPOSE: Q(state=CaseState.OPENED, explain_until__lt=today) & coordinates,
    }


def _without_answer(today: date) -> Q:
    """Objections that neither a head one level up nor another member of the highest group may answer."""
    members = GroupMembership.objects.on(today).filter(group=OuterRef("top_group_id"))
    others = members.exclude(person=OuterRef("person")).exclude(person__user=OuterRef("decision_author_id"))
    return Q(~Exists(others), state=CaseState.OBJECTED, answerer_id__isnull=True)
