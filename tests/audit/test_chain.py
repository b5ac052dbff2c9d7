"""The log: every entry carries the one before it, and what was changed is found and named."""

import threading
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pgtrigger
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import IntegrityError, InternalError, connection, transaction

from portal.audit import services as audit
from portal.audit.chain import FIELDS, hash_of
from portal.audit.models import Entry, Head
from tests.conftest import NEVER_EMPTIED

migration = import_module("portal.audit.migrations.0002_head")
INSERTED = (
    "INSERT INTO audit_entry (seq, at, actor_name, action, subject_type, subject_id, subject_label, data, ip, agent,"
    " algorithm, previous_hash, hash)"
    " VALUES ({seq}, now(), 'somebody', 'x', '', '', '', '{{}}', '', '', 'sha256-v1', '', '')"
)


def write(count: int) -> None:
    for number in range(count):
        audit.record(None, "test.done", data={"number": number})


def tamper(sql: str) -> None:
    """Change the table as somebody does who may switch triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET session_replication_role = DEFAULT")


def replace(seq: int) -> None:
    """Change an entry and give it the hash of its new content."""
    values = Entry.objects.filter(seq=seq).values(*FIELDS).get() | {"actor_name": "somebody"}
    tamper(f"UPDATE audit_entry SET actor_name = 'somebody', hash = '{hash_of(values)}' WHERE seq = {seq}")


@pytest.mark.django_db
class TestTampering:
    def test_a_whole_chain_is_whole(self) -> None:
        write(5)
        assert audit.verify() == (5, None)

    def test_a_changed_entry_is_named(self) -> None:
        write(5)
        tamper("UPDATE audit_entry SET data = '{\"number\": 99}' WHERE seq = 3")
        with pytest.raises(CommandError, match="entry 3 was changed"):
            call_command("verify_audit")

    def test_a_removed_entry_is_named(self) -> None:
        write(5)
        tamper("DELETE FROM audit_entry WHERE seq = 4")
        with pytest.raises(CommandError, match="entry 4 is missing"):
            call_command("verify_audit")

    def test_an_inserted_entry_is_named(self) -> None:
        write(3)
        forged = Entry.objects.get(seq=3)
        write(1)
        tamper("DELETE FROM audit_entry WHERE seq = 3")
        forged.actor_name = "somebody"
        tamper(
            "INSERT INTO audit_entry (seq, at, actor_name, action, subject_type, subject_id, subject_label, data, ip, agent,"
            " algorithm, previous_hash, hash) VALUES (3, now(), 'somebody', 'x', '', '', '', '{}', '', '', 'sha256-v1',"
            f" '{forged.previous_hash}', '{forged.hash}')"
        )
        with pytest.raises(CommandError, match="entry 3 was changed"):
            call_command("verify_audit")

    def test_the_last_entry_cut_off_is_named(self) -> None:
        write(3)
        tamper("DELETE FROM audit_entry WHERE seq = 3")
        with pytest.raises(CommandError, match="entry 3 is missing: it was cut off at the end"):
            call_command("verify_audit")

    def test_the_next_entry_does_not_take_the_number_of_one_cut_off(self) -> None:
        write(3)
        tamper("DELETE FROM audit_entry WHERE seq = 3")
        write(1)
        with pytest.raises(CommandError, match="entry 3 is missing: the next one is 4"):
            call_command("verify_audit")

    def test_an_emptied_log_is_found(self) -> None:
        write(3)
        tamper("DELETE FROM audit_entry")
        with pytest.raises(CommandError, match="entries 1 to 3 are missing"):
            call_command("verify_audit")

    def test_an_entry_before_the_first_is_refused_by_the_database(self) -> None:
        with pytest.raises(IntegrityError, match="entry_numbers_begin_at_one"), transaction.atomic():
            tamper(INSERTED.format(seq=0))

    def test_an_entry_before_the_first_is_found_where_the_constraint_was_dropped(self) -> None:
        write(2)
        tamper("SET CONSTRAINTS ALL IMMEDIATE")
        tamper("ALTER TABLE audit_entry DROP CONSTRAINT entry_numbers_begin_at_one")
        tamper(INSERTED.format(seq=-4))
        with pytest.raises(CommandError, match="entry -4 was inserted"):
            call_command("verify_audit")

    def test_an_entry_past_the_head_is_found(self) -> None:
        write(2)
        tamper(INSERTED.format(seq=3))
        with pytest.raises(CommandError, match="entry 3 was inserted"):
            call_command("verify_audit")

    def test_an_entry_replaced_with_a_hash_that_fits_it_is_named_with_the_one_after(self) -> None:
        write(5)
        replace(3)
        with pytest.raises(CommandError, match="entry 3 was replaced, or entry 4 inserted"):
            call_command("verify_audit")

    def test_the_last_entry_replaced_is_named(self) -> None:
        write(3)
        replace(3)
        with pytest.raises(CommandError, match="entry 3 was replaced: the head of the log has another hash"):
            call_command("verify_audit")

    def test_a_head_moved_back_without_the_key_is_found_and_stays_found(self) -> None:
        write(3)
        two = Entry.objects.get(seq=2)
        tamper("DELETE FROM audit_entry WHERE seq = 3")
        tamper(f"UPDATE audit_head SET seq = 2, count = 2, hash = '{two.hash}'")
        for _time in range(2):
            with pytest.raises(CommandError, match="not signed with the key of this site"):
                call_command("verify_audit")
            write(1)

    def test_a_head_that_was_removed_is_found_and_stays_found(self) -> None:
        write(3)
        tamper("DELETE FROM audit_head")
        with pytest.raises(CommandError, match="the head of the log was removed"):
            call_command("verify_audit")
        write(1)
        with pytest.raises(CommandError, match="not signed with the key of this site"):
            call_command("verify_audit")

    def test_after_a_new_key_the_head_is_signed_again_by_hand_and_that_is_logged(self, settings: Any) -> None:
        write(2)
        settings.AUDIT_KEY = "another key"
        with pytest.raises(CommandError, match="the key is new"):
            call_command("verify_audit")
        call_command("verify_audit", sign=True)
        call_command("verify_audit")
        assert Entry.objects.latest("seq").action == "log.head_signed"

    def test_a_broken_chain_is_not_signed(self) -> None:
        write(3)
        tamper("DELETE FROM audit_entry WHERE seq = 3")
        with pytest.raises(CommandError, match="entry 3 is missing"):
            call_command("verify_audit", sign=True)

    def test_another_log_written_with_the_key_is_found_by_a_head_kept_elsewhere(self) -> None:
        write(3)
        kept = Head.objects.get()
        tamper("DELETE FROM audit_entry")
        tamper("DELETE FROM audit_head")
        migration.fill(apps, None)
        write(3)
        call_command("verify_audit")
        with pytest.raises(CommandError, match="entry 3 is not the one"):
            call_command("verify_audit", head=str(kept))

    def test_a_check_from_the_middle_sees_the_end_too(self) -> None:
        write(4)
        assert audit.verify(3) == (2, None)
        tamper("DELETE FROM audit_entry WHERE seq = 4")
        with pytest.raises(CommandError, match="entry 4 is missing"):
            call_command("verify_audit", start=3)

    def test_an_empty_log_is_whole(self) -> None:
        assert audit.verify() == (0, None)

    @pytest.mark.parametrize("number", [0.1, 1e20, float("nan")])
    def test_a_float_is_refused_and_nothing_is_written(self, number: float) -> None:
        with pytest.raises(audit.FloatInLog):
            audit.record(None, "test.done", data={"deep": [{"number": number}]})
        assert audit.last() == 0

    @pytest.mark.parametrize(
        "sql", ["DELETE FROM audit_head", "UPDATE audit_head SET seq = seq - 1, count = count - 1"]
    )
    def test_the_database_refuses_to_move_the_head_back(self, sql: str) -> None:
        write(2)
        with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)

    @pytest.mark.parametrize("sql", ["UPDATE audit_entry SET ip = ''", "DELETE FROM audit_entry"])
    def test_the_database_refuses_to_change_or_remove_entries(self, sql: str) -> None:
        write(1)
        with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)

    @pytest.mark.parametrize("table", ["audit_entry", "audit_head"])
    def test_no_session_can_empty_the_table_whatever_it_sets(self, table: str) -> None:
        pgtrigger.install(*NEVER_EMPTIED)
        with pytest.raises(InternalError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET portal.test = 'on'")
            cursor.execute(f"TRUNCATE {table}")


def in_threads(count: int, work: Callable[[], None]) -> list[BaseException]:
    """Run `work` in several threads at once, each with a connection of its own."""
    errors: list[BaseException] = []
    barrier = threading.Barrier(count)

    def run() -> None:
        try:
            barrier.wait()
            work()
        except BaseException as error:  # noqa: BLE001 - reported to the test
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


@pytest.mark.django_db(transaction=True)
def test_eight_writers_at_once_make_one_chain() -> None:
    assert in_threads(8, lambda: write(20)) == []
    assert audit.verify() == (160, None)


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_same_writers_get_in_each_others_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the lock is what keeps the chain, not luck."""
    original = audit.connection

    class Unlocked:
        def cursor(self) -> object:
            class Nothing:
                def __enter__(self) -> "Nothing":
                    return self

                def __exit__(self, *args: object) -> None:
                    return None

                def execute(self, *args: object) -> None:
                    return None

            return Nothing()

    monkeypatch.setattr(audit, "connection", Unlocked())
    errors = in_threads(8, lambda: write(20))
    monkeypatch.setattr(audit, "connection", original)
    assert errors != []
