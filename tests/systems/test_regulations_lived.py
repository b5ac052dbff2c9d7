"""Which article is lived, which is a dead letter."""

import pytest

from portal.obligations import services as obligations
from portal.workdays import clock
from systems.models.regulations import Article, Regulations
from systems.regulation_evidence import of_articles
from systems.regulation_rules import Trace, Verdict, verdict
from systems.services import regulations
from systems.services.regulations import Ties
from tests.systems.regulations import issued
from tests.world import TODAY, World


@pytest.mark.parametrize(
    ("traces", "expected"),
    [
        ([], Verdict.UNTIED),
        ([Trace(5, 0)], Verdict.DEAD),
        ([Trace(0, 0)], Verdict.DEAD),
        ([Trace(10, 8)], Verdict.LIVED),
        ([Trace(10, 7)], Verdict.PARTLY),
        ([Trace(10, 10), Trace(0, 0)], Verdict.PARTLY),
        ([Trace(10, 10), Trace(4, 0)], Verdict.PARTLY),
    ],
)
def test_the_verdict_follows_from_what_was_asked_and_done(traces: list[Trace], expected: Verdict) -> None:
    """Four of five is lived; nothing at all is a dead letter; nobody to do it is another thing."""
    assert verdict(traces, is_declaratory=False) == expected
    assert verdict(traces, is_declaratory=True) == Verdict.DECLARATORY


def _verdicts(world: World, version: Regulations, name: str = "coordinator") -> list[str]:
    articles = list(version.articles.prefetch_related("ties__system").select_related("regulations"))
    return [row.verdict.value for row in of_articles(articles, world.user(name), clock.today())]


def _owe(world: World, code: str) -> int:
    words = {"label_en": "Letter", "label_zh": "责任书", "year": 2026}
    return obligations.open_duty("letter", world.unit(code).pk, TODAY, **words).pk


def test_an_article_turns_from_dead_letter_to_lived_as_its_duties_are_done(world: World) -> None:
    """Each reader by what he sees: the bureau keeps it while the district keeps it in part."""
    version = issued(world)
    assert _verdicts(world, version) == ["dead", "untied", "declaratory"]
    own, other = _owe(world, "B"), _owe(world, "O")
    assert _verdicts(world, version)[0] == "dead"
    obligations.discharge(own)
    assert _verdicts(world, version)[0] == "partly"
    assert _verdicts(world, version, "leader")[0] == "lived"
    obligations.discharge(other)
    assert _verdicts(world, version)[0] == "lived"


def test_roles_count_the_places_where_they_are_held(world: World) -> None:
    """The water company has no manager: five of six posts are held."""
    version = issued(world)
    first = version.articles.get(number=1)
    regulations.tie(world.user("coordinator"), first.pk, Ties(roles=["top_leader", "group_head", "auditor"]))
    (row,) = of_articles([Article.objects.get(pk=first.pk)], world.user("coordinator"), TODAY)
    assert {tie.trace for tie in row.seen} == {Trace(6, 5), Trace(2, 2), Trace(1, 1)}
    assert row.verdict == Verdict.LIVED


def test_systems_count_the_units_that_must_have_them(world: World) -> None:
    """Nobody has registered any: a dead letter, and the page leads to the catalogue."""
    version = issued(world)
    first = version.articles.get(number=1)
    regulations.tie(world.user("coordinator"), first.pk, Ties(systems=["gov_procurement"]))
    (row,) = of_articles([Article.objects.get(pk=first.pk)], world.user("coordinator"), TODAY)
    assert row.verdict == Verdict.DEAD
    assert row.seen[0].trace.asked > 0 and row.seen[0].trace.done == 0
    page = world.client("coordinator").get("/regulations/?verdict=dead").content.decode()
    assert row.seen[0].url in page
