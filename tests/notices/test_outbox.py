"""The outbox: one message a person a run, once, in the reader's language; what lets its reader in is forgotten."""

import logging
import re
import threading
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from portal.accounts.models import User
from portal.audit import anchors
from portal.notices import head, outbox, services
from portal.notices.models import MessageState, Notice, OutboundMessage
from portal.obligations import clock as ladder_clock
from portal.workdays import clock
from tests.audit.test_chain import in_threads
from tests.notices.mail import Server, tell
from tests.world import World


def test_several_notices_go_out_as_one_message(world: World, smtp: Server) -> None:
    tell(world, "leader", 3)
    assert outbox.run() == 1
    assert len(smtp.letters) == 1
    assert smtp.letters[0].rcpt_tos == ["leader@example.org"]
    assert OutboundMessage.objects.get().state == MessageState.SENT


def test_running_again_sends_nothing_again(world: World, smtp: Server) -> None:
    tell(world, "leader")
    outbox.run()
    assert outbox.run() == 0
    assert len(smtp.letters) == 1


def test_a_message_is_written_in_the_language_of_its_reader(world: World, smtp: Server) -> None:
    User.objects.filter(username="leader").update(language="zh-hans")
    tell(world, "leader")
    outbox.run()
    assert OutboundMessage.objects.get().subject == "已通过：年度报告"


@pytest.mark.django_db(transaction=True)
def test_thousands_of_notices_for_two_people_are_two_messages(world: World, smtp: Server) -> None:
    data = {"period": "p", "unit_name": "u"}
    names = [name for _n in range(1100) for name in ("coordinator", "leader")]
    services.queue_many(services.Draft(world.users[name].pk, "report_accepted", data, "/") for name in names)
    assert outbox.run() == 2
    assert OutboundMessage.objects.count() == 2
    assert not Notice.objects.waiting().exists()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_gathered_while_the_clock_is_at_work(world: World, smtp: Server) -> None:
    tell(world, "leader")
    assert outbox.CLOCK_LOCK == ladder_clock.LOCK
    held, over = threading.Event(), threading.Event()

    def clock_at_work() -> None:
        with ladder_clock._alone() as alone:
            assert alone
            held.set()
            over.wait(20)
        connection.close()

    thread = threading.Thread(target=clock_at_work)
    thread.start()
    held.wait(20)
    assert outbox.run() == 0
    assert Notice.objects.waiting().count() == 1
    over.set()
    thread.join()
    assert outbox.run() == 1


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("gone_kind", {}),
        ("report_accepted", {}),
        ("report_accepted", {"period": "p"}),
        ("duty_reminder", {"duty": "x", "unit_name": "y", "due_on": "no day", "days": 1}),
    ],
)
class TestANoticeWithoutWords:
    def write(self, world: World, kind: str, data: dict[str, Any]) -> None:
        services.queue_many([services.Draft(world.users["leader"].pk, kind, data, "/", "", world.unit("B").pk)])
        tell(world, "leader")
        tell(world, "liaison")

    def test_holds_up_no_other_notice(self, world: World, smtp: Server, kind: str, data: dict[str, Any]) -> None:
        self.write(world, kind, data)
        assert outbox.run() == 2
        assert not Notice.objects.waiting().exists()

    def test_is_shown_as_failed_with_the_reason(
        self, world: World, smtp: Server, kind: str, data: dict[str, Any]
    ) -> None:
        self.write(world, kind, data)
        outbox.run()
        failed = OutboundMessage.objects.get(state=MessageState.FAILED)
        assert failed.last_error.startswith(f"{kind}: ")
        assert kind in world.client("coordinator").get("/outbox/?state=failed").content.decode()

    def test_does_not_break_the_inbox(self, world: World, kind: str, data: dict[str, Any]) -> None:
        self.write(world, kind, data)
        page = world.client("leader").get("/inbox/")
        assert page.status_code == 200
        assert kind in page.content.decode()

    def test_is_sent_again_only_once_it_has_words(
        self, world: World, smtp: Server, kind: str, data: dict[str, Any]
    ) -> None:
        self.write(world, kind, data)
        outbox.run()
        failed = OutboundMessage.objects.get(state=MessageState.FAILED)
        again = f"/outbox/{failed.pk}/again/"
        assert world.client("coordinator").post(again).status_code == 409
        failed.notices.update(kind="report_accepted", data={"period": "p", "unit_name": "u"})
        assert world.client("coordinator").post(again).status_code == 302
        assert outbox.run() == 1
        failed.refresh_from_db()
        assert (failed.state, "p" in failed.subject) == (MessageState.SENT, True)


