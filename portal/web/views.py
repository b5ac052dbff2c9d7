"""The pages that apps declare: a list, an object, a verb. A page sets attributes; it overrides a method where it must."""

import uuid
from collections.abc import Sequence
from typing import Any, ClassVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView

from portal.web import conflicts, idempotency
from portal.web.errors import Conflict, NotAllowed, PortalError, forbidden
from portal.web.lists import ListPage
from portal.web.pages import Crumb, ObjectPage, PageMixin, Text
from portal.workdays.rules import OutOfCalendar


class VerbView(PageMixin, FormView):  # type: ignore[type-arg]
    """A form and the service it calls, once however often it is posted; then an address where the result is seen.

    Sets: `purpose` (unique name of the verb), `form_class`, `submit_label`, `danger` (the button destroys something),
    `policy(user, object)`. Overrides: `get_object` (None for a verb without one), `perform(form)`, which calls the
    service and returns its result, `get_success_url(result)`, `get_consequences()` (what will happen, told before).

    The key of the form and the effect of the service commit in one transaction. A PortalError rolls both back and
    becomes a sentence at its field, the conflict page (409) or the page for what one may not do (403); what was typed
    stays in the form.

    The conflict page compares what was typed with `get_initial()` of the object as it is now, field by field. A verb whose
    fields are not stored has nothing to compare: its own page is shown again, at the version stored now.
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
            return self._conflict(form, error)
        except PortalError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            return self._again(form, error.status)
        except OutOfCalendar as error:
            # A day was typed, or counted from one, that lies past the years whose working days are known.
            form.add_error(None, str(error))
            return self._again(form, 400)
        return HttpResponseRedirect(url)

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        """Show the form again, with each sentence at its field."""
        return self._again(form, 422)

    def _conflict(self, form: Any, error: Conflict) -> HttpResponse:
        """Both versions, and both ways on."""
        self.object = self.get_object()
        version = getattr(error.current, "version", None)
        kwargs = self.get_form_kwargs()
        form = conflicts.rebased(form, lambda data: self.get_form_class()(**kwargs | {"data": data}), version)
        compared = conflicts.compare(form, kwargs.get("initial") or {})
        if not compared:
            return self._again(form, error.status, conflict=error)
        again = [field for field in form if not field.is_hidden and conflicts.must_be_given_again(field)]
        apart = {field.name for field in again} | {item.field.name for item in compared}
        kept = [field for field in form if field.name not in apart]
        words = {"title": _("Somebody saved first"), "lede": str(error)}
        context = self.get_context_data(form=form, conflict=error, compared=compared, kept=kept, again=again, **words)
        return self.response_class(
            request=self.request, template=["web/conflict.html"], context=context, status=error.status
        )

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
