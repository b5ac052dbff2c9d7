from django.urls import path

from cases.views import base, clue_verbs, clues, imports, public, punishments, rules, screening

app_name = "cases"

urlpatterns = [
    path("cases/", base.Home.as_view(), name="home"),
    path("cases/punishments/", punishments.Search.as_view(), name="punishments"),
    path("cases/punishments/<int:pk>/", punishments.PunishmentPage.as_view(), name="punishment"),
    path("cases/punishments/import/", imports.Upload.as_view(), name="import"),
    path("cases/punishments/import/<int:pk>/columns/", imports.Columns.as_view(), name="import-columns"),
    path("cases/punishments/import/<int:pk>/", imports.Check.as_view(), name="import-check"),
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
    path("report/", public.SendClue.as_view(), name="send-clue"),
    path("report/follow/", public.FollowClue.as_view(), name="follow-clue"),
]
