from django.urls import path

from portal.obligations.views import calendar, clock, duties, duty_list, ladders

app_name = "obligations"
urlpatterns = [
    path("duties/", duty_list.DutiesPage.as_view(), name="duties"),
    path("duties/<int:pk>/", duties.DutyPage.as_view(), name="duty"),
    path("duties/<int:pk>/extension/", duties.AskExtension.as_view(), name="ask-extension"),
    path("duties/<int:pk>/extension/decide/", duties.DecideExtension.as_view(), name="decide-extension"),
    path("duties/<int:pk>/suspend/", duties.Suspend.as_view(), name="suspend"),
    path("duties/<int:pk>/resume/", duties.Resume.as_view(), name="resume"),
    path("duties/<int:pk>/exempt/", duties.Waive.as_view(), name="waive"),
    path("clock/", clock.ClockPage.as_view(), name="clock"),
    path("calendar/", calendar.CalendarPage.as_view(), name="calendar"),
    path("calendar/notice/", calendar.EnterNotice.as_view(), name="enter-notice"),
    path("calendar/day/", calendar.SetDay.as_view(), name="set-day"),
    path("ladders/", ladders.LaddersPage.as_view(), name="ladders"),
    path("ladders/<slug:code>/new/", ladders.NewLadder.as_view(), name="new-ladder"),
]
