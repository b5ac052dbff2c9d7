"""What the tests of mail have in common: real servers on a port of their own, and notices to tell."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller

from portal.notices import services
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
