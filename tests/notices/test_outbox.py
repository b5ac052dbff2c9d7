"""Telling people: inbox, one message a person a run, retries, visible failures; by a real SMTP server."""

import logging
import re
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from django.core.management import call_command
from django.db import connection
from django.db.models.functions import Now
from django.utils import translation

from portal.accounts.models import User
from portal.notices import head, outbox, registry, sending, services
from portal.notices.models import MessageState, Notice, OutboundMessage
from portal.obligations import clock as ladder_clock
from portal.workdays import clock
from tests.audit.test_chain import in_threads
from tests.queries import count_queries
from tests.world import World


class Server:
    """Takes mail, or refuses it."""

    def __init__(self) -> None:
        self.letters: list[Any] = []
        self.answer = self.to_recipient = self.to_sender = "250 OK"

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        envelope.mail_from = address
        return self.to_sender

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answer.startswith("250"):
            self.letters.append(envelope)
        return self.answer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def use(settings: Any, port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False


@contextmanager
def serving(settings: Any, **options: Any) -> Iterator[Server]:
    server = Server()
    port = free_port()
    controller = Controller(server, hostname="127.0.0.1", port=port, **options)
    controller.start()
    use(settings, port)
    try:
        yield server
    finally:
        controller.stop()


@pytest.fixture
def smtp(settings: Any) -> Iterator[Server]:
    with serving(settings) as server:
        yield server


@contextmanager
def rude(settings: Any, *, says: bytes | None) -> Iterator[list[int]]:
    """A server that says one thing and hangs up, or takes the connection and is silent; counts who came."""
    came: list[int] = []

    class Rude(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            came.append(1)
            if says is None:
                self.request.recv(1)
            else:
                self.request.sendall(says)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Rude) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        use(settings, server.server_address[1])
        yield came
        server.shutdown()


def tell(world: World, name: str, times: int = 1) -> None:
    for _n in range(times):
        services.queue(
            "report_accepted",
            to=[world.users[name]],
            about="report:1",
            unit=world.unit("B"),
            url="/my/",
            period={"en": "Annual report", "zh-hans": "年度报告"},
            unit_name={"en": "Finance Bureau", "zh-hans": "财政局"},
        )


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


def test_a_server_that_says_later_is_asked_again_later(world: World, smtp: Server) -> None:
    smtp.answer = "451 try later"
    tell(world, "leader")
    outbox.run()
    message = OutboundMessage.objects.get()
    assert (message.state, message.attempts) == (MessageState.QUEUED, 1)
    assert "451" in message.last_error
    smtp.answer = "250 OK"
    OutboundMessage.objects.update(next_try_at=Now())
    outbox.run()
    assert OutboundMessage.objects.get().state == MessageState.SENT


def test_after_the_last_wait_a_message_has_failed_visibly_and_can_be_sent_again(world: World, smtp: Server) -> None:
    smtp.answer = "451 try later"
    tell(world, "leader")
    for _try in range(len(sending.WAITS) + 1):
        outbox.run()
        OutboundMessage.objects.update(next_try_at=Now())
    message = OutboundMessage.objects.get()
    assert message.state == MessageState.FAILED
    assert b"did not arrive" in world.client("coordinator").get("/outbox/").content
    smtp.answer = "250 OK"
    world.client("coordinator").post(f"/outbox/{message.pk}/again/")
    outbox.run()
    assert OutboundMessage.objects.get().state == MessageState.SENT


def test_an_address_that_does_not_exist_fails_at_once(world: World, smtp: Server) -> None:
    smtp.answer = "550 no such mailbox"
    tell(world, "leader")
    outbox.run()
    assert OutboundMessage.objects.get().state == MessageState.FAILED


@pytest.mark.parametrize(
    ("stage", "answer"),
    [("to_recipient", "550 no such mailbox"), ("to_sender", "553 not this sender"), ("answer", "554 not these words")],
)
def test_what_the_server_refuses_for_good_fails_at_once_and_the_run_goes_on(
    world: World, smtp: Server, stage: str, answer: str
) -> None:
    setattr(smtp, stage, answer)
    tell(world, "leader")
    tell(world, "liaison")
    outbox.run()
    assert set(OutboundMessage.objects.values_list("state", "attempts")) == {(MessageState.FAILED, 1)}
    assert OutboundMessage.objects.filter(last_error__startswith=answer[:3]).count() == 2


def assert_waits_for_the_server(error: str) -> None:
    """Both messages wait, one with the error, no try counted."""
    assert set(OutboundMessage.objects.values_list("state", "attempts")) == {(MessageState.QUEUED, 0)}
    assert [message.last_error for message in OutboundMessage.objects.exclude(last_error="")] == [error] or re.search(
        error, OutboundMessage.objects.exclude(last_error="").get().last_error
    )


def test_no_server_at_all_is_a_reason_to_try_later(world: World, settings: Any) -> None:
    use(settings, 1)
    tell(world, "leader")
    tell(world, "liaison")
    outbox.run()
    assert_waits_for_the_server("refused")


def test_a_wrong_password_of_the_portal_is_no_fault_of_a_message(world: World, settings: Any) -> None:
    def nobody(*args: Any) -> AuthResult:
        return AuthResult(success=False, handled=False)

    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "portal", "wrong"
    with serving(settings, authenticator=nobody, auth_require_tls=False):
        tell(world, "leader")
        tell(world, "liaison")
        outbox.run()
    assert_waits_for_the_server("^535")


@pytest.mark.parametrize(
    ("stage", "answer"), [("to_sender", "530 authentication required"), ("to_recipient", "421 closing")]
)
def test_what_is_said_of_a_message_but_means_the_server_ends_the_run(
    world: World, smtp: Server, stage: str, answer: str
) -> None:
    setattr(smtp, stage, answer)
    tell(world, "leader")
    tell(world, "liaison")
    outbox.run()
    assert_waits_for_the_server(answer[:3])


@pytest.mark.parametrize(
    "says", [b"554 no mail here\r\n", b"", b"220 hello\r\n", b"220 hello\r\n502 what\r\n502 what\r\n"]
)
def test_a_server_that_refuses_to_talk_or_hangs_up_ends_the_run(world: World, settings: Any, says: bytes) -> None:
    with rude(settings, says=says) as came:
        tell(world, "leader")
        tell(world, "liaison")
        outbox.run()
    assert len(came) == 1
    assert_waits_for_the_server(".")


def test_a_server_that_hangs_holds_the_worker_for_one_timeout(world: World, settings: Any) -> None:
    settings.EMAIL_TIMEOUT = 1
    with rude(settings, says=None) as came:
        for name in ("leader", "liaison", "coordinator"):
            tell(world, name)
        started = time.monotonic()
        outbox.run()
    assert len(came) == 1
    assert time.monotonic() - started < 3


def test_a_server_that_is_away_for_days_fails_no_message(world: World, settings: Any) -> None:
    port = settings.EMAIL_PORT
    use(settings, 1)
    tell(world, "leader")
    for days in range(len(sending.WAITS) + 3):
        with clock.frozen(date(2026, 3, 2 + days)):
            outbox.run()
        OutboundMessage.objects.update(next_try_at=Now())
    settings.EMAIL_PORT = port
    with serving(settings):
        assert outbox.run() == 1


def test_the_longer_a_server_is_away_the_less_often_it_is_asked(world: World, settings: Any) -> None:
    use(settings, 1)
    tell(world, "leader")
    outbox.run()
    with clock.frozen(date(2026, 3, 3)):
        OutboundMessage.objects.update(next_try_at=Now())
        outbox.run()
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM next_try_at - statement_timestamp()) FROM notices_outboundmessage")
        assert 25 * 60 < cursor.fetchone()[0] <= 30 * 60


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
        mailed = re.search(r"--head (\d+:\w{64})", OutboundMessage.objects.get().body)
        assert mailed is not None
        call_command("verify_audit", head=mailed[1])

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


