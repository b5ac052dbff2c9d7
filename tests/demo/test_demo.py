"""The demo as it is run: loaded by its command in a database of its own, stopped half-way, its clock set forward."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from portal import embedded
from portal.demo.story import TODAY

ROOT = Path(__file__).resolve().parents[2]
STATE = embedded.state_dir()
USER = embedded.DATABASE_USER

FACTS = """
import json
from django.db.models import F
from portal.workdays import clock
from portal.notices.models import Notice, OutboundMessage
from portal.obligations.models import Obligation, Step
from responsibility.models import AccountabilityCase, Report
cases = AccountabilityCase.objects.all()
overdue = Obligation.objects.overdue(clock.today())
notices = Notice.objects.filter(message__isnull=False)
ladders = [{s.action for s in duty.steps.all()} for duty in Obligation.objects.open()]
print(json.dumps({
    "today": clock.today().isoformat(),
    "cases": sorted(set(cases.values_list("state", flat=True))),
    "levels": sorted(set(cases.values_list("level", flat=True))),
    "reports": sorted(set(Report.objects.values_list("state", flat=True))),
    "overdue": sorted(set(overdue.values_list("kind", flat=True))),
    "only_reminded": {"remind"} in ladders,
    "sent_before_written": notices.filter(message__sent_at__lt=F("written_at")).count(),
    "sent_much_later": notices.filter(message__sent_at__date__gt=F("written_at__date")).count(),
    "read_before_sent": notices.filter(read_at__lt=F("message__sent_at")).count(),
    "not_sent": OutboundMessage.objects.exclude(state="sent").count(),
    "formal_steps": Step.objects.exclude(action="remind").filter(outcome="taken").count(),
}))
"""

FORWARD = """
import json, threading
from django.db import connection
from django.test import Client
from portal.accounts.models import User
from portal.demo.models import DemoState
from portal.notices import outbox
from portal.obligations import clock as ladder_clock
from portal.obligations.models import Step
from portal.workdays import clock

stop = threading.Event()
def worker():
    while not stop.is_set():
        ladder_clock.run()
        outbox.run()
    connection.close()
threads = [threading.Thread(target=worker) for _n in range(2)]
for thread in threads:
    thread.start()
client = Client(SERVER_NAME="localhost")
client.force_login(User.objects.get(username="coordinator"), backend="allauth.account.auth_backends.AuthenticationBackend")
answers = []
try:
    for typed in GIVEN:
        answer = client.post("/demo/clock/", typed)
        page = client.get(answer["Location"]).content.decode() if answer.status_code == 302 else ""
        answers.append([answer.status_code, clock.today().isoformat(), page])
finally:
    stop.set()
    for thread in threads:
        thread.join()
print(json.dumps(answers))
"""


class Demo:
    """A demo in a database and a folder of its own."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.env = os.environ | {
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "PORTAL_DEMO": "1",
            "PORTAL_DATABASE": name,
            "CACHE_KEY_PREFIX": name,
            "MEDIA_ROOT": str(folder / "media"),
            "DEMO_MAIL_DIR": str(folder / "mail"),
            "LOG_LEVEL": "ERROR",
            # Static files by their plain names: nothing has been collected here.
            "DEBUG": "true",
        }

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "manage.py", *arguments]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(command, cwd=ROOT, env=self.env, text=True, **pipes)  # type: ignore[call-overload, no-any-return]

    def run(self, *arguments: str, stdin: str = "") -> str:
        child = self.start(*arguments)
        try:
            out, err = child.communicate(stdin, timeout=240)
        finally:
            child.kill()
        assert child.returncode == 0, err
        return out

    def wait_for_signatures(self, child: "subprocess.Popen[str]") -> None:
        """Until the load, which is one transaction, is in the middle of the year's letters."""
        asked = (
            "SELECT count(*) FROM pg_locks WHERE mode = 'RowExclusiveLock'"
            " AND relation = 'responsibility_signature'::regclass"
        )
        with contextlib.closing(
            psycopg2.connect(host=embedded.database(STATE)["HOST"], user=USER, dbname=self.name)
        ) as db:
            db.autocommit = True
            with db.cursor() as cursor:
                while child.poll() is None:
                    cursor.execute(asked)
                    if cursor.fetchone()[0]:
                        return
        raise AssertionError("the load ended before it could be stopped")

    def ask(self, script: str) -> Any:
        return json.loads(self.run("shell", "-v0", "-c", script).strip().splitlines()[-1])


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    name = f"test_demo_{os.environ.get('PYTEST_XDIST_WORKER', 'gw')}"
    embedded.drop_database(STATE, name)
    found = Demo(tmp_path_factory.mktemp("demo"), name)
    subprocess.run([sys.executable, "-m", "portal.embedded", "start"], cwd=ROOT, env=found.env, check=True)
    found.run("migrate", "-v0")
    yield found
    embedded.drop_database(STATE, name)


