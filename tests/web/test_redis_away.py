"""Redis away or hanging: people sign in, wrong tries count, pages come, and nobody waits for it."""

import logging
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from celery import Celery
from django.core.cache import cache
from django.test import Client

from portal import embedded
from portal.web import broker
from portal.web import cache as patient
from tests.world import PASSWORD, World

pytestmark = pytest.mark.django_db


class Valkey:
    """A server of the test's own, which may be stopped in the middle of everything."""

    def __init__(self, folder: Path) -> None:
        self.url = f"unix://{folder / 'v.sock'}"
        command = [embedded._valkey_binary(), "--port", "0", "--unixsocket", str(folder / "v.sock"), "--save", ""]
        self.process = subprocess.Popen([*command, "--dir", str(folder)], stdout=subprocess.DEVNULL)

    def hang(self) -> None:
        os.kill(self.process.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        os.kill(self.process.pid, signal.SIGCONT)

    def die(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def valkey(settings: Any) -> Iterator[Valkey]:
    with TemporaryDirectory(prefix="v-", dir="/tmp") as folder:
        server = Valkey(Path(folder))
        while not (Path(folder) / "v.sock").exists():
            assert server.process.poll() is None
        settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": f"{server.url}?db=0"}}
        settings.REDIS_URL = server.url
        patient._outage.__init__()  # type: ignore[misc]
        cache.set("known", "value")
        yield server
        server.die()
        patient._outage.__init__()  # type: ignore[misc]


def seconds(work: Any) -> float:
    started = time.monotonic()
    work()
    return time.monotonic() - started


def sign_in(client: Client, password: str = PASSWORD) -> int:
    return client.post("/sign-in/", {"login": "leader", "password": password}).status_code


@pytest.mark.parametrize("trouble", ["hang", "die"])
class TestAway:
    def test_what_was_kept_counts_as_missing_and_only_the_first_waits(self, valkey: Valkey, trouble: str) -> None:
        getattr(valkey, trouble)()
        assert seconds(lambda: cache.get("known")) < 1
        assert seconds(lambda: [cache.get("known", "nothing") for _n in range(1000)]) < 0.5
        assert cache.get("known", "nothing") == "nothing"

    def test_people_sign_in_and_read_without_waiting(self, world: World, valkey: Valkey, trouble: str) -> None:
        getattr(valkey, trouble)()
        client = Client()
        assert seconds(lambda: sign_in(client)) < 3
        assert client.get("/my/").status_code == 200
        for page in ("/today/", "/compliance/", "/units/", "/clock/"):
            assert world.client("coordinator").get(page).status_code == 200

    def test_wrong_tries_count_all_the_same(self, world: World, valkey: Valkey, trouble: str) -> None:
        getattr(valkey, trouble)()
        client = Client()
        for _try in range(5):
            sign_in(client, "wrong")
        assert sign_in(client) == 200

    def test_it_is_logged_once_a_minute(self, valkey: Valkey, trouble: str, caplog: Any, monkeypatch: Any) -> None:
        monkeypatch.setattr(patient, "AWAY_SECONDS", 0)
        getattr(valkey, trouble)()
        with caplog.at_level(logging.WARNING, "portal.web.cache"):
            for _n in range(3):
                cache.get("known")
        assert len(re.findall("Redis does not answer", caplog.text)) == 1

    def test_the_load_balancer_is_told(self, valkey: Valkey, trouble: str) -> None:
        assert Client().get("/health/ready").status_code == 200
        getattr(valkey, trouble)()
        answer = Client().get("/health/ready")
        assert (answer.status_code, answer.json()["missing"]) == (503, ["redis"])


def test_when_it_is_back_it_is_used_again(valkey: Valkey, monkeypatch: Any) -> None:
    monkeypatch.setattr(patient, "AWAY_SECONDS", 0)
    valkey.hang()
    assert cache.get("known") is None
    valkey.go_on()
    assert cache.get("known") == "value"


@pytest.mark.django_db(transaction=True)
def test_no_request_waits_for_a_broker_that_hangs(valkey: Valkey) -> None:
    """The thread behind the request does, and hands over when the broker goes on."""
    app = Celery(broker=embedded.broker_url(valkey.url, database=1), set_as_current=False)
    app.conf.broker_transport_options = {"socket_timeout": 20, "socket_connect_timeout": 20}

    def nothing() -> None: ...

    task = app.task(name="test.nothing")(nothing)
    valkey.hang()
    assert seconds(lambda: [broker.wake(task) for _n in range(50)]) < 0.2
    assert not broker.flush(0.2)
    valkey.go_on()
    assert broker.flush(20)
    with app.connection_for_read() as connection:
        assert connection.default_channel.client.llen("celery") == 50
