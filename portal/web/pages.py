"""What every page has: sign-in, head, layout; and the page about one object."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.functional import Promise
from django.views.generic import TemplateView

from portal.web.errors import NotAllowed, forbidden

Text = str | Promise
Crumb = tuple[Text, str]


class PageMixin(LoginRequiredMixin):
    """A page for people who have signed in.

    Sets: `title` (what it is), `lede` (one sentence that says its state in figures), `crumbs` (label and address of each
    page above). `allowed(user)` decides who may come in at all; others get 403. The layout follows from who reads.
    """

    # A request whose user has signed in; this floor does not know the class of users.
    request: Any
    title: Text = ""
    lede: Text = ""
    crumbs: Sequence[Crumb] = ()

    def allowed(self, user: Any) -> bool:
        """Whether this person may open the page at all."""
        return True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Sign in first; then 403 for those whose office this page is not for, 404 for what they may not see."""
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        if not self.allowed(request.user):
            return forbidden(request)
        try:
            return super().dispatch(request, *args, **kwargs)
        except ObjectDoesNotExist as error:
            raise Http404 from error
        except NotAllowed as error:
            return forbidden(request, error)

    def get_title(self) -> Text:
        """The title; overridden where it names the object."""
        return self.title

    def get_lede(self) -> Text:
        """The sentence under the title."""
        return self.lede

    def get_crumbs(self) -> Sequence[Crumb]:
        """The pages above this one."""
        return self.crumbs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the head of the page and its layout."""
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        office = getattr(self.request.user, "is_office", False)
        head = {"title": self.get_title(), "lede": self.get_lede(), "crumbs": self.get_crumbs()}
        return {"layout": "base_office.html" if office else "base_roomy.html", "office": office} | head | context


class ObjectPage(PageMixin, TemplateView):
    """A page about one object. Sets: `template_name`; overrides `get_object`, which raises DoesNotExist for a 404."""

    object: Any

    def get_object(self) -> Any:
        """The object, reached only through what the person may see."""
        raise NotImplementedError

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page."""
        self.object = self.get_object()
        return self.render_to_response(self.get_context_data(object=self.object))
