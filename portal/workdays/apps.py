from django.apps import AppConfig


class WorkdaysConfig(AppConfig):
    """Working days of the People's Republic and the one clock."""

    name = "portal.workdays"

    def ready(self) -> None:
        """What a request has read of provisional years is kept as long as the request lasts."""
        from django.core.signals import request_finished, request_started

        from portal.workdays import calendar

        request_started.connect(calendar.begin_request, dispatch_uid="workdays.begin")
        request_finished.connect(calendar.end_request, dispatch_uid="workdays.end")
