"""The progress of a job, for the person who started it."""

from typing import Any

from portal.web import jobs
from portal.web.models import Job
from portal.web.views import ObjectPage


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
