from django.urls import path

from portal.documents import anchor_views, views

app_name = "documents"
urlpatterns = [
    path("files/<int:pk>/", views.FilePage.as_view(), name="file"),
    path("log/chain/<int:seq>/sheet/", anchor_views.AnchorSheet.as_view(), name="anchor-sheet"),
    path("verify/", views.VerifyPage.as_view(), name="verify"),
    path("verify/<str:code>/", views.VerifiedPage.as_view(), name="verified"),
]
