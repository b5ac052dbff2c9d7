"""The inbox, the outbox, and in a demo the mails that were written to files."""

import email
import email.policy
from pathlib import Path
from typing import Any

import django_filters
import django_tables2
from django import forms
from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import View

from portal.accounts import scopes
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.notices import services
from portal.notices.models import MessageState, Notice, OutboundMessage
from portal.web.dates import moment
from portal.web.paging import CappedPaginator
from portal.web.views import ListPage, PageMixin, TemplateView, VerbView

PER_PAGE = 30
SEES_OUTBOX = (Role.COORDINATOR, Role.SYSTEM_ADMIN)
# The system administrator sees that a message goes out, to whom and how it fares, and not what it says.
SEES_SUBJECTS = (Role.COORDINATOR,)


class InboxPage(PageMixin, TemplateView):
    """A person's notices, the newest first."""

    template_name = "notices/inbox.html"
    title = _("Inbox")

    @cached_property
    def unread(self) -> int:
        """How many are unread."""
        return services.unread_count(self.request.user)

    def get_lede(self) -> str:
        """How many are unread."""
        if not self.unread:
            return str(_("You have read everything."))
        text = ngettext("%(count)s notice is unread.", "%(count)s notices are unread.", self.unread)
        return text % {"count": self.unread}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds a page of notices."""
        notices = Notice.objects.visible_to(self.request.user).order_by("-pk")
        page = CappedPaginator(notices, PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(page=page, newest=notices.first(), unread=self.unread, **kwargs)


class OpenNotice(PageMixin, View):
    """Open a notice: that it was read is kept, then its page follows."""

    def post(self, request: Any, pk: int) -> HttpResponse:
        """Mark it read and go where it leads."""
        notice = services.mark_read(request.user, pk)
        safe = url_has_allowed_host_and_scheme(notice.url, {request.get_host()}, require_https=request.is_secure())
        return HttpResponseRedirect(notice.url if notice.url and safe else "/inbox/")


class ReadAll(PageMixin, View):
    """Mark all notices read."""

    def post(self, request: Any) -> HttpResponse:
        """Mark those that the page knew of, and show the inbox."""
        until = request.POST.get("until", "")
        services.mark_all_read(request.user, until=int(until) if until.isdecimal() else None)
        return HttpResponseRedirect("/inbox/")


class OutboxFilter(django_filters.FilterSet):
    """By state and address."""

    state = django_filters.ChoiceFilter(choices=MessageState.choices, label=_("State"))
    address = django_filters.CharFilter(lookup_expr="icontains", label=_("Address"))


class OutboxTable(django_tables2.Table):
    """Messages, the newest first."""

    written_at = django_tables2.Column(verbose_name=_("Written"))
    recipient = django_tables2.Column(verbose_name=_("To"), accessor="recipient__name", order_by="recipient__username")
    address = django_tables2.Column(verbose_name=_("Address"))
    subject = django_tables2.Column(verbose_name=_("Subject"), orderable=False)
    state = django_tables2.Column(verbose_name=_("State"), accessor="get_state_display", order_by="state")
    sent_at = django_tables2.Column(verbose_name=_("Sent"))
    attempts = django_tables2.Column(verbose_name=_("Attempts"))
    last_error = django_tables2.Column(verbose_name=_("Last error"))
    again = django_tables2.TemplateColumn(
        template_name="notices/again_link.html", verbose_name="", orderable=False, exclude_from_export=True
    )

    def render_written_at(self, value: Any) -> str:
        """To the minute."""
        return moment(value)

    def render_sent_at(self, value: Any) -> str:
        """To the minute."""
        return moment(value)

    def render_subject(self, value: str, record: OutboundMessage) -> str:
        """What it tells, to who may read it; the codes of notices without words say little, so it is said."""
        if not record.is_readable:  # type: ignore[attr-defined]
            return _kind_of(record)
        if record.body or record.secret:
            return value
        return str(_("No words for %(kind)s") % {"kind": value})


def _kind_of(message: OutboundMessage) -> str:
    """What sort of message it is, for those who see that it goes out and not what it says."""
    count = message.told  # type: ignore[attr-defined]
    if count:
        return ngettext("%(count)s notice", "%(count)s notices", count) % {"count": count}
    return str(_("Link that lets in") if message.secret else _("Message of the portal itself"))


def _messages_for(user: User) -> "QuerySet[OutboundMessage]":
    """Messages about units in the person's part of the tree."""
    seen = scopes.q(user, "notices__unit__path", SEES_OUTBOX)
    if user.standing.has(Role.SYSTEM_ADMIN):
        seen |= Q(notices__unit__isnull=True)
    return OutboundMessage.objects.filter(seen).distinct()


