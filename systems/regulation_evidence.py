"""What the last twelve months show of each thing that carries an article out: the same few queries however many articles.

Counted is what the reader may see: a district over all its units, a bureau over itself.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _t

from portal.accounts import scopes
from portal.accounts.models import Grant, User
from portal.accounts.roles import Role
from portal.obligations import registry
from portal.obligations.choices import State
from portal.obligations.models import Obligation
from portal.organisation.models import GroupMembership, LeadingGroup, Post, PostKind, Tenure, Unit
from systems.models import Finding, Gravity, Requirement, UnitSystem
from systems.models.regulations import Article, ArticleTie, TieKind
from systems.regulation_rules import Trace, Verdict, verdict

DAYS = 365


class Seen(NamedTuple):
    """What a tie shows: its name, what was counted in words, the trace, where the rows are, findings of its system."""

    kind: str
    name: str
    words: str
    trace: Trace
    url: str
    findings: int = 0
    serious: int = 0


class Lived(NamedTuple):
    """An article with what its ties show and the verdict."""

    article: Article
    verdict: Verdict
    seen: list[Seen]


def of_articles(articles: Collection[Article], reader: User, today: date) -> list[Lived]:
    """Each article with its evidence. The articles come with their ties (and systems) read already."""
    ties = [tie for article in articles for tie in article.ties.all()]
    seen = _seen(ties, reader, today)
    return [
        Lived(
            article,
            verdict([seen[tie.pk].trace for tie in article.ties.all()], is_declaratory=article.is_declaratory),
            [seen[tie.pk] for tie in article.ties.all()],
        )
        for article in articles
    ]


def _seen(ties: Iterable[ArticleTie], reader: User, today: date) -> dict[int, Seen]:
    by_kind: dict[str, list[ArticleTie]] = {kind: [] for kind in TieKind.values}
    for tie in ties:
        by_kind[tie.kind].append(tie)
    since = today - timedelta(days=DAYS)
    found = _duties(by_kind[TieKind.DUTY], reader, since, today)
    found |= _systems(by_kind[TieKind.SYSTEM], reader, since, today)
    return found | _roles(by_kind[TieKind.ROLE], reader, today)


# --- Duties -----------------------------------------------------------------------------------------------------------


def duty_names() -> dict[str, str]:
    """The kinds of duty that installed apps know, by code."""
    return {kind.code: str(kind.title) for kind in registry.kinds()}


def _duties(ties: list[ArticleTie], reader: User, since: date, today: date) -> dict[int, Seen]:
    """Duties of the kind that fell due or were done: asked; those done: done, be it late."""
    if not ties:
        return {}
    names = duty_names()
    asked = Q(state=State.DISCHARGED, closed_on__gte=since) | Q(state=State.OPEN, due_on__range=(since, today))
    rows = Obligation.objects.visible_to(reader).filter(asked, kind__in={tie.code for tie in ties})
    done = Count("pk", filter=Q(state=State.DISCHARGED))
    counted = {
        kind: Trace(total, kept)
        for kind, total, kept in rows.order_by().values_list("kind").annotate(n=Count("pk"), done=done)
    }
    found = {}
    for tie in ties:
        trace = counted.get(tie.code, Trace(0, 0))
        words = _t("%(done)s of %(asked)s duties done") if trace.asked else _t("no such duty in twelve months")
        url = f"{reverse('obligations:duties')}?kind={tie.code}"
        found[tie.pk] = _one(tie, names.get(tie.code, tie.code), words, trace, url)
    return found


def _one(tie: ArticleTie, name: str, words: str, trace: Trace, url: str, findings: int = 0, serious: int = 0) -> Seen:
    return Seen(tie.kind, name, words % trace._asdict(), trace, url, findings, serious)


# --- Systems ----------------------------------------------------------------------------------------------------------


def _systems(ties: list[ArticleTie], reader: User, since: date, today: date) -> dict[int, Seen]:
    """Units that must have the system: asked; those in which it is in force: done."""
    if not ties:
        return {}
    ids = {tie.system_id for tie in ties if tie.system_id is not None}
    units = Unit.objects.filter(scopes.q(reader, "path")).active()
    asked, done = _required(ids, units, today), _in_force(ids, units, today)
    findings = _findings(ids, reader, since)
    found = {}
    for tie in ties:
        key = tie.system_id or 0
        trace = Trace(asked[key], done[key])
        words = (
            _t("in force in %(done)s of %(asked)s units that must have it") if trace.asked else _t("required of nobody")
        )
        assert tie.system is not None
        url = tie.system.get_absolute_url()
        found[tie.pk] = _one(tie, tie.system.name, words, trace, url, *findings.get(key, (0, 0)))
    return found


def _required(ids: Collection[int], units: "QuerySet[Unit]", today: date) -> Counter[int]:
    by_type = dict(units.order_by().values_list("type_id").annotate(n=Count("pk")))
    wanted = Requirement.objects.in_force(today.year).filter(system_id__in=ids).order_by()
    total: Counter[int] = Counter()
    for system_id, type_id in wanted.values_list("system_id", "types"):
        total[system_id] += by_type.get(type_id, 0)
    return total


def _in_force(ids: Collection[int], units: "QuerySet[Unit]", today: date) -> Counter[int]:
    """Only where it is required: a system that nobody asks for proves nothing of an article."""
    there = UnitSystem.objects.in_force().filter(category_id__in=ids, unit__in=units)
    wanted = Requirement.types.through.objects.filter(
        requirement_id__in=Requirement.objects.in_force(today.year).values("pk"),
        requirement__system_id=OuterRef("category_id"),
        unittype_id=OuterRef("unit__type_id"),
    )
    rows = there.filter(Exists(wanted)).order_by().values_list("category_id").annotate(n=Count("pk"))
    return Counter(dict(rows))


def _findings(ids: Collection[int], reader: User, since: date) -> dict[int, tuple[int, int]]:
    rows = Finding.objects.filter(scopes.q(reader), category_id__in=ids, found_on__gte=since).order_by()
    serious = Count("pk", filter=Q(gravity=Gravity.SERIOUS))
    return {
        key: (total, grave)
        for key, total, grave in rows.values_list("category_id").annotate(n=Count("pk"), serious=serious)
    }


# --- Roles ------------------------------------------------------------------------------------------------------------


def _roles(ties: list[ArticleTie], reader: User, today: date) -> dict[int, Seen]:
    """Places where somebody should hold the role: asked; where somebody does: done."""
    counted = {code: COUNTERS.get(Role(code), _granted)(Role(code), reader, today) for code in {t.code for t in ties}}
    url = reverse("organisation:units")
    words = _t("held at %(done)s of %(asked)s places")
    return {tie.pk: _one(tie, str(Role(tie.code).label), words, counted[tie.code], url) for tie in ties}


def _post(kind: PostKind) -> Callable[[Role, User, date], Trace]:
    def count(role: Role, reader: User, today: date) -> Trace:
        posts = Post.objects.filter(scopes.q(reader), kind=kind, unit__dissolved_on__isnull=True)
        return _counted(posts, Tenure.objects.on(today).filter(post=OuterRef("pk")))

    return count


def _group(role: Role, reader: User, today: date) -> Trace:
    groups = LeadingGroup.objects.filter(scopes.q(reader), unit__dissolved_on__isnull=True)
    held = GroupMembership.objects.on(today).filter(group=OuterRef("pk"), is_head=role == Role.HEAD)
    return _counted(groups, held)


def _granted(role: Role, reader: User, today: date) -> Trace:
    """An office that is given by hand is asked of somebody, somewhere."""
    return Trace(1, int(Grant.objects.in_force().filter(role=role).exists()))


def _counted(places: "QuerySet[Any]", held: "QuerySet[Any]") -> Trace:
    numbers = places.aggregate(asked=Count("pk"), done=Count("pk", filter=Exists(held)))
    return Trace(numbers["asked"], numbers["done"])


COUNTERS: dict[Role, Callable[[Role, User, date], Trace]] = {
    Role.TOP_LEADER: _post(PostKind.TOP_LEADER),
    Role.LIAISON: _post(PostKind.LIAISON),
    Role.HEAD: _group,
    Role.MEMBER: _group,
}
