"""The state of the log's chain: how long, how it was found, which heads were given away."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.accounts import chain_words
from portal.accounts.history import MAY_READ
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.audit import anchors, head
from portal.audit.chain import grouped
from portal.audit.checking import check
from portal.audit.models import Entry, Head, Verification
from portal.web import jobs
from portal.web.models import Job
from portal.web.views import PageMixin, TemplateView, VerbView

JOB = "verify-log"
SHOWN = 30
_sheets: list[Callable[[int], str]] = []


def register_sheet(url_of: Callable[[int], str]) -> None:
    """Say where the sheet of an anchor is printed; the floor that makes documents does."""
    _sheets[:] = [url_of]


def run_check(job: Job) -> dict[str, Any]:
    """Go through the log from where a worker before was cut off; called again, it goes on."""
    made = check(job.owner, start=job.done + 1, progress=lambda count: jobs.advance(job, count))
    return {"verification": made.pk}


class ChainPage(PageMixin, TemplateView):
    """Length, head, last check, anchors."""

    template_name = "accounts/chain.html"
    title = _("State of the chain")
    crumbs = ((_("Log"), "/log/"),)

    def allowed(self, user: User) -> bool:
        """Those who read the log."""
        return user.standing.has(*MAY_READ)

    def get_lede(self) -> str:
        """How long it is."""
        count = getattr(Head.objects.first(), "count", 0)
        text = ngettext(
            "%(count)s entry, each with the fingerprint of the one before it.",
            "%(count)s entries, each with the fingerprint of the one before it.",
            count,
        )
        return text % {"count": count}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the head, the last checks and the anchors."""
        now = Head.objects.first()
        checks = list(Verification.objects.select_related("by")[:5])
        given = [
            {"entry": entry, "groups": grouped(entry.hash), "sheet": _sheets[0](entry.seq) if _sheets else ""}
            for entry in anchors.given()[:SHOWN]
        ]
        return super().get_context_data(
            head=now,
            groups=grouped(now.hash) if now is not None else "",
            signed=now is not None and head.is_signed(now),
            last=Entry.objects.first(),
            checks=[(one, chain_words.result(one)) for one in checks],
            anchors=given,
            may_verify=may_verify(self.request.user, None),
            **kwargs,
        )


def may_verify(user: User, _object: object) -> bool:
    """Auditors have the log gone through: it is read, and nothing is written into it."""
    return user.standing.has(Role.AUDITOR)


class VerifyChain(VerbView):
    """Go through the log now, in the background."""

    title = _("Check the chain now")
    crumbs = ((_("Log"), "/log/"), (_("State of the chain"), "/log/chain/"))
    purpose = "verify-log"
    form_class = forms.Form
    submit_label = _("Check the chain")
    policy = may_verify
    back_url = "/log/chain/"

    def get_consequences(self) -> list[str]:
        """It reads, and says what it found."""
        return [
            _t("Every entry is read and its fingerprint calculated anew. Nothing is written into the log."),
            _t("A long log takes minutes. It goes on in the background, and you see how far it is."),
        ]

    def perform(self, form: forms.Form) -> Job:
        """Begin it."""
        total = getattr(Head.objects.first(), "seq", 0)
        return jobs.start(self.request.user, JOB, {"next_url": reverse("accounts:chain")}, total=total)

    def get_result_url(self, result: Job) -> str:
        """Its progress."""
        return reverse("web:job", args=(result.pk,))
