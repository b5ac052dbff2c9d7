"""The outbox and servers that refuse, hang up, hang or are away: what is tried again, and what has failed."""

import re
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult
from django.db import connection
from django.db.models.functions import Now

from portal.notices import outbox, sending
from portal.notices.models import MessageState, OutboundMessage
from portal.workdays import clock
from tests.notices.mail import Server, serving, tell, use
from tests.world import World


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
