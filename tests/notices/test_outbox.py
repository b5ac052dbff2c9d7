"""Telling people: inbox, one message a person a run, retries, visible failures; by a real SMTP server."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.db.models.functions import Now
from django.utils import translation

from portal.accounts.models import User
from portal.notices import outbox, registry, services
from portal.notices.models import MessageState, Notice, OutboundMessage
from tests.audit.test_chain import in_threads
from tests.world import World


class Server:
    """Takes mail, or refuses it."""

    def __init__(self) -> None:
        self.letters: list[Any] = []
        self.answer = "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answer.startswith("250"):
            self.letters.append(envelope)
        return self.answer


@pytest.fixture
def smtp(settings: Any) -> Iterator[Server]:
    server = Server()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield server
    controller.stop()


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
    for _try in range(len(outbox.WAITS) + 1):
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


def test_no_server_at_all_is_a_reason_to_try_later(world: World, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    tell(world, "leader")
    outbox.run()
    assert OutboundMessage.objects.get().state == MessageState.QUEUED


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
    from tests.queries import count_queries

    tell(world, "leader")
    few = count_queries(world.client("leader"), "/inbox/")
    tell(world, "leader", 25)
    assert count_queries(world.client("leader"), "/inbox/") == few
