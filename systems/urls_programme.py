"""Addresses of projects, measures, investigations, proposals and the Regulations; `systems.urls` takes them in."""

from django.urls import path

from systems.views import projects, projects_verbs, regulations, regulations_writing

VERSION, ARTICLE = "regulations/<int:number>/", "regulations/<int:number>/<int:article>/"
PROJECT = "projects/<int:year>/<int:serial>/"
CHECK = f"{PROJECT}checks/<int:pk>/"

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
    path("projects/", projects.ProjectsPage.as_view(), name="projects"),
    path("projects/new/", projects_verbs.PlanProject.as_view(), name="plan-project"),
    path(PROJECT, projects.ProjectPage.as_view(), name="project"),
    path(f"{PROJECT}change/", projects_verbs.ChangeProject.as_view(), name="change-project"),
    path(f"{PROJECT}milestones/", projects_verbs.AddMilestone.as_view(), name="add-milestone"),
    path(f"{PROJECT}milestones/<int:pk>/remove/", projects_verbs.RemoveMilestone.as_view(), name="remove-milestone"),
    path(f"{PROJECT}units/", projects_verbs.InvolveUnits.as_view(), name="involve-units"),
    path(f"{PROJECT}units/<str:code>/release/", projects_verbs.ReleaseUnit.as_view(), name="release-unit"),
    path(f"{PROJECT}start/", projects_verbs.StartProject.as_view(), name="start-project"),
    path(f"{PROJECT}complete/", projects_verbs.CompleteProject.as_view(), name="complete-project"),
    path(f"{PROJECT}stop/", projects_verbs.StopProject.as_view(), name="stop-project"),
    path(CHECK, projects.CheckPage.as_view(), name="project-check"),
    path(f"{CHECK}report/", projects_verbs.ReportMilestone.as_view(), name="report-milestone"),
    path(f"{CHECK}check/", projects_verbs.CheckMilestone.as_view(), name="check-milestone"),
]
