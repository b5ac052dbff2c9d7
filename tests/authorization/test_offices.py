"""Three separated offices: the system administrator sees no content, the auditor changes nothing."""

import re
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation

from portal.audit import services as audit
from portal.audit.models import Entry
from portal.notices import services as notices
from portal.obligations.models import Obligation
from portal.organisation.models import Person, Unit
from portal.web import navigation
from responsibility.models import AccountabilityCase, Letter, Report
from tests.authorization.rows import TABLE
from tests.authorization.table import Case

# What an auditor leaves behind who only reads: the own session, password, factor, language, what was read in the inbox.
OWN = {
    *("django_session", "usersessions_usersession", "account_emailaddress", "mfa_authenticator", "accounts_user"),
    *("accounts_userdevice", "accounts_passwordhistory", "accounts_userevent"),
    # A check of the chain, which reads it, and is a job of the auditor's own.
    *("audit_verification", "web_job"),
    # That the auditor tried to open a clue is kept, and told to its officers.
    "cases_opening",
    *(
        "notices_notice",
        "notices_outboundmessage",
        "web_submittedform",
        "audit_entry",
        "audit_head",
        "pghistory_context",
    ),
}
OWN_DEEDS = ("user.", "second_factor.")


class TestTheSystemAdministrator:
    def test_reaches_no_content_by_any_manager(self, case: Case) -> None:
        user = case.world.user("system_admin")
        for model in (Letter, Report, AccountabilityCase, Obligation):
            assert not model.objects.visible_to(user).exists(), model
            assert model.objects.visible_to(case.world.user("coordinator")).exists(), model

    def test_keeps_units_and_persons(self, case: Case) -> None:
        user = case.world.user("system_admin")
        assert Unit.objects.visible_to(user).count() == 6
        assert Person.objects.visible_to(user).filter(employee_no="LEADER").exists()

    def test_sees_a_unit_without_its_letters(self, case: Case) -> None:
        page = case.world.client("system_admin").get("/units/B/").content.decode()
        assert "Xu Zhixin" in page
        assert 'id="letters"' not in page
        assert 'id="letters"' in case.world.client("auditor").get("/units/B/").content.decode()

    def test_sees_that_a_message_goes_out_and_not_what_it_says(self, case: Case) -> None:
        page = case.world.client("system_admin").get("/outbox/").content.decode()
        assert "x@example.org" in page
        assert ">1 notice<" in page
        assert ">s<" not in page
        assert ">s<" in case.world.client("coordinator").get("/outbox/").content.decode()
        assert ",s," not in case.world.client("system_admin").get("/outbox/?export=csv").content.decode()

    def test_sees_how_the_clock_runs_and_no_unit_of_its_duties(self, case: Case) -> None:
        Obligation.objects.filter(pk=case.duty.pk).update(clock_error="broken")
        page = case.world.client("system_admin").get("/clock/").content.decode()
        assert "1 duty. The coordinator sees which one" in page
        assert "Finance Bureau" not in page
        assert "/duties/" not in page

    def test_begins_with_what_there_is_to_keep(self, case: Case) -> None:
        client = case.world.client("system_admin")
        page = client.get("/", follow=True)
        assert page.request["PATH_INFO"] == "/administration/"
        for url in ("/units/", "/imports/units/", "/outbox/", "/clock/", "/sessions/"):
            assert f'href="{url}"' in page.content.decode(), url
            assert client.get(url).status_code == 200, url

    @pytest.mark.parametrize("who", ["system_admin", "security_admin", "auditor", "coordinator", "leader"])
    def test_and_everybody_else_is_led_only_where_the_door_is_open(self, case: Case, who: str) -> None:
        user, client = case.world.user(who), case.world.client(who)
        with translation.override("en"):
            places = [place.url for area in navigation.areas(user, "/") for place in area.places]
        assert [url for url in places if client.get(url, follow=True).status_code != 200] == []


def contents() -> dict[str, Any]:
    """A fingerprint of every table but those that hold what is the person's own."""
    tables = {model._meta.db_table for model in apps.get_models() if model._meta.managed and not model._meta.proxy}
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(tables - OWN):
            cursor.execute(f"SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM \"{table}\" t")
            found[table] = cursor.fetchone()
    return found


def typed(answer: Any) -> dict[str, str]:
    """What the form of a page would send, so that a refusal is not for want of a field."""
    page = "" if answer.streaming else answer.content.decode(errors="replace")
    return dict(re.findall(r'<input type="hidden" name="(idempotency_key|version)" value="([^"]*)"', page))


ANYTHING = {
    **dict.fromkeys(("user", "role", "path", "reason", "text", "remark", "year", "code", "title_en", "title_zh"), "1"),
    "day": date(2026, 5, 1).isoformat(),
    "due_on": date(2026, 5, 1).isoformat(),
    "kind": "half-year",
    "number": "1",
}


class TestTheAuditor:
    def test_posting_to_every_address_changes_nothing_but_what_is_the_own(self, case: Case) -> None:
        urls = [reverse(name, kwargs=row.kwargs(case)) for name, row in TABLE.items()]
        # Looking seals a letter the first time: that is the portal's deed, and before.
        forms = {url: typed(self.client(case).get(url)) for url in urls}
        before, last = contents(), audit.last()
        for url in urls:
            self.client(case).post(url, ANYTHING | forms[url])
        changed = [table for table, found in contents().items() if found != before[table]]
        assert changed == []
        written = Entry.objects.filter(seq__gt=last).exclude(action="clue.opening_refused")
        written = written.values_list("action", "subject_id")
        auditor = str(case.world.users["auditor"].pk)
        assert [deed for deed in written if not deed[0].startswith(OWN_DEEDS) or deed[1] not in (auditor, "")] == []

    def client(self, case: Case) -> Client:
        # Signing out is one of the addresses: each begins with a session of its own.
        case.world.clients.pop("auditor", None)
        return case.world.client("auditor")

    def test_notices_of_others_stay_unread(self, case: Case) -> None:
        unread = notices.unread_count(case.world.user("coordinator"))
        client = case.world.client("auditor")
        assert client.post(f"/inbox/{case.notice.pk}/").status_code == 404
        client.post("/inbox/read/")
        assert notices.unread_count(case.world.user("coordinator")) == unread


def test_nobody_signs_in_as_somebody_else(case: Case) -> None:
    assert not [name for name in TABLE if re.search(r"imperson|login.as|sign.in.as|hijack|become", name)]
