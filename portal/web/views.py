"""The pages that apps declare: a list, an object, a verb. A page sets attributes; it overrides a method where it must."""

import uuid
from collections.abc import Sequence
from typing import Any, ClassVar

import django_filters
import django_tables2
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ObjectDoesNotExist
from django.db import models, transaction
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView
from django_tables2 import RequestConfig

from portal.web import export, idempotency
from portal.web.errors import Conflict, NotAllowed, PortalError, forbidden
from portal.web.paging import CappedPaginator

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


class ListPage(PageMixin, TemplateView):
    """A list with filters, sorting, pages and an export of exactly what is shown.

    Sets: `model` (whose `objects.visible_to(user)` narrows it), `table_class`, `filterset_class`, `empty` (the sentence
    when there is nothing at all), `export_name`.
    """

    template_name = "web/list.html"
    model: ClassVar[type[models.Model]]
    table_class: ClassVar[type[django_tables2.Table]]
    filterset_class: ClassVar[type[django_filters.FilterSet]]
    per_page = 40
    empty: Text = _("There is nothing here yet.")
    export_name = "list"

    def get_queryset(self) -> models.QuerySet[Any]:
        """What the person may see."""
        queryset: models.QuerySet[Any] = self.model.objects.visible_to(self.request.user)  # type: ignore[attr-defined]
        return queryset

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or the file when `?export=xlsx` or `csv`."""
        self.filterset = self.filterset_class(request.GET, queryset=self.get_queryset(), request=request)
        # Without the request: given it, the table pages itself at once, and counts every row for that.
        self.table = self.table_class(self.filterset.qs)
        kind = request.GET.get("export")
        if kind in export.KINDS:
            RequestConfig(request, paginate=False).configure(self.table)
            return export.response(self.table, self.export_name, kind)
        paginate = {"per_page": self.per_page, "paginator_class": CappedPaginator, "silent": True}
        RequestConfig(request, paginate=paginate).configure(self.table)
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds table and filter; `filtered` tells an empty list from one that a filter emptied."""
        filtered = any(value for key, value in self.request.GET.items() if key in self.filterset.filters)
        query = self.request.GET.copy()
        query.pop("export", None)
        extra = {"table": self.table, "filter": self.filterset, "filtered": filtered, "query": query.urlencode()}
        return super().get_context_data(empty=self.empty, **extra, **kwargs)


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


class VerbView(PageMixin, FormView):  # type: ignore[type-arg]
    """A form and the service it calls, once however often it is posted; then an address where the result is seen.

    Sets: `purpose` (unique name of the verb), `form_class`, `submit_label`, `danger` (the button destroys something),
    `policy(user, object)`. Overrides: `get_object` (None for a verb without one), `perform(form)`, which calls the
    service and returns its result, `get_success_url(result)`, `get_consequences()` (what will happen, told before).

    The key of the form and the effect of the service commit in one transaction. A PortalError rolls both back and
    becomes a sentence at its field, the conflict block (409) or the page for what one may not do (403); what was typed
    stays in the form.
    """

    template_name = "web/verb.html"
    purpose: ClassVar[str]
    submit_label: Text = _("Save")
    danger = False
    policy: ClassVar[Any] = None
    back_url = ""
    object: Any = None

    def get_object(self) -> Any:
        """The object of the verb, reached only through what the person may see."""
        return None

    def perform(self, form: Any) -> Any:
        """Call the service with what was typed."""
        raise NotImplementedError

    def get_result_url(self, result: Any) -> str:
        """Where the result is seen."""
        return str(result.get_absolute_url())

    def get_consequences(self) -> Sequence[Text]:
        """What will happen, to whom, what cannot be undone."""
        return ()

    def get_back_url(self) -> str:
        """Where "keep it as it is" leads."""
        return self.back_url or (self.object.get_absolute_url() if self.object is not None else "/")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the object and ask the policy before anything is shown."""
        if request.user.is_authenticated:
            try:
                self.object = self.get_object()
            except ObjectDoesNotExist as error:
                raise Http404 from error
            except NotAllowed as error:
                return forbidden(request, error)
            policy = type(self).policy
            if policy is not None and not policy(request.user, self.object):
                return forbidden(request, NotAllowed())
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Perform once; answer the same post again with the same address."""
        key, user_id = self._key(), int(self.request.user.pk)
        try:
            with transaction.atomic(durable=True):
                answered = idempotency.begin(user_id, self.purpose, key)
                if answered is not None:
                    return HttpResponseRedirect(answered)
                url = self.get_result_url(self.perform(form))
                idempotency.finish(user_id, self.purpose, key, url)
        except NotAllowed as error:
            return forbidden(self.request, error)
        except Conflict as error:
            return self._again(form, error.status, conflict=error)
        except PortalError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            return self._again(form, error.status)
        return HttpResponseRedirect(url)

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        """Show the form again, with each sentence at its field."""
        return self._again(form, 422)

    def _again(self, form: Any, status: int, **extra: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form, **extra), status=status)

    def _key(self) -> uuid.UUID:
        try:
            return uuid.UUID(self.request.POST.get("idempotency_key", ""))
        except ValueError:
            return uuid.uuid4()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the key, the words of the button and what will happen."""
        key = self.request.POST.get("idempotency_key") or uuid.uuid4()
        words = {"submit_label": self.submit_label, "danger": self.danger, "consequences": self.get_consequences()}
        return super().get_context_data(
            idempotency_key=key, object=self.object, back_url=self.get_back_url(), **words, **kwargs
        )


__all__ = ["Crumb", "ListPage", "ObjectPage", "PageMixin", "TemplateView", "Text", "VerbView"]
