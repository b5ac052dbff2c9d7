"""The progress of a job, for the person who started it."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.web import jobs
from portal.web.models import Job
from portal.web.views import ObjectPage, Text, VerbView


class JobPage(ObjectPage):
    """How far a job is; asks again by itself while it runs."""

    template_name = "web/job.html"

    def get_object(self) -> Job:
        """The person's own job."""
        return Job.objects.of(self.request.user).get(pk=self.kwargs["pk"])

    def get_title(self) -> str:
        """What the job does."""
        return jobs.title(self.object)

    def get_template_names(self) -> list[str]:
        """The progress alone when htmx asks for it."""
        asked_by_script = getattr(self.request, "htmx", False)
        return ["web/job_progress.html"] if asked_by_script else [self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds where the result is seen."""
        return super().get_context_data(job=self.object, next_url=self.object.params.get("next_url", "/"), **kwargs)


class StartJobAgain(VerbView):
    """Let a failed job of one's own go on."""

    purpose = "start-job-again"
    form_class = forms.Form
    submit_label = _("Start it again")

    def get_object(self) -> Job:
        """The person's own job."""
        return Job.objects.of(self.request.user).get(pk=self.kwargs["pk"])

    def get_title(self) -> str:
        """What the job does."""
        return jobs.title(self.object)

    def get_consequences(self) -> list[Text]:
        """Nothing is done twice."""
        return [_t("It goes on where it stopped; what was done stays, and nothing is done twice.")]

    def perform(self, form: forms.Form) -> Job:
        """Start it again."""
        return jobs.start_again(self.request.user, self.object.pk)

    def get_result_url(self, result: Job) -> str:
        """Its progress."""
        return reverse("web:job", args=(result.pk,))

    def get_back_url(self) -> str:
        """Its progress."""
        return self.get_result_url(self.object)
