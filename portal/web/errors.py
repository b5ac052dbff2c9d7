"""Errors as people meet them: a code, a sentence that says what to do, a page."""

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.workdays import clock


class PortalError(Exception):
    """Something a person can mend. Put into words when shown, in the reader's language.

    Subclasses set `code` and `message`; keyword arguments fill the message's placeholders. `field` is the form field
    that the sentence belongs to, where there is one.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    message: ClassVar[str | Promise] = _("This did not work. Check what you entered.")
    field: ClassVar[str | None] = None

    def __init__(self, **data: Any) -> None:
        self.data = data
        super().__init__(data)

    def __str__(self) -> str:
        return str(self.message) % self.data


class NotAllowed(PortalError):
    """The person may see the object but not do this with it."""

    code = "not-allowed"
    status = 403
    message = _("This is not for your office to do. Ask the coordinator, whose name is at the foot of the page.")


class WrongState(PortalError):
    """The object is no longer, or not yet, in a state in which this can be done."""

    code = "wrong-state"
    status = 409
    message = _("This can no longer be done: the object has moved on. Load the page again to see where it stands.")


class Conflict(PortalError):
    """Somebody else saved first. `current` is what is stored now, `typed` what was to be saved, where the verb knows it.

    A verb's page (409) puts the two side by side, field by field; the form still has what was typed.
    """

    code = "conflict"
    status = 409
    message = _("Somebody saved a newer version while you were typing. Your text is below and nothing is lost.")

    def __init__(self, current: Any = None, typed: Mapping[str, Any] | None = None, **data: Any) -> None:
        self.current, self.typed = current, typed
        super().__init__(**data)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for a request that cannot be read."""
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for what a person may not do."""
    sentence = str(exception) if isinstance(exception, PortalError) else ""
    return render(request, "errors/403.html", {"sentence": sentence}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for what does not exist, or not for this person."""
    return render(request, "errors/404.html", status=404)


def out_of_order(request: HttpRequest, exception: PortalError) -> HttpResponse:
    """The page for what whoever runs the portal has to mend first: the sentence of the error, with its status."""
    return render(request, "errors/out_of_order.html", {"sentence": str(exception)}, status=exception.status)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """The page for more tries than are taken; every such limit is one by the minute, so it names the next but one."""
    after = clock.now().astimezone(clock.zone()) + timedelta(seconds=120)
    answer = render(request, "errors/429.html", {"time": f"{after:%H:%M}"}, status=HTTPStatus.TOO_MANY_REQUESTS)
    answer["Retry-After"] = "60"
    return answer


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for our own faults."""
    return render(request, "errors/500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form that was open for too long, or came from elsewhere."""
    return render(request, "errors/csrf.html", status=403)


def as_mapping(error: PortalError) -> Mapping[str, str]:
    """An error as the scripts of a page read it."""
    return {"code": error.code, "message": str(error)}
