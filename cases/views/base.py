"""What the pages of this room share: the rooms beside each other, forms with a version."""

from typing import Any, ClassVar

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.generic import View

from cases import policies, rooms
from portal.accounts.models import User
from portal.web.errors import NotAllowed
from portal.web.pages import PageMixin


class RoomMixin(PageMixin):
    """A page of the room. Sets `room`: the name of the address under which it stands; readers alone come in."""

    room: ClassVar[str] = ""

    def allowed(self, user: User) -> bool:
        """Who reads cases somewhere."""
        return policies.may_read(user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the rooms."""
        return {"rooms": rooms.places(self.request.user, self.room)} | super().get_context_data(**kwargs)


class Home(PageMixin, View):
    """Leads to the first room that a person may open."""

    def get(self, request: Any) -> HttpResponse:
        """There. Raises NotAllowed where there is none."""
        found = rooms.of(request.user)
        if not found:
            raise NotAllowed
        return HttpResponseRedirect(reverse(found[0].url_name))
