"""The Regulations: how each article is lived, a version as a document, two versions side by side, an article."""

from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.accounts.models import User
from portal.web.dates import full_day
from portal.web.views import ObjectPage, PageMixin, TemplateView
from portal.workdays import clock
from systems.models.regulations import Article, ArticleTie, Regulations, RegulationState
from systems.policies_programme import may_keep_regulations, may_read, may_read_drafts
from systems.regulation_evidence import Lived, of_articles
from systems.regulation_rules import Verdict, pairs
from systems.regulation_words import WORDS, state_of

CRUMBS = ((_("Regulations"), "/regulations/"),)


def readable(user: User) -> Any:
    """The versions that a person may read: a draft only for who writes or oversees."""
    versions = Regulations.objects.all()
    return versions if may_read_drafts(user) else versions.filter(state=RegulationState.ISSUED)


def articles_of(version: Regulations) -> list[Article]:
    """Its articles with what carries them out."""
    ties = Prefetch("ties", ArticleTie.objects.select_related("system"))
    return list(version.articles.select_related("regulations").prefetch_related(ties))


class RegulationsPage(PageMixin, TemplateView):
    """The version in force: which article is lived, which is a dead letter."""

    template_name = "systems/regulations.html"

    def allowed(self, user: User) -> bool:
        """Whoever sees content."""
        return may_read(user)

    def get_title(self) -> str:
        """Of the version in force."""
        return self.version.title if self.version else _t("Regulations")

    def get_lede(self) -> str:
        """Since when it binds, which version."""
        if self.version is None:
            return _t("No version is in force.")
        words = {"number": self.version.number, "day": full_day(self.version.in_force_from)}
        return _t("Version %(number)s, in force since %(day)s.") % words

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Find the version first: title and lede name it."""
        self.version = Regulations.objects.in_force(clock.today())
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the articles by chapter, what the verdicts come to, the other versions."""
        user, today = self.request.user, clock.today()
        lived = of_articles(articles_of(self.version), user, today) if self.version else []
        wanted = self.request.GET.get("verdict", "")
        counts = [(verdict, WORDS[verdict], sum(row.verdict == verdict for row in lived)) for verdict in Verdict]
        return super().get_context_data(
            version=self.version,
            chapters=_chapters([row for row in lived if wanted in ("", row.verdict)]),
            counts=[count for count in counts if count[2]],
            wanted=wanted,
            sentence=_sentence(lived),
            versions=list(readable(user)),
            draft=Regulations.objects.draft(),
            may_keep=may_keep_regulations(user),
            today=today,
            **kwargs,
        )


def _chapters(rows: list[Lived]) -> list[tuple[str, list[tuple[Lived, Any]]]]:
    """Articles under the chapters in which they stand, in their order."""
    found: list[tuple[str, list[tuple[Lived, Any]]]] = []
    for row in rows:
        if not found or found[-1][0] != row.article.chapter:
            found.append((row.article.chapter, []))
        found[-1][1].append((row, state_of(row.verdict)))
    return found


def _sentence(rows: list[Lived]) -> str:
    """How many of those that ask something are lived."""
    asking = [row for row in rows if row.verdict != Verdict.DECLARATORY]
    lived = sum(row.verdict == Verdict.LIVED for row in asking)
    text = ngettext(
        "%(lived)s of %(count)s article that asks something is lived.",
        "%(lived)s of %(count)s articles that ask something are lived.",
        len(asking),
    )
    return text % {"lived": lived, "count": len(asking)}


class VersionMixin:
    """Finds the version that the address names, among those that the person may read."""

    request: Any
    kwargs: dict[str, Any]
    object: Any

    def allowed(self, user: User) -> bool:
        """Whoever sees content."""
        return may_read(user)

    def get_object(self) -> Regulations:
        """By its number. Raises DoesNotExist."""
        found: Regulations = readable(self.request.user).get(number=self.kwargs["number"])
        return found

    def get_crumbs(self) -> Any:
        """The Regulations."""
        return CRUMBS