def test_what_lets_its_reader_in_is_forgotten_once_sent(world: World, smtp: Server) -> None:
    services.mail(world.user("leader"), subject="s", body="secret words", language="en", secret=True)
    outbox.run()
    assert "secret words" in smtp.letters[0].content.decode()
    assert OutboundMessage.objects.get().body == ""


def test_what_lets_its_reader_in_is_not_sent_again(world: World, smtp: Server) -> None:
    smtp.answer = "550 no"
    made = services.mail(world.user("leader"), subject="s", body="secret words", language="en", secret=True)
    outbox.run()
    assert OutboundMessage.objects.get().body == ""
    assert world.client("system_admin").post(f"/outbox/{made.pk}/again/").status_code == 409
    assert b"Send again" not in world.client("system_admin").get("/outbox/").content


def test_a_message_that_waits_is_not_sent_again(world: World) -> None:
    made = services.mail(world.user("leader"), subject="s", body="b", language="en")
    assert world.client("system_admin").post(f"/outbox/{made.pk}/again/").status_code == 409


def test_mail_to_who_chose_no_language_is_in_that_of_the_site(world: World, smtp: Server, settings: Any) -> None:
    settings.LANGUAGE_CODE = "zh-hans"
    tell(world, "leader")
    outbox.run()
    assert OutboundMessage.objects.get().subject == "已通过：年度报告"


class TestTheHeadOfTheLog:
    def test_is_given_away_once_a_day(self, world: World, smtp: Server, settings: Any) -> None:
        settings.AUDIT_HEAD_TO = "keeper@example.org"
        assert [head.give(), head.give()] == [True, False]
        with clock.frozen(date(2026, 3, 3)):
            assert head.give()
        outbox.run()
        assert [envelope.rcpt_tos for envelope in smtp.letters] == [["keeper@example.org"]] * 2

    def test_as_mailed_is_what_the_check_takes(self, world: World, settings: Any) -> None:
        settings.AUDIT_HEAD_TO = "keeper@example.org"
        head.give()
        body = OutboundMessage.objects.get().body
        mailed = re.search(r"--anchor (\d+:\w{64})", body)
        assert mailed is not None
        call_command("verify_audit", head=mailed[1])
        call_command("verify_audit", anchor=mailed[1])
        assert [str(anchor) for anchor in anchors.read(body)] == [mailed[1]]

    def test_goes_to_each_of_several_addresses(self, world: World, smtp: Server, settings: Any) -> None:
        settings.AUDIT_HEAD_TO = "keeper@example.org, archive@example.com"
        head.give()
        outbox.run()
        assert sorted(envelope.rcpt_tos for envelope in smtp.letters) == [
            ["archive@example.com"],
            ["keeper@example.org"],
        ]

    def test_is_only_written_down_where_nobody_is_named(
        self, world: World, caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Any
    ) -> None:
        with (
            caplog.at_level(logging.INFO, "portal.audit.head"),
            django_capture_on_commit_callbacks(execute=True),
        ):
            head.give()
        assert re.search(r"audit_head seq=\d+ hash=\w{64} at=2026-03-02T", caplog.text)
        assert not OutboundMessage.objects.exists()


def test_a_person_without_an_address_keeps_the_notice_and_gets_no_message(world: World, smtp: Server) -> None:
    User.objects.filter(username="leader").update(email="")
    tell(world, "leader")
    assert outbox.run() == 0
    assert Notice.objects.get().unsendable


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_message_once(world: World, smtp: Server) -> None:
    for name in ("leader", "liaison", "other_leader", "coordinator", "head"):
        tell(world, name)
    assert in_threads(4, lambda: outbox.run() and None) == []
    assert sorted(envelope.rcpt_tos[0] for envelope in smtp.letters) == sorted(
        f"{name}@example.org" for name in ("leader", "liaison", "other_leader", "coordinator", "head")
    )