class OutboxPage(ListPage):
    """What was sent to whom, and what did not arrive."""

    title = _("Outbox")
    model = OutboundMessage
    table_class = OutboxTable
    filterset_class = OutboxFilter
    empty = _("Nothing has been sent yet. Messages appear here when the clock or a person causes one.")
    export_name = "outbox"

    def allowed(self, user: User) -> bool:
        """Coordinators and system administrators."""
        return user.standing.has(*SEES_OUTBOX)

    def get_lede(self) -> str:
        """How many failed."""
        count = _messages_for(self.request.user).filter(state=MessageState.FAILED).count()
        if not count:
            return str(_("Every message arrived or is on its way."))
        text = ngettext("%(count)s message did not arrive.", "%(count)s messages did not arrive.", count)
        return text % {"count": count}

    def get_queryset(self) -> "QuerySet[OutboundMessage]":
        """Messages of the person's part of the tree; what they say only where the person sees content."""
        readable = Notice.objects.filter(scopes.q(self.request.user, roles=SEES_SUBJECTS), message=OuterRef("pk"))
        told = Notice.objects.filter(message=OuterRef("pk")).order_by().values("message").annotate(n=Count("pk"))
        found = _messages_for(self.request.user).select_related("recipient")
        return found.annotate(is_readable=Exists(readable), told=Coalesce(Subquery(told.values("n")), 0))


def _may_send_again(user: User, _message: OutboundMessage) -> bool:
    return user.standing.has(*SEES_OUTBOX)


class SendAgain(VerbView):
    """Put a failed message back into the outbox."""

    title = _("Send the message again")
    lede = _("It goes to the address that the person has now.")
    crumbs = ((_("Outbox"), "/outbox/"),)
    purpose = "send-again"
    form_class = forms.Form
    submit_label = _("Send again")
    back_url = "/outbox/"
    policy = _may_send_again

    def get_object(self) -> OutboundMessage:
        """A message of the person's part of the tree."""
        return _messages_for(self.request.user).get(pk=self.kwargs["pk"])

    def perform(self, form: forms.Form) -> OutboundMessage:
        """Put it back."""
        return services.send_again(self.request.user, self.object.pk)

    def get_result_url(self, result: OutboundMessage) -> str:
        """The outbox."""
        return "/outbox/"


class DemoMailPage(PageMixin, TemplateView):
    """The mails of the demo, which go to files instead of a server."""

    template_name = "notices/mail.html"
    title = _("Mail of the demo")
    lede = _("In the demo, mail goes to files. Here they are, the newest first.")
    shown = 50

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the newest mails."""
        if not settings.DEMO:
            raise Http404
        folder = Path(settings.EMAIL_FILE_PATH)
        files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True)[: self.shown]
        return super().get_context_data(mails=[_mail(file) for file in files], **kwargs)


def _mail(file: Path) -> dict[str, str]:
    parsed = email.message_from_bytes(file.read_bytes().split(b"\n" + b"-" * 79)[0], policy=email.policy.default)
    body = parsed.get_body(("plain",))
    return {
        "to": str(parsed["To"] or ""),
        "subject": str(parsed["Subject"] or ""),
        "date": str(parsed["Date"] or ""),
        "text": str(body.get_content()) if body is not None else "",
    }
