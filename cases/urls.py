from django.urls import path, register_converter

from cases.models import Stage
from cases.views import (
    analysis,
    base,
    clue_verbs,
    clues,
    crime,
    crime_more,
    crime_verbs,
    exposures,
    imports,
    law,
    patterns,
    public,
    punishments,
    recommendation_verbs,
    recommendations,
    rules,
    screening,
    search,
    warnings,
)


class StageConverter:
    """A stage of a proceeding by its code."""

    regex = "|".join(Stage.values)

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    to_url = to_python


register_converter(StageConverter, "stage")
app_name = "cases"
RECOMMENDATION = "cases/recommendations/<int:pk>/"

urlpatterns = [
    path("cases/", base.Home.as_view(), name="home"),
    path("cases/search/", search.Search.as_view(), name="search"),
    path("cases/punishments/<int:pk>/", punishments.PunishmentPage.as_view(), name="punishment"),
    path("cases/punishments/import/", imports.Upload.as_view(), name="import"),
    path("cases/punishments/import/<int:pk>/columns/", imports.Columns.as_view(), name="import-columns"),
    path("cases/punishments/import/<int:pk>/", imports.Check.as_view(), name="import-check"),
    path("cases/punishments/import/<int:pk>/mend/", imports.MendRows.as_view(), name="mend-rows"),
    path("cases/screening/", screening.HitList.as_view(), name="screening"),
    path("cases/screening/run/", screening.ScreenAll.as_view(), name="screen"),
    path("cases/screening/rules/", rules.Rules.as_view(), name="rules"),
    path("cases/screening/rules/<slug:code>/", rules.EditRule.as_view(), name="edit-rule"),
    path("cases/screening/<int:pk>/", screening.HitPage.as_view(), name="hit"),
    path("cases/screening/<int:pk>/clue/", clue_verbs.MakeClue.as_view(), name="make-clue"),
    path("cases/screening/<int:pk>/dismiss/", screening.Dismiss.as_view(), name="dismiss-hit"),
    path("cases/clues/", clues.ClueList.as_view(), name="clues"),
    path("cases/clues/enter/", clue_verbs.EnterClue.as_view(), name="enter-clue"),
    path("cases/clues/settings/", clue_verbs.EditSettings.as_view(), name="clue-settings"),
    path("cases/clues/opened/<int:pk>/", clues.OpenedClue.as_view(), name="opened-clue"),
    path("cases/clues/opened/<int:pk>/files/<int:file>/", clues.OpenedFile.as_view(), name="opened-file"),
    path("cases/clues/<uuid:pk>/", clues.CluePage.as_view(), name="clue"),
    path("cases/clues/<uuid:pk>/open/", clues.OpenClue.as_view(), name="open-clue"),
    path("cases/clues/<uuid:pk>/officers/", clue_verbs.NameOfficers.as_view(), name="name-officers"),
    path("cases/clues/<uuid:pk>/step/", clue_verbs.AddStep.as_view(), name="clue-step"),
    path("cases/clues/<uuid:pk>/ask/", clue_verbs.AskSender.as_view(), name="ask-sender"),
    path("cases/clues/<uuid:pk>/close/", clue_verbs.CloseClue.as_view(), name="close-clue"),
    path("cases/crimes/", crime.CaseList.as_view(), name="cases"),
    path("cases/law/", law.Law.as_view(), name="law"),
    path("cases/law/offences/<slug:code>/", law.AddText.as_view(), name="add-offence-text"),
    path("cases/law/limits/<int:pk>/", law.AddLimitText.as_view(), name="add-limit-text"),
    path("cases/crimes/file/", crime_verbs.FileCase.as_view(), name="file-case"),
    path("cases/crimes/<int:pk>/", crime.CasePage.as_view(), name="case"),
    path("cases/crimes/<int:pk>/edit/", crime_verbs.EditCase.as_view(), name="edit-case"),
    path("cases/crimes/<int:pk>/charge/", crime_verbs.AddCharge.as_view(), name="add-charge"),
    path("cases/crimes/<int:pk>/person/", crime_verbs.AddSuspect.as_view(), name="add-suspect"),
    path("cases/crimes/<int:pk>/milestone/", crime_verbs.ReachStage.as_view(), name="reach-stage"),
    path(
        "cases/crimes/<int:pk>/milestone/<stage:stage>/",
        crime_verbs.CorrectMilestone.as_view(),
        name="correct-milestone",
    ),
    path("cases/crimes/<int:pk>/limit/", crime_verbs.ExtendLimit.as_view(), name="extend-limit"),
    path("cases/crimes/<int:pk>/suspend/", crime_verbs.SuspendCase.as_view(), name="suspend-case"),
    path("cases/crimes/<int:pk>/resume/", crime_verbs.ResumeCase.as_view(), name="resume-case"),
    path("cases/crimes/<int:pk>/quality/", crime_verbs.CheckQuality.as_view(), name="check-quality"),
    path("cases/crimes/<int:pk>/conclude/", crime_verbs.ConcludeCase.as_view(), name="conclude-case"),
    path("cases/crimes/<int:pk>/join/", crime_more.JoinCase.as_view(), name="join-case"),
    path("cases/crimes/<int:pk>/split/", crime_more.SplitCase.as_view(), name="split-case"),
    path("cases/crimes/<int:pk>/major/", crime_more.DecideMajor.as_view(), name="decide-major"),
    path("cases/recommendations/", recommendations.RecommendationList.as_view(), name="recommendations"),
    path("cases/recommendations/draft/", recommendation_verbs.Draft.as_view(), name="draft-recommendation"),
    path(f"{RECOMMENDATION}", recommendations.RecommendationPage.as_view(), name="recommendation"),
    path(f"{RECOMMENDATION}pdf/", recommendations.RecommendationPdf.as_view(), name="recommendation-pdf"),
    path(f"{RECOMMENDATION}edit/", recommendation_verbs.EditDraft.as_view(), name="edit-recommendation"),
    path(f"{RECOMMENDATION}sign/", recommendation_verbs.Sign.as_view(), name="sign-recommendation"),
    path(f"{RECOMMENDATION}served/", recommendation_verbs.Acknowledge.as_view(), name="acknowledge-recommendation"),
    path(f"{RECOMMENDATION}paper/", recommendation_verbs.ServeOnPaper.as_view(), name="serve-recommendation"),
    path(f"{RECOMMENDATION}reply/", recommendation_verbs.Reply.as_view(), name="reply-recommendation"),
    path(f"{RECOMMENDATION}judge/", recommendation_verbs.Judge.as_view(), name="judge-reply"),
    path(f"{RECOMMENDATION}visit/", recommendation_verbs.Visit.as_view(), name="visit-recommendation"),
    path(f"{RECOMMENDATION}withdraw/", recommendation_verbs.Withdraw.as_view(), name="withdraw-recommendation"),
    path("cases/crimes/<int:pk>/exposure/", exposures.Prepare.as_view(), name="prepare-exposure"),
    path("cases/crimes/<int:pk>/source/", analysis.AddSource.as_view(), name="add-source"),
    path("cases/analysis/", analysis.Analysis.as_view(), name="analysis"),
    path("cases/patterns/", patterns.Patterns.as_view(), name="patterns"),
    path("cases/patterns/<slug:code>/", patterns.Loophole.as_view(), name="loophole"),
    path("cases/patterns/<slug:code>/recommend/", patterns.RecommendToMany.as_view(), name="recommend-to-many"),
    path("cases/exposures/", exposures.ExposureList.as_view(), name="exposures"),
    path("cases/exposures/<int:pk>/", exposures.ExposurePage.as_view(), name="exposure"),
    path("cases/exposures/<int:pk>/masks/", exposures.MendMasks.as_view(), name="mend-masks"),
    path("cases/exposures/<int:pk>/release/", exposures.ReleaseExposure.as_view(), name="release-exposure"),
    path("cases/exposures/<int:pk>/withdraw/", exposures.WithdrawExposure.as_view(), name="withdraw-exposure"),
    path("warnings/", warnings.PublicExposures.as_view(), name="public-exposures"),
    path("warnings/<int:pk>/", warnings.PublicExposure.as_view(), name="public-exposure"),
    path("report/", public.SendClue.as_view(), name="send-clue"),
    path("report/follow/", public.FollowClue.as_view(), name="follow-clue"),
]
