"""Addresses of projects, measures, investigations, proposals and the Regulations; `systems.urls` takes them in."""

from django.urls import path

from systems.views import (
    investigations,
    investigations_verbs,
    measures,
    projects,
    projects_checks,
    projects_verbs,
    proposals,
    proposals_verbs,
    regulations,
    regulations_writing,
    research,
)

VERSION, ARTICLE = "regulations/<int:number>/", "regulations/<int:number>/<int:article>/"
PROJECT = "projects/<int:year>/<int:serial>/"
CHECK = f"{PROJECT}checks/<int:pk>/"
MEASURE, PROPOSAL = "measures/<int:pk>/", "proposals/<int:year>/<int:serial>/"
RESEARCH = "investigations/reports/<int:year>/<int:serial>/"
INVESTIGATION = "investigations/<int:year>/<int:serial>/"
QUESTION, UNIT = f"{INVESTIGATION}questions/<int:pk>/", f"{INVESTIGATION}units/<str:code>/"

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
    path(f"{CHECK}report/", projects_checks.ReportMilestone.as_view(), name="report-milestone"),
    path(f"{CHECK}check/", projects_checks.CheckMilestone.as_view(), name="check-milestone"),
    path("measures/", measures.MeasuresPage.as_view(), name="measures"),
    path("measures/new/", measures.AddMeasure.as_view(), name="add-measure"),
    path(MEASURE, measures.MeasurePage.as_view(), name="measure"),
    path(f"{MEASURE}change/", measures.ChangeMeasure.as_view(), name="change-measure"),
    path(f"{MEASURE}trial/", measures.TryMeasure.as_view(), name="try-measure"),
    path(f"{MEASURE}lessons/", measures.JudgeMeasure.as_view(), name="judge-measure"),
    path("investigations/", investigations.InvestigationsPage.as_view(), name="investigations"),
    path("investigations/new/", investigations_verbs.DraftInvestigation.as_view(), name="draft-investigation"),
    path(INVESTIGATION, investigations.InvestigationPage.as_view(), name="investigation"),
    path(f"{INVESTIGATION}change/", investigations_verbs.ChangeInvestigation.as_view(), name="change-investigation"),
    path(f"{INVESTIGATION}questions/", investigations_verbs.AddQuestion.as_view(), name="add-question"),
    path(f"{QUESTION}edit/", investigations_verbs.EditQuestion.as_view(), name="edit-question"),
    path(f"{QUESTION}remove/", investigations_verbs.RemoveQuestion.as_view(), name="remove-question"),
    path(f"{INVESTIGATION}units/", investigations_verbs.AddressUnits.as_view(), name="address-units"),
    path(f"{INVESTIGATION}open/", investigations_verbs.OpenInvestigation.as_view(), name="open-investigation"),
    path(f"{INVESTIGATION}close/", investigations_verbs.CloseInvestigation.as_view(), name="close-investigation"),
    path(f"{INVESTIGATION}answers/", investigations.AnswersFile.as_view(), name="investigation-answers"),
    path(UNIT, investigations.QuestionnairePage.as_view(), name="questionnaire"),
    path(f"{UNIT}answer/", investigations_verbs.AnswerQuestionnaire.as_view(), name="answer-questionnaire"),
    path("investigations/reports/new/", research.WriteReport.as_view(), name="write-research"),
    path(RESEARCH, research.ResearchPage.as_view(), name="research-report"),
    path(f"{RESEARCH}change/", research.ChangeReport.as_view(), name="change-research"),
    path(f"{RESEARCH}publish/", research.PublishReport.as_view(), name="publish-research"),
    path("proposals/", proposals.ProposalsPage.as_view(), name="proposals"),
    path("proposals/new/", proposals_verbs.Propose.as_view(), name="propose"),
    path(PROPOSAL, proposals.ProposalPage.as_view(), name="proposal"),
    path(f"{PROPOSAL}adopt/", proposals_verbs.Adopt.as_view(), name="adopt-proposal"),
    path(f"{PROPOSAL}decline/", proposals_verbs.Decline.as_view(), name="decline-proposal"),
    path(f"{PROPOSAL}withdraw/", proposals_verbs.Withdraw.as_view(), name="withdraw-proposal"),
    path(f"{PROPOSAL}result/", proposals_verbs.RecordResult.as_view(), name="record-proposal-result"),
    path(f"{PROPOSAL}catalogue/", proposals_verbs.WriteCatalogue.as_view(), name="proposal-into-catalogue"),
]
