from django.urls import path

from portal.web.job_views import JobPage, StartJobAgain
from portal.web.patterns import PatternsPage

app_name = "web"
urlpatterns = [
    path("jobs/<int:pk>/", JobPage.as_view(), name="job"),
    path("jobs/<int:pk>/again/", StartJobAgain.as_view(), name="job-again"),
    path("patterns/", PatternsPage.as_view(), name="patterns"),
]