@pytest.fixture(scope="module")
def loaded(demo: Demo) -> tuple[Demo, str]:
    """Stopped half-way, then loaded again; with what the second load said."""
    first = demo.start("load_demo")
    demo.wait_for_signatures(first)
    first.send_signal(signal.SIGTERM)
    first.communicate(timeout=60)
    return demo, demo.run("load_demo")


def test_a_load_that_was_stopped_is_begun_anew_and_says_so(loaded: tuple[Demo, str]) -> None:
    _demo, said = loaded
    assert "was not loaded to its end last time; it is begun anew." in said
    assert "The demo district is loaded." in said


def test_a_second_load_goes_on_where_the_first_ended(loaded: tuple[Demo, str]) -> None:
    assert "goes on where it stopped" in loaded[0].run("load_demo")


def test_the_year_has_every_state_of_reports_cases_and_duties(loaded: tuple[Demo, str]) -> None:
    facts = loaded[0].ask(FACTS)
    assert facts["today"] == TODAY.isoformat()
    assert facts["cases"] == ["closed", "decided", "explained", "objected", "opened", "proposed"]
    assert facts["levels"] == [1, 2]
    assert facts["reports"] == ["accepted", "draft", "returned", "submitted"]
    assert facts["overdue"] == ["blank_area", "letter", "report"]
    assert facts["only_reminded"]


def test_the_scores_of_the_district_are_the_same_a_second_time_from_raw_rows(loaded: tuple[Demo, str]) -> None:
    """Unit by unit, equal to the last hundredth; and not all alike."""
    told = loaded[0].ask((ROOT / "tests" / "demo" / "raw_scores.py").read_text(encoding="utf-8"))
    assert told["differ"] == []
    assert told["units"] > 10
    assert told["totals"] > 3


def test_what_people_were_told_went_out_on_the_day_it_was_written(loaded: tuple[Demo, str]) -> None:
    facts = loaded[0].ask(FACTS)
    late = {name: facts[name] for name in ("sent_before_written", "sent_much_later", "read_before_sent", "not_sent")}
    assert late == dict.fromkeys(late, 0)


def test_the_clock_goes_forward_while_beat_and_workers_run(loaded: tuple[Demo, str]) -> None:
    demo, _said = loaded
    before = demo.ask(FACTS)["formal_steps"]
    given = [{"until": "formal"}, {"until": "days", "days": "4"}, {"until": "days", "days": "0"}, {"until": "days"}]
    formal, days, *wrong = demo.ask(f"GIVEN = {given!r}\n{FORWARD}")
    assert formal[:2] == [302, "2026-11-25"]
    assert "Overdue notice" in formal[2]
    assert days[:2] == [302, "2026-12-01"]
    assert "Accountability is raised" in days[2]
    assert "/accountability/2026/" in days[2]
    assert [answer[:2] for answer in wrong] == [[422, "2026-12-01"], [422, "2026-12-01"]]
    facts = demo.ask(FACTS)
    assert facts["formal_steps"] > before
    assert facts["sent_before_written"] == facts["not_sent"] == 0