class VersionPage(VersionMixin, ObjectPage):
    """A version as a document; a draft with the verbs to write it."""

    template_name = "systems/regulations_version.html"

    def get_title(self) -> str:
        """Which version."""
        return str(self.object)

    def get_lede(self) -> str:
        """Draft or issued, from when."""
        if self.object.state == RegulationState.DRAFT:
            return _t("Draft. It binds nobody until it is issued.")
        return _t("Issued. In force from %(day)s.") % {"day": full_day(self.object.in_force_from)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the articles and the version before."""
        articles = list(self.object.articles.all())
        return super().get_context_data(
            version=self.object,
            articles=articles,
            before=readable(self.request.user).filter(number__lt=self.object.number).first(),
            is_draft=self.object.state == RegulationState.DRAFT,
            may_keep=may_keep_regulations(self.request.user),
            **kwargs,
        )


class ComparePage(VersionMixin, ObjectPage):
    """A version beside the one before it, article by article."""

    template_name = "systems/regulations_compare.html"

    def get_object(self) -> Regulations:
        """A version that has one before it. Raises DoesNotExist."""
        version = super().get_object()
        self.before = readable(self.request.user).filter(number__lt=version.number).latest("number")
        return version

    def get_title(self) -> str:
        """Which two."""
        numbers = {"before": self.before.number, "after": self.object.number}
        return _t("Versions %(before)s and %(after)s compared") % numbers

    def get_lede(self) -> str:
        """Why it was changed."""
        return str(self.object.reason)

    def get_crumbs(self) -> Any:
        """The version."""
        return (*CRUMBS, (str(self.object), self.object.get_absolute_url()))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the pairs; those that did not change are folded."""
        old, new = ({a.number: a for a in version.articles.all()} for version in (self.before, self.object))
        rows = [
            (old.get(pair.before or 0), new.get(pair.after or 0), pair)
            for pair in pairs(_words(old.values()), _words(new.values()))
        ]
        changed = [row for row in rows if row[2].is_changed]
        moved = [row for row in rows if not row[2].is_changed and row[2].before != row[2].after]
        return super().get_context_data(
            before=self.before, after=self.object, changed=changed, moved=moved, same=len(rows) - len(changed), **kwargs
        )


def _words(articles: Any) -> dict[str, tuple[int, str]]:
    return {str(a.root): (a.number, f"{a.heading_zh}\0{a.text_zh}\0{a.heading_en}\0{a.text_en}") for a in articles}


class ArticlePage(VersionMixin, ObjectPage):
    """An article: what it says in both languages, what carries it out and what that shows, its earlier wording."""

    template_name = "systems/regulations_article.html"
    object: Article

    def get_object(self) -> Article:  # type: ignore[override]
        """By the version and its number there. Raises DoesNotExist."""
        self.version = super().get_object()
        return self.version.articles.select_related("regulations").get(number=self.kwargs["article"])

    def get_title(self) -> str:
        """Number and heading."""
        return str(self.object)

    def get_lede(self) -> str:
        """The chapter."""
        return self.object.chapter

    def get_crumbs(self) -> Any:
        """The version."""
        return (*CRUMBS, (str(self.version), self.version.get_absolute_url()))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the evidence and the wording in other versions."""
        ties = Prefetch("ties", ArticleTie.objects.select_related("system"))
        article = Article.objects.select_related("regulations").prefetch_related(ties).get(pk=self.object.pk)
        (lived,) = of_articles([article], self.request.user, clock.today())
        others = Article.objects.filter(root=article.root, regulations__in=readable(self.request.user))
        return super().get_context_data(
            article=article,
            lived=lived,
            state=state_of(lived.verdict),
            why=WORDS[lived.verdict].why,
            others=others.exclude(pk=article.pk).select_related("regulations").order_by("-regulations__number"),
            may_keep=may_keep_regulations(self.request.user),
            is_draft=self.version.state == RegulationState.DRAFT,
            tie_url=reverse("systems:tie-article", args=(self.version.number, article.number)),
            **kwargs,
        )
