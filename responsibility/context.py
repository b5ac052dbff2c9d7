"""The programme's names for every page."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from responsibility.models import Programme


def programme(request: HttpRequest) -> dict[str, Any]:
    """Context processor; the row is read when a page first names the programme."""
    return {"programme": SimpleLazyObject(lambda: Programme.objects.filter(pk=1).first())}
