"""Writing a version of the Regulations: begun as a copy, then article by article."""

from typing import NamedTuple

from django.db import transaction
from django.db.models import F

from portal.accounts.models import User
from portal.audit import services as audit
from portal.obligations.policies import require
from portal.workdays import clock
from systems.errors_programme import DraftExists, RegulationsIssued
from systems.models.regulations import Article, ArticleTie, Regulations, RegulationState
from systems.policies_programme import may_keep_regulations


class ArticleText(NamedTuple):
    """What an article says, and where it stands."""

    number: int
    heading_zh: str
    text_zh: str
    heading_en: str = ""
    text_en: str = ""
    chapter_zh: str = ""
    chapter_en: str = ""
    is_declaratory: bool = False


@transaction.atomic
def draft(
    by: User, *, title_zh: str, issuer_zh: str, title_en: str = "", issuer_en: str = "", reason: str = ""
) -> Regulations:
    """Begin a version: empty the first time, then a copy of the newest with its ties. Raises DraftExists, NotAllowed."""
    require(may_keep_regulations(by))
    if Regulations.objects.draft() is not None:
        raise DraftExists
    last = Regulations.objects.order_by("-number").first()
    made = Regulations.objects.create(
        number=last.number + 1 if last else 1,
        title_en=title_en,
        title_zh=title_zh,
        issuer_en=issuer_en,
        issuer_zh=issuer_zh,
        reason=reason,
        made_by=by,
        made_at=clock.now(),
    )
    if last is not None:
        _copy(last, made)
    audit.record(by, "regulations.drafted", made, data={"version": made.number})
    return made


COPIED = (
    "root",
    "number",
    "chapter_en",
    "chapter_zh",
    "heading_en",
    "heading_zh",
    "text_en",
    "text_zh",
    "is_declaratory",
)


def _copy(last: Regulations, made: Regulations) -> None:
    before = list(last.articles.prefetch_related("ties"))
    articles = [Article(regulations=made, **{name: getattr(old, name) for name in COPIED}) for old in before]
    after = Article.objects.bulk_create(articles)
    ArticleTie.objects.bulk_create(
        ArticleTie(article=new, kind=tie.kind, code=tie.code, system_id=tie.system_id)
        for old, new in zip(before, after, strict=True)
        for tie in old.ties.all()
    )


@transaction.atomic
def edit_head(
    by: User,
    number: int,
    *,
    expected_version: int,
    title_zh: str,
    issuer_zh: str,
    title_en: str,
    issuer_en: str,
    reason: str,
) -> Regulations:
    """Change title, issuing body and reason of a draft. Raises RegulationsIssued, NotAllowed, Conflict."""
    made = writable(by, number)
    made.save_fields(
        expected_version=expected_version,
        title_zh=title_zh,
        title_en=title_en,
        issuer_zh=issuer_zh,
        issuer_en=issuer_en,
        reason=reason,
    )
    audit.record(by, "regulations.changed", made)
    return made


@transaction.atomic
def add_article(by: User, number: int, text: ArticleText) -> Article:
    """Put an article in at its number; those from there on move up. Raises RegulationsIssued, NotAllowed."""
    made = writable(by, number)
    place = min(max(text.number, 1), made.articles.count() + 1)
    made.articles.filter(number__gte=place).update(number=F("number") + 1)
    article = Article.objects.create(regulations=made, **text._asdict() | {"number": place})
    audit.record(by, "regulations.article_added", article)
    return article


@transaction.atomic
def edit_article(by: User, number: int, article_id: int, text: ArticleText, *, expected_version: int) -> Article:
    """Change what an article of a draft says, and where it stands. Raises RegulationsIssued, NotAllowed, Conflict."""
    made = writable(by, number)
    article = made.articles.get(pk=article_id)
    place = min(max(text.number, 1), made.articles.count())
    _move(made, article, place)
    article.save_fields(expected_version=expected_version, **text._asdict() | {"number": place})
    audit.record(by, "regulations.article_changed", article)
    return article


def _move(made: Regulations, article: Article, place: int) -> None:
    """Make room at a number and close the gap that is left behind."""
    others = made.articles.exclude(pk=article.pk)
    if place < article.number:
        others.filter(number__range=(place, article.number - 1)).update(number=F("number") + 1)
    elif place > article.number:
        others.filter(number__range=(article.number + 1, place)).update(number=F("number") - 1)


@transaction.atomic
def remove_article(by: User, number: int, article_id: int) -> Regulations:
    """Take an article out of a draft; those after it move down. Raises RegulationsIssued, NotAllowed."""
    made = writable(by, number)
    article = made.articles.get(pk=article_id)
    audit.record(by, "regulations.article_removed", article)
    place = article.number
    article.delete()
    made.articles.filter(number__gt=place).update(number=F("number") - 1)
    return made


def writable(by: User, number: int) -> Regulations:
    """The draft, locked: who writes takes turns. Raises RegulationsIssued, NotAllowed."""
    require(may_keep_regulations(by))
    made = Regulations.objects.locked(Regulations.objects.get(number=number).pk)
    if made.state != RegulationState.DRAFT:
        raise RegulationsIssued
    return made
