from django.urls import path

from portal.documents import views

app_name = "documents"
urlpatterns = [
    path("files/<int:pk>/", views.FilePage.as_view(), name="file"),
    path("verify/", views.VerifyPage.as_view(), name="verify"),
    path("verify/<str:code>/", views.VerifiedPage.as_view(), name="verified"),
]
