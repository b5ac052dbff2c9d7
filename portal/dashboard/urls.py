from django.urls import include, path

from portal.dashboard import views

own = [
    path("today/", views.TodayPage.as_view(), name="today"),
    path("compliance/", views.CompliancePage.as_view(), name="compliance"),
    path("my/", views.MyPage.as_view(), name="my"),
]
urlpatterns = [path("", views.Home.as_view(), name="home"), path("", include((own, "dashboard")))]
