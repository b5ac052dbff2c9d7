from django.urls import path, register_converter
from django.urls.converters import StringConverter

from responsibility.views import (
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
    signing,
    template,
)


class PartConverter(StringConverter):
    """One of the three parts of a report."""

    regex = "work|targets|clean"


register_converter(PartConverter, "part")

app_name = "responsibility"
REPORT = "reports/<int:year>/<slug:period>/<str:code>/"
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
]
