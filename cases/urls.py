from django.urls import path

from cases.views import base, imports, punishments, rules, screening

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
    path("cases/screening/<int:pk>/dismiss/", screening.Dismiss.as_view(), name="dismiss-hit"),
]
