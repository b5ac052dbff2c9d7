from django.urls import path

from portal.notices import views

app_name = "notices"
urlpatterns = [
    path("inbox/", views.InboxPage.as_view(), name="inbox"),
    path("inbox/read/", views.ReadAll.as_view(), name="read-all"),
    path("inbox/<int:pk>/", views.OpenNotice.as_view(), name="open"),
    path("outbox/", views.OutboxPage.as_view(), name="outbox"),
    path("outbox/<int:pk>/again/", views.SendAgain.as_view(), name="send-again"),
    path("mail/", views.DemoMailPage.as_view(), name="mail"),
]
