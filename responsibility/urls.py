from django.urls import path, register_converter
from django.urls.converters import StringConverter

from responsibility.views import (
    assessment,
    assessment_steps,
    case_measures,
    case_verbs,
    cases,
    issuing,
    letters,
    obstacle,
    programme,
    report,
    report_check,
    report_files,
    report_writing,
    reports,
    review,
    scores,
    signing,
    standard,
    template,
)


class PartConverter(StringConverter):
    """One of the three parts of a report."""

    regex = "work|targets|clean"


register_converter(PartConverter, "part")

app_name = "responsibility"
REPORT = "reports/<int:year>/<slug:period>/<str:code>/"
SCORE = "assessment/<int:year>/<str:code>/"
STANDARD = "assessment/standard/<int:number>/"
CASE = "accountability/<int:year>/<int:serial>/"

urlpatterns = [
    path("programme/", programme.ProgrammePage.as_view(), name="programme"),
    path("programme/settings/", programme.EditProgramme.as_view(), name="edit-programme"),
    path("programme/year/", programme.OpenYear.as_view(), name="open-year"),
    path("programme/letter/new/", template.DraftTemplate.as_view(), name="draft-template"),
    path("programme/letter/<int:version>/", template.TemplatePage.as_view(), name="template"),
    path("programme/letter/<int:version>/publish/", template.PublishTemplate.as_view(), name="publish-template"),
    path("programme/letter/<int:version>/names/", template.EditTemplate.as_view(), name="edit-template"),
    path("programme/letter/<int:version>/<slug:section>/new/", template.AddClause.as_view(), name="add-clause"),
    path(
        "programme/letter/<int:version>/<slug:section>/target/new/",
        template.AddTarget.as_view(),
        name="add-target",
    ),
    path(
        "programme/letter/<int:version>/target/<int:pk>/remove/",
        template.RemoveTarget.as_view(),
        name="remove-target",
    ),
    path(
        "programme/letter/<int:version>/clause/<int:pk>/remove/",
        template.RemoveClause.as_view(),
        name="remove-clause",
    ),
    path("programme/letter/<int:version>/clause/<int:pk>/", template.EditClause.as_view(), name="edit-clause"),
    path("programme/letter/<int:version>/target/<int:pk>/", template.EditTarget.as_view(), name="edit-target"),
    path("letters/", letters.LettersNow.as_view(), name="letters"),
    path("letters/<int:year>/", letters.LettersPage.as_view(), name="letters-of-year"),
    path("letters/<int:year>/issue/", issuing.IssueLetters.as_view(), name="issue"),
    path("letters/<int:year>/sign/", signing.SignBatch.as_view(), name="sign-batch"),
    path("letters/<int:year>/<str:code>/", letters.LetterPage.as_view(), name="letter"),
    path("letters/<int:year>/<str:code>/sign/", signing.SignLetter.as_view(), name="sign"),
    path("letters/<int:year>/<str:code>/cannot-sign/", obstacle.CannotSign.as_view(), name="cannot-sign"),
    path("letters/<int:year>/<str:code>/signed/", signing.SignedPage.as_view(), name="signed"),
    path("letters/<int:year>/<str:code>/withdraw/", issuing.WithdrawLetter.as_view(), name="withdraw"),
    path("letters/<int:year>/<str:code>/pdf/", letters.LetterPdf.as_view(), name="letter-pdf"),
    path("letters/<int:year>/<str:code>/evidence/", letters.LetterEvidence.as_view(), name="letter-evidence"),
    path("reports/", reports.ReportsPage.as_view(), name="reports"),
    path("reports/open/", reports.OpenPeriod.as_view(), name="open-period"),
    path(REPORT, report.ReportPage.as_view(), name="report"),
    path(f"{REPORT}submit/", report_check.SubmitReport.as_view(), name="report-submit"),
    path(f"{REPORT}return/", review.ReturnReport.as_view(), name="report-return"),
    path(f"{REPORT}accept/", review.AcceptReport.as_view(), name="report-accept"),
    path(f"{REPORT}files/", report_files.AttachFile.as_view(), name="report-attach"),
    path(f"{REPORT}files/<int:pk>/remove/", report_files.DetachFile.as_view(), name="report-detach"),
    path(f"{REPORT}clean/files/", report_files.AttachCleanFile.as_view(), name="report-clean-attach"),
    path(f"{REPORT}clean/files/<int:pk>/remove/", report_files.DetachCleanFile.as_view(), name="report-clean-detach"),
    path(f"{REPORT}<part:part>/", report_writing.WritePart.as_view(), name="report-part"),
    path("accountability/", cases.CasesPage.as_view(), name="cases"),
    path(CASE, cases.CasePage.as_view(), name="case"),
    path(f"{CASE}explain/", case_verbs.Explain.as_view(), name="case-explain"),
    path(f"{CASE}files/", case_verbs.AttachToCase.as_view(), name="case-attach"),
    path(f"{CASE}propose/", case_measures.Propose.as_view(), name="case-propose"),
    path(f"{CASE}decide/", case_measures.Decide.as_view(), name="case-decide"),
    path(f"{CASE}object/", case_verbs.ObjectTo.as_view(), name="case-object"),
    path(f"{CASE}answer/", case_measures.AnswerObjection.as_view(), name="case-answer"),
    path(f"{CASE}refer/", case_measures.Refer.as_view(), name="case-refer"),
    path("assessment/", assessment.AssessmentsPage.as_view(), name="assessments"),
    path("assessment/open/", assessment_steps.OpenAssessment.as_view(), name="open-assessment"),
    path("assessment/standard/new/", standard.DraftStandard.as_view(), name="draft-standard"),
    path(STANDARD, standard.StandardPage.as_view(), name="standard"),
    path(f"{STANDARD}adopt/", standard.AdoptStandard.as_view(), name="adopt-standard"),
    path(f"{STANDARD}new/", standard.AddCriterion.as_view(), name="add-criterion"),
    path(f"{STANDARD}<int:pk>/", standard.EditCriterion.as_view(), name="edit-criterion"),
    path(f"{STANDARD}<int:pk>/remove/", standard.RemoveCriterion.as_view(), name="remove-criterion"),
    path("assessment/<int:year>/", assessment.AssessmentPage.as_view(), name="assessment"),
    path("assessment/<int:year>/preview/", assessment.PreviewPage.as_view(), name="assessment-preview"),
    path("assessment/<int:year>/workbook/", assessment.Workbook.as_view(), name="assessment-workbook"),
    path("assessment/<int:year>/self-check/", assessment_steps.StartCheck.as_view(), name="start-check"),
    path("assessment/<int:year>/compute/", assessment_steps.Recompute.as_view(), name="recompute"),
    path("assessment/<int:year>/freeze/", assessment_steps.Freeze.as_view(), name="freeze"),
    path("assessment/<int:year>/publish/", assessment_steps.Publish.as_view(), name="publish"),
    path(SCORE, scores.ScorePage.as_view(), name="score"),
    path(f"{SCORE}check/", scores.CheckScore.as_view(), name="check-score"),
    path(f"{SCORE}answer/", scores.AnswerCheck.as_view(), name="answer-check"),
    path(f"{SCORE}mark/", scores.GiveMark.as_view(), name="give-mark"),
    path(f"{SCORE}pdf/", scores.ScorePdf.as_view(), name="score-pdf"),
]
