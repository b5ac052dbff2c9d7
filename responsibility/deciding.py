"""Who may decide a case today and who answers its objection, with their names: two or three queries for any number of cases.

The rule itself is one annotation, `AccountabilityCase.objects.with_deciders(day)`; here its rows get faces.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from portal.organisation.models import GroupMembership, LeadingGroup
from portal.web.i18n import listed
from portal.workdays import clock
from responsibility.models import AccountabilityCase


class Bench(NamedTuple):
    """A leading group with those of it who may act; nobody in the tree where `members` is empty."""

    members: tuple[GroupMembership, ...] = ()

    @property
    def group(self) -> LeadingGroup | None:
        """The leading group they sit in."""
        return self.members[0].group if self.members else None

    @property
    def user_ids(self) -> set[int]:
        """Their accounts; empty where none of them has one."""
        return {member.person.user_id for member in self.members if member.person.user_id}

    @property
    def names(self) -> str:
        """Their names, in the reader's language."""
        return listed(member.person.name for member in self.members)


NOBODY = Bench()


def deciders(case_ids: Iterable[int]) -> dict[int, Bench]:
    """By case, the head who decides it today. In two queries."""
    rows = AccountabilityCase.objects.filter(pk__in=list(case_ids)).with_deciders(clock.today()).order_by()
    heads = dict(rows.values_list("pk", "decider_id"))
    known = _members(heads.values())
    return {case_id: Bench((known[head],)) if head else NOBODY for case_id, head in heads.items()}


def answerers(case_ids: Iterable[int]) -> dict[int, Bench]:
    """By case, who answers an objection to its last decision today. In three queries.

    The head one level above the decision; at the top of the tree another member of that group than who decided.
    """
    today = clock.today()
    rows = AccountabilityCase.objects.filter(pk__in=list(case_ids)).with_deciders(today).order_by()
    found = list(rows.values_list("pk", "person", "answerer_id", "decision_author_id", "top_group_id"))
    known = _members(head for _pk, _person, head, _author, _top in found)
    at_top: dict[int, list[GroupMembership]] = defaultdict(list)
    tops = {top for _pk, _person, head, _author, top in found if head is None and top is not None}
    for member in GroupMembership.objects.on(today).filter(group__in=tops).select_related("group", "person__user"):
        at_top[member.group_id].append(member)
    benches = {}
    for pk, person_id, head, author_id, top in found:
        others = [m for m in at_top[top] if m.person_id != person_id and m.person.user_id != author_id] if top else []
        benches[pk] = Bench((known[head],) if head else tuple(others))
    return benches


def decider_of(case: AccountabilityCase) -> Bench:
    """Who decides one case today."""
    return deciders([case.pk])[case.pk]


def answerer_of(case: AccountabilityCase) -> Bench:
    """Who answers an objection to the last decision of one case today."""
    return answerers([case.pk])[case.pk]


def _members(ids: Iterable[int | None]) -> dict[int, GroupMembership]:
    wanted = {pk for pk in ids if pk is not None}
    return GroupMembership.objects.select_related("group", "person__user").in_bulk(wanted) if wanted else {}
