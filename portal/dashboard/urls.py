from django.urls import include, path

from portal.dashboard.views import administration, compliance, dossier, home, today

own = [
    path("today/", today.TodayPage.as_view(), name="today"),
    path("compliance/", compliance.CompliancePage.as_view(), name="compliance"),
    path("administration/", administration.AdministrationPage.as_view(), name="administration"),
    path("my/", home.MyPage.as_view(), name="my"),
    path("units/<str:code>/dossier/", dossier.Dossier.as_view(), name="dossier"),
    path("units/<str:code>/workbook/", dossier.Workbook.as_view(), name="workbook"),
]
urlpatterns = [path("", home.Home.as_view(), name="home"), path("", include((own, "dashboard")))]