def test_all_that_the_page_shows_is_read_at_once_and_nothing_newer(world: World) -> None:
    tell(world, "leader", 2)
    newest = Notice.objects.latest("pk")
    page = world.client("leader").get("/inbox/").content.decode()
    assert "Mark 2 notices as read" in page
    assert f'value="{newest.pk}"' in page
    tell(world, "leader")
    for _time in range(2):
        world.client("leader").post("/inbox/read/", {"until": newest.pk})
    assert Notice.objects.unread().count() == 1


def test_an_inbox_without_unread_notices_offers_nothing_to_mark(world: World) -> None:
    tell(world, "leader")
    services.mark_all_read(world.user("leader"))
    assert b"read-all-form" not in world.client("leader").get("/inbox/").content


def test_reading_is_kept_with_its_time_and_only_for_ones_own(world: World) -> None:
    tell(world, "leader")
    notice = Notice.objects.get()
    assert world.client("other_leader").post(f"/inbox/{notice.pk}/").status_code == 404
    world.client("leader").post(f"/inbox/{notice.pk}/")
    first = Notice.objects.get().read_at
    world.client("leader").post(f"/inbox/{notice.pk}/")
    assert first is not None
    assert Notice.objects.get().read_at == first


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_kind_has_sentences_for_its_names_in_both_languages(language: str) -> None:
    with translation.override(language):
        for kind in registry.kinds():
            data = {name: "2026-03-02" if name.endswith("_on") else "x" for name in kind.variables}
            notice = Notice(kind=kind.code, data=data)
            assert notice.subject
            assert "%(" not in notice.body


def test_the_inbox_needs_the_same_queries_for_one_notice_and_for_many(
    world: World, django_assert_num_queries: Any
) -> None:
    tell(world, "leader")
    few = count_queries(world.client("leader"), "/inbox/")
    tell(world, "leader", 25)
    assert count_queries(world.client("leader"), "/inbox/") == few
