"""The verbs of the Regulations: draft, write, issue, give up, tie."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.web.views import VerbView
from systems.forms.regulations import ArticleForm, EditHeadForm, HeadForm, IssueForm, TieForm
from systems.models.regulations import Article, Regulations
from systems.policies_programme import may_keep_regulations
from systems.services import regulations
from systems.services.regulations import ArticleText
from systems.views.regulations import CRUMBS

HEAD = ("title_zh", "title_en", "issuer_zh", "issuer_en")


class Draft(VerbView):
    """Begin a version."""

    title = _("New version of the Regulations")
    lede = _("A copy of the newest version with what carries each article out, to be changed and then issued.")
    crumbs = CRUMBS
    form_class = HeadForm
    purpose = "draft-regulations"
    submit_label = _("Begin the version")
    back_url = "/regulations/"
    policy = staticmethod(may_keep_regulations)

    def get_initial(self) -> dict[str, Any]:
        """Title and issuing body as they were."""
        last = Regulations.objects.order_by("-number").first()
        return {name: getattr(last, name) for name in HEAD} if last else {}

    def perform(self, form: HeadForm) -> Regulations:
        """Begin it."""
        return regulations.draft(self.request.user, **form.cleaned_data)


class VersionVerb(VerbView):
    """A verb about a version; who keeps the Regulations may."""

    policy = staticmethod(may_keep_regulations)
    object: Any

    def get_object(self) -> Any:
        """By its number. Raises DoesNotExist."""
        return Regulations.objects.get(number=self.kwargs["number"])

    def get_crumbs(self) -> Any:
        """The Regulations."""
        return CRUMBS

    def get_lede(self) -> str:
        """Which version."""
        return str(self.object)


class EditHead(VersionVerb):
    """Change title, issuing body and reason."""

    title = _("Title and issuing body")
    form_class = EditHeadForm
    purpose = "edit-regulations"

    def get_initial(self) -> dict[str, Any]:
        """As they stand."""
        return {name: getattr(self.object, name) for name in (*HEAD, "reason", "version")}

    def perform(self, form: EditHeadForm) -> Regulations:
        """Save them."""
        typed = form.cleaned_data
        version = typed.pop("version")
        return regulations.edit_head(self.request.user, self.object.number, expected_version=version, **typed)


class AddArticle(VersionVerb):
    """Put an article in."""

    title = _("New article")
    form_class = ArticleForm
    purpose = "add-article"
    submit_label = _("Add the article")

    def get_initial(self) -> dict[str, Any]:
        """At the end, in the last chapter."""
        last = self.object.articles.last()
        chapter = {"chapter_zh": last.chapter_zh, "chapter_en": last.chapter_en} if last else {}
        return {"number": self.object.articles.count() + 1, **chapter}

    def perform(self, form: ArticleForm) -> Regulations:
        """Add it."""
        regulations.add_article(self.request.user, self.object.number, form.text())
        version: Regulations = self.object
        return version


class ArticleVerb(VersionVerb):
    """A verb about an article."""

    object: Article

    def get_object(self) -> Article:
        """By the version and its number there. Raises DoesNotExist."""
        number, article = self.kwargs["number"], self.kwargs["article"]
        return Article.objects.select_related("regulations").get(regulations__number=number, number=article)

    def get_crumbs(self) -> Any:
        """The version."""
        version = self.object.regulations
        return (*CRUMBS, (str(version), version.get_absolute_url()))


class EditArticle(ArticleVerb):
    """Change what an article of a draft says."""

    title = _("Change the article")
    form_class = ArticleForm
    purpose = "edit-article"

    def get_initial(self) -> dict[str, Any]:
        """As it stands."""
        return {name: getattr(self.object, name) for name in (*ArticleText._fields, "version")}

    def perform(self, form: ArticleForm) -> Article:
        """Save it."""
        return regulations.edit_article(
            self.request.user,
            self.object.regulations.number,
            self.object.pk,
            form.text(),
            expected_version=form.cleaned_data["version"] or 0,
        )


class RemoveArticle(ArticleVerb):
    """Take an article out of a draft."""

    title = _("Remove the article")
    form_class = forms.Form
    purpose = "remove-article"
    submit_label = _("Remove the article")
    danger = True

    def get_consequences(self) -> list[str]:
        """The numbers move; the versions before keep it."""
        return [_t("The articles after it move down by one. The versions before this one keep it.")]

    def perform(self, form: forms.Form) -> Regulations:
        """Remove it."""
        return regulations.remove_article(self.request.user, self.object.regulations.number, self.object.pk)


class TieArticle(ArticleVerb):
    """Say what carries an article out."""

    title = _("What carries the article out")
    form_class = TieForm
    purpose = "tie-article"

    def get_initial(self) -> dict[str, Any]:
        """What it is tied to now."""
        ties = list(self.object.ties.all())
        return {f"{kind}s" if kind != "duty" else "duties": [t.code for t in ties if t.kind == kind] for kind in KINDS}

    def get_consequences(self) -> list[str]:
        """What follows from it."""
        return [
            _t("From what is tied to it the portal reads whether the article is lived or a dead letter."),
            _t("The text of the article stays as it is."),
        ]

    def perform(self, form: TieForm) -> Article:
        """Tie it."""
        return regulations.tie(self.request.user, self.object.pk, form.ties())


KINDS = ("duty", "system", "role")


class Issue(VersionVerb):
    """Issue a version as it was adopted."""

    title = _("Issue the version")
    form_class = IssueForm
    purpose = "issue-regulations"
    submit_label = _("Issue the Regulations")

    def get_initial(self) -> dict[str, Any]:
        """The version that is shown."""
        return {"version": self.object.version}

    def get_consequences(self) -> list[str]:
        """It is kept from now on."""
        return [
            _t("From that day on this version binds every unit, and the one before ends."),
            _t("What it says can no longer be changed. A later change is a new version."),
        ]

    def perform(self, form: IssueForm) -> Regulations:
        """Issue it."""
        typed = form.cleaned_data
        version = typed.pop("version")
        return regulations.issue(self.request.user, self.object.number, expected_version=version, **typed)


class Discard(VersionVerb):
    """Give a draft up."""

    title = _("Give the draft up")
    form_class = forms.Form
    purpose = "discard-regulations"
    submit_label = _("Delete the draft")
    danger = True

    def get_consequences(self) -> list[str]:
        """It is gone."""
        return [_t("The draft and what was written in it are deleted. The versions that were issued stay.")]

    def perform(self, form: forms.Form) -> None:
        """Delete it."""
        regulations.discard(self.request.user, self.object.number)

    def get_result_url(self, result: None) -> str:
        """The Regulations."""
        return "/regulations/"
