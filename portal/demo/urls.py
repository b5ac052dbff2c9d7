from django.urls import path

from portal.demo.views import ClockPage

app_name = "demo"
urlpatterns = [path("demo/clock/", ClockPage.as_view(), name="clock")]
