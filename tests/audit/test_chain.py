"""The log: every entry carries the one before it, and what was changed is found and named."""

import threading
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.db import InternalError, connection, transaction

from portal.audit import services as audit
from portal.audit.models import Entry


def write(count: int) -> None:
    for number in range(count):
        audit.record(None, "test.done", data={"number": number})


def tamper(sql: str) -> None:
    """Change the table as somebody does who may switch triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET session_replication_role = DEFAULT")


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

    def test_entries_cut_off_at_the_end_are_found_by_a_head_kept_elsewhere(self) -> None:
        write(3)
        head = Entry.objects.get(seq=3)
        tamper("DELETE FROM audit_entry WHERE seq = 3")
        call_command("verify_audit")
        with pytest.raises(CommandError, match="entry 3 is not the one"):
            call_command("verify_audit", head=f"3:{head.hash}")

    @pytest.mark.parametrize("sql", ["UPDATE audit_entry SET ip = ''", "DELETE FROM audit_entry"])
    def test_the_database_refuses_to_change_or_remove_entries(self, sql: str) -> None:
        write(1)
        with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)

    def test_the_database_refuses_to_empty_the_table(self) -> None:
        with pytest.raises(InternalError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL portal.test = 'off'")
            cursor.execute("TRUNCATE audit_entry")


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
