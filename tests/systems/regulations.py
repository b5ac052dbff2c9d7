"""The Regulations of the small world."""

from datetime import date
from typing import Any

from systems.models.regulations import Regulations
from systems.services import regulations
from systems.services.regulations import ArticleText, Ties
from tests.world import World

HEAD = {
    "title_zh": "预防职务犯罪工作规定",
    "issuer_zh": "区领导小组",
    "title_en": "Regulations",
    "issuer_en": "Leading group",
}


def article(number: int, words: str = "", **values: Any) -> ArticleText:
    """An article with words of its own."""
    return ArticleText(
        number, f"第{number}题", words or f"内容{number}", f"Heading {number}", f"Text {number}", **values
    )


def issued(world: World, count: int = 3, since: date = date(2026, 1, 1)) -> Regulations:
    """A version in force: of these articles the first is tied to letters, the second to nothing, the third asks nothing."""
    by = world.user("coordinator")
    made = regulations.draft(by, **HEAD)
    for number in range(made.articles.count() + 1, count + 1):
        regulations.add_article(by, made.number, article(number, is_declaratory=number == 3))
    regulations.tie(by, made.articles.get(number=1).pk, Ties(duties=["letter"]))
    return issue(world, made, since)


def issue(world: World, made: Regulations, since: date) -> Regulations:
    """Issue a draft, adopted the day it begins."""
    return regulations.issue(
        world.user("coordinator"),
        made.number,
        expected_version=made.version,
        adopted_on=since,
        in_force_from=since,
        document_number="",
    )
