"""Whose turn it is in the cases: the policies of one case, asked of all cases at once by the database."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import (
    Case,
    CharField,
    Exists,
    OuterRef,
    Q,
    Subquery,
    TextChoices,
    Value,
    When,
)

from portal.accounts import scopes
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.organisation.models import GroupMembership
from responsibility.models import UNDECIDED, AccountabilityCase, CaseEntry, CaseState, Decider, EntryKind


class Turn(TextChoices):
    """What a person may be asked to do in a case."""

    EXPLAIN = "explain"
    ANSWER = "answer"
    DECIDE = "decide"
    WEIGH = "weigh"  # a measure is to be proposed: the explanation is there
    REFER = "refer"  # nobody in the tree may take the next decision
    PROPOSE = "propose"  # the same where the time for the explanation has passed


class Place(NamedTuple):
    """Where a case stands for a person: what is to be done in it, and the day set for that."""

    pk: int
    turn: Turn
    due_on: date | None


class AtTurn(NamedTuple):
    """A case with what is to be done in it, and the day set for that."""

    case: AccountabilityCase
    turn: Turn
    due_on: date | None


# In these states it is somebody's turn.
LIVE = (*UNDECIDED, CaseState.OBJECTED)


def of(user: User, today: date) -> list[Place]:
    """Where it is this person's turn, the most urgent first: one query of few columns, none where no case is alive.

    Whose turn it is takes a dozen subqueries, so it stands in the query once: to count and to sort by it there would
    repeat it all, and cost more than to read the few hundred cases that are alive in a district.
    """
    alive = AccountabilityCase.objects.visible_to(user).filter(state__in=LIVE).order_by("year", "serial")
    if not alive.exists():
        return []
    turn = Case(
        *(When(condition, then=Value(turn.value)) for turn, condition in _conditions(user, today).items()),
        output_field=CharField(),
    )
    proposed = CaseEntry.objects.filter(case=OuterRef("pk"), kind=EntryKind.PROPOSAL).order_by("-pk")
    found: Any = alive.with_deciders(today).annotate(
        proposed_decider=Subquery(proposed.values("measure__decider")[:1]), turn=turn
    )
    places = [
        Place(pk, Turn(turn), _due(state, explain_until, today))
        for pk, turn, state, explain_until in found.values_list("pk", "turn", "state", "explain_until")
        if turn is not None
    ]
    return sorted(places, key=lambda place: place.due_on or date.max)


def _due(state: str, explain_until: date, today: date) -> date | None:
    """The last day of the explanation; else today, but for an objection, for which no day is set."""
    if state == CaseState.OBJECTED:
        return None
    return explain_until if state == CaseState.OPENED and today <= explain_until else today


def read(places: Sequence[Place]) -> list[AtTurn]:
    """The cases at these places, with what each shows."""
    ids = [place.pk for place in places]
    cases = AccountabilityCase.objects.select_related("unit", "person", "obligation").in_bulk(ids) if ids else {}
    return [AtTurn(cases[place.pk], place.turn, place.due_on) for place in places]


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
