"""The Regulations in versions: written, issued, kept."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from portal.web.errors import Conflict, NotAllowed
from portal.workdays import clock
from systems.errors_programme import (
    AdoptedLater,
    DraftExists,
    InForceBeforeAdopted,
    InForceBeforePredecessor,
    NoArticles,
    RegulationsIssued,
    TieUnknown,
)
from systems.models.regulations import Article, Regulations
from systems.regulation_rules import Pair, pairs
from systems.services import regulations
from systems.services.regulations import Ties
from tests.queries import count_queries
from tests.systems.regulations import HEAD, article, issue, issued
from tests.world import TODAY, World


def _numbers(version: Regulations) -> list[tuple[int, str]]:
    return list(version.articles.values_list("number", "text_zh"))


def test_articles_keep_their_order_when_one_is_put_in_moved_and_taken_out(world: World) -> None:
    """Numbers are consecutive at every step."""
    by = world.user("coordinator")
    draft = regulations.draft(by, **HEAD)
    for number, words in enumerate("甲乙丁", start=1):
        regulations.add_article(by, 1, article(number, words))
    regulations.add_article(by, 1, article(3, "丙"))
    assert _numbers(draft) == [(1, "甲"), (2, "乙"), (3, "丙"), (4, "丁")]
    last = draft.articles.get(number=4)
    regulations.edit_article(by, 1, last.pk, article(1, "丁"), expected_version=0)
    assert _numbers(draft) == [(1, "丁"), (2, "甲"), (3, "乙"), (4, "丙")]
    regulations.edit_article(by, 1, last.pk, article(99, "丁"), expected_version=1)
    regulations.remove_article(by, 1, draft.articles.get(number=2).pk)
    assert _numbers(draft) == [(1, "甲"), (2, "丙"), (3, "丁")]


def test_who_saves_an_article_second_is_told(world: World) -> None:
    """Nothing of the first is overwritten."""
    by = world.user("coordinator")
    draft = regulations.draft(by, **HEAD)
    made = regulations.add_article(by, 1, article(1))
    regulations.edit_article(by, 1, made.pk, article(1, "先"), expected_version=0)
    with pytest.raises(Conflict), transaction.atomic():
        regulations.edit_article(by, 1, made.pk, article(1, "后"), expected_version=0)
    assert _numbers(draft) == [(1, "先")]


def test_a_version_is_issued_with_days_that_fit(world: World) -> None:
    """Not empty, not before it was adopted, not before the version before it, not before it is adopted at all."""
    by = world.user("coordinator")
    empty = regulations.draft(by, **HEAD)
    with pytest.raises(NoArticles), transaction.atomic():
        issue(world, empty, TODAY)
    regulations.add_article(by, 1, article(1))
    with pytest.raises(AdoptedLater), transaction.atomic():
        issue(world, empty, TODAY + timedelta(days=1))
    days = {"adopted_on": TODAY, "in_force_from": TODAY - timedelta(days=1), "document_number": ""}
    with pytest.raises(InForceBeforeAdopted), transaction.atomic():
        regulations.issue(by, 1, expected_version=0, **days)
    first = issue(world, empty, TODAY - timedelta(days=9))
    second = regulations.draft(by, **HEAD)
    with pytest.raises(InForceBeforePredecessor), transaction.atomic():
        issue(world, second, TODAY - timedelta(days=9))
    issue(world, second, TODAY)
    assert Regulations.objects.in_force(TODAY - timedelta(days=1)) == first
    assert Regulations.objects.in_force(TODAY) == second


def test_what_was_issued_is_kept(world: World) -> None:
    """By the services and by the database; what carries an article out may still be said."""
    by, version = world.user("coordinator"), issued(world)
    first = version.articles.get(number=1)
    for deed in (
        lambda: regulations.add_article(by, 1, article(4)),
        lambda: regulations.edit_article(by, 1, first.pk, article(1), expected_version=0),
        lambda: regulations.remove_article(by, 1, first.pk),
        lambda: regulations.discard(by, 1),
        lambda: issue(world, version, TODAY),
    ):
        with pytest.raises(RegulationsIssued), transaction.atomic():
            deed()
    with pytest.raises(DatabaseError), transaction.atomic():
        Article.objects.filter(pk=first.pk).update(text_zh="改")
    with pytest.raises(DatabaseError), transaction.atomic():
        Regulations.objects.filter(pk=version.pk).update(title_zh="改")
    regulations.tie(by, first.pk, Ties(roles=["top_leader"]))
    assert [tie.code for tie in first.ties.all()] == ["top_leader"]


def test_a_new_version_is_a_copy_with_its_ties_and_only_one_at_a_time(world: World) -> None:
    """An article keeps its root, by which versions are compared."""
    by, version = world.user("coordinator"), issued(world)
    draft = regulations.draft(by, **HEAD)
    assert _numbers(draft) == _numbers(version)
    assert set(draft.articles.values_list("root")) == set(version.articles.values_list("root"))
    assert [tie.code for tie in draft.articles.get(number=1).ties.all()] == ["letter"]
    with pytest.raises(DraftExists), transaction.atomic():
        regulations.draft(by, **HEAD)
    regulations.discard(by, draft.number)
    assert regulations.draft(by, **HEAD).number == 2


def test_an_article_is_tied_to_what_there_is(world: World) -> None:
    """Duties that an app owns, systems of the catalogue, roles."""
    by, version = world.user("coordinator"), issued(world)
    first = version.articles.get(number=1)
    for wrong in (Ties(duties=["none"]), Ties(systems=["none"]), Ties(roles=["none"])):
        with pytest.raises(TieUnknown), transaction.atomic():
            regulations.tie(by, first.pk, wrong)
    regulations.tie(by, first.pk, Ties(["letter", "report"], ["gov_procurement"], ["coordinator"]))
    assert first.ties.count() == 4


@pytest.mark.parametrize("name", ["leader", "head", "auditor", "system_admin"])
def test_others_write_nothing(world: World, name: str) -> None:
    """Only the coordinator of the whole site."""
    issued(world)
    with pytest.raises(NotAllowed), transaction.atomic():
        regulations.draft(world.user(name), **HEAD)


def test_articles_are_paired_by_root(db: None) -> None:
    """New, changed, moved, left out."""
    before = {"a": (1, "x"), "b": (2, "y"), "c": (3, "z")}
    after = {"b": (1, "y"), "a": (2, "x2"), "d": (3, "new")}
    assert pairs(before, after) == [
        Pair(2, 1, False),
        Pair(1, 2, True),
        Pair(None, 3, True),
        Pair(3, None, True),
    ]


# --- Pages ------------------------------------------------------------------------------------------------------------


def test_a_version_is_written_and_issued_in_the_browser_once(world: World) -> None:
    """The same post twice makes one article; the issue shows on the page of the Regulations."""
    client = world.client("coordinator")
    assert client.post("/regulations/new/", HEAD | {"idempotency_key": uuid4()}).status_code == 302
    typed = {"number": 1, "heading_zh": "目的", "text_zh": "为预防职务犯罪。", "idempotency_key": uuid4()}
    for _again in range(2):
        assert client.post("/regulations/1/article/", typed).status_code == 302
    assert Article.objects.count() == 1
    days = {"adopted_on": "2026-02-01", "in_force_from": "2026-03-01", "version": 0}
    assert client.post("/regulations/1/issue/", days).status_code == 302
    page = client.get("/regulations/").content.decode()
    assert "为预防职务犯罪。" not in page and "目的" in page
    assert client.post("/regulations/1/issue/", days).status_code == 409


def test_a_draft_is_hidden_from_who_is_bound_by_it(world: World) -> None:
    """A leader finds what is in force; the head of the leading group also what is being written."""
    issued(world)
    regulations.draft(world.user("coordinator"), **HEAD)
    assert world.client("leader").get("/regulations/2/").status_code == 404
    assert world.client("head").get("/regulations/2/").status_code == 200
    assert "/regulations/2/" not in world.client("leader").get("/regulations/").content.decode()


def test_the_page_compares_two_versions(world: World) -> None:
    """What changed stands side by side, what did not is counted."""
    issued(world)
    by = world.user("coordinator")
    draft = regulations.draft(by, **HEAD)
    first = draft.articles.get(number=1)
    regulations.edit_article(by, 2, first.pk, article(1, "新的内容"), expected_version=0)
    page = world.client("coordinator").get("/regulations/2/compare/").content.decode()
    assert "Text 1" in page and "2 articles say the same" in page
    assert world.client("coordinator").get("/regulations/1/compare/").status_code == 404


def test_the_page_asks_no_more_for_more_articles(world: World) -> None:
    """Evidence is counted for all of them at once."""
    client = world.client("coordinator")
    issued(world, 3)
    few = count_queries(client, "/regulations/")
    with clock.frozen(date(2026, 3, 3)):
        by = world.user("coordinator")
        version = issued(world, 20, date(2026, 3, 3))
        for made in version.articles.all():
            regulations.tie(by, made.pk, Ties(["letter", "report"]))
        assert count_queries(client, "/regulations/") <= few
