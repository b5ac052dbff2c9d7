"""Addresses of projects, measures, investigations, proposals and the Regulations; `systems.urls` takes them in."""

from django.urls import path

from systems.views import regulations, regulations_writing

VERSION, ARTICLE = "regulations/<int:number>/", "regulations/<int:number>/<int:article>/"

urlpatterns = [
    path("regulations/", regulations.RegulationsPage.as_view(), name="regulations"),
    path("regulations/new/", regulations_writing.Draft.as_view(), name="draft-regulations"),
    path(VERSION, regulations.VersionPage.as_view(), name="regulations-version"),
    path(f"{VERSION}compare/", regulations.ComparePage.as_view(), name="compare-regulations"),
    path(f"{VERSION}title/", regulations_writing.EditHead.as_view(), name="edit-regulations"),
    path(f"{VERSION}article/", regulations_writing.AddArticle.as_view(), name="add-article"),
    path(f"{VERSION}issue/", regulations_writing.Issue.as_view(), name="issue-regulations"),
    path(f"{VERSION}discard/", regulations_writing.Discard.as_view(), name="discard-regulations"),
    path(ARTICLE, regulations.ArticlePage.as_view(), name="article"),
    path(f"{ARTICLE}edit/", regulations_writing.EditArticle.as_view(), name="edit-article"),
    path(f"{ARTICLE}remove/", regulations_writing.RemoveArticle.as_view(), name="remove-article"),
    path(f"{ARTICLE}tie/", regulations_writing.TieArticle.as_view(), name="tie-article"),
]
