"""Anchors: a log that was written anew with every key is found out by a head kept outside, and by nothing else."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import InternalError, transaction

from portal.audit import anchors, checking, head
from portal.audit import services as audit
from portal.audit.chain import FIELDS, MAC_ALGORITHM, grouped, hash_of, mac_of
from portal.audit.models import Entry, Head, Verification
from portal.notices import head as head_of_log
from portal.notices.models import Notice
from portal.web import jobs
from portal.web.models import Job
from portal.workdays import clock
from tests.audit.test_chain import tamper, write
from tests.queries import count_queries
from tests.world import World


def rewrite_from(seq: int) -> None:
    """Change an entry, and write every hash after it anew, and the head with its signature: who has everything can."""
    previous = Entry.objects.get(seq=seq).previous_hash
    for row in Entry.objects.filter(seq__gte=seq).order_by("seq").values(*FIELDS):
        row["path"] = str(row["path"]) if row["path"] is not None else None
        name = "somebody" if row["seq"] == seq else row["actor_name"]
        previous_hash = previous
        previous = hash_of(row | {"actor_name": name, "previous_hash": previous_hash})
        tamper(
            f"UPDATE audit_entry SET actor_name = '{name}', previous_hash = '{previous_hash}', hash = '{previous}'"
            f" WHERE seq = {row['seq']}"
        )
    now = Head.objects.get()
    mac = mac_of(now.seq, previous, now.count, key=head.key())
    tamper(f"UPDATE audit_head SET hash = '{previous}', mac = '{mac}', algorithm = '{MAC_ALGORITHM}'")


@pytest.mark.django_db
class TestTheDrill:
    def test_a_log_rewritten_from_the_middle_is_found_by_the_anchor_alone(self) -> None:
        write(4)
        kept = str(Head.objects.get())
        write(3)
        rewrite_from(2)
        assert audit.verify() == (7, None)
        call_command("verify_audit")
        with pytest.raises(CommandError, match="The log was rewritten: the head 4:"):
            call_command("verify_audit", anchor=kept)

    def test_an_anchor_of_before_the_place_still_fits(self) -> None:
        write(2)
        kept = str(Head.objects.get())
        write(3)
        rewrite_from(4)
        call_command("verify_audit", anchor=kept)

    def test_a_file_with_several_anchors_names_the_first_that_is_gone(self, tmp_path: Path) -> None:
        file = tmp_path / "kept.txt"
        heads = []
        for _day in range(3):
            write(2)
            heads.append(str(Head.objects.get()))
        file.write_text("\n".join(f"kept: {line}" for line in heads), encoding="utf-8")
        call_command("verify_audit", anchor=str(file))
        rewrite_from(3)
        with pytest.raises(CommandError, match="the head 4:"):
            call_command("verify_audit", anchor=str(file))

    def test_a_hash_as_it_stands_on_the_sheet_is_understood(self) -> None:
        write(3)
        digest = Head.objects.get().hash
        call_command("verify_audit", anchor=f"No. 3\n{grouped(digest)}".upper())
        call_command("verify_audit", anchor=digest)
        with pytest.raises(CommandError, match="rewritten"):
            call_command("verify_audit", anchor=grouped("0" * 64))

    def test_the_same_hash_under_another_number_is_none_of_the_log(self) -> None:
        write(3)
        with pytest.raises(CommandError, match="rewritten"):
            call_command("verify_audit", anchor=f"2:{Head.objects.get().hash}")

    def test_what_is_no_anchor_is_said_to_be_none(self) -> None:
        write(1)
        with pytest.raises(CommandError, match="neither a head nor a file"):
            call_command("verify_audit", anchor="3:abc")

    def test_a_broken_chain_is_named_before_the_anchors(self) -> None:
        write(3)
        kept = str(Head.objects.get())
        tamper("UPDATE audit_entry SET actor_name = 'x' WHERE seq = 2")
        with pytest.raises(CommandError, match="entry 2 was changed"):
            call_command("verify_audit", anchor=kept)


class TestChecking:
    def test_by_the_portal_happens_once_a_day_and_writes_nothing_into_the_log(self, world: World) -> None:
        last = audit.last()
        assert checking.check_daily() is not None
        assert checking.check_daily() is None
        assert (audit.last(), Verification.objects.get().count) == (last, last)

    def test_that_finds_a_flaw_keeps_it_and_tells_those_who_supervise(self, world: World) -> None:
        write(3)
        seq = audit.last() - 1
        tamper(f"UPDATE audit_entry SET actor_name = 'x' WHERE seq = {seq}")
        made = checking.check(None)
        assert (made.flaw, made.flaw_seq) == ("changed", seq)
        told = set(Notice.objects.filter(kind="log_broken").values_list("recipient__username", flat=True))
        assert told == {"auditor", "security_admin"}
        assert f"entry {seq}" in Notice.objects.filter(kind="log_broken")[0].subject

    def test_hears_of_every_stretch(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("portal.audit.verification.CHUNK", 10)
        write(25)
        heard: list[int] = []
        checking.check(None, progress=heard.append)
        assert sum(heard) == audit.last()
        assert len(heard) > 2

    def test_is_kept_as_it_was(self, world: World) -> None:
        checking.check(None)
        with pytest.raises(InternalError), transaction.atomic():
            Verification.objects.update(count=0)


class TestThePage:
    def test_tells_length_head_signature_checks_and_anchors(self, world: World) -> None:
        head_of_log.give()
        checking.check(None)
        page = world.client("auditor").get("/log/chain/").content.decode()
        now, given = Head.objects.get(), anchors.given().get()
        for words in (grouped(now.hash), f"{now.count} entries", "valid", "The chain is whole"):
            assert words in page, words
        assert f"No. {given.seq}<" in page
        assert grouped(given.hash) in page

    def test_tells_a_flaw_in_words(self, world: World) -> None:
        write(2)
        tamper("UPDATE audit_head SET mac = ''")
        checking.check(None)
        page = world.client("auditor").get("/log/chain/").content.decode()
        assert "is not signed with the key of this site" in page
        assert "not valid" in page

    def test_lets_the_auditor_check_now_and_shows_how_far_it_is(self, world: World) -> None:
        client = world.client("auditor")
        answers = [client.post("/log/chain/verify/", {"idempotency_key": "0" * 32}) for _time in range(2)]
        job = Job.objects.get()
        assert [answer["Location"] for answer in answers] == [f"/jobs/{job.pk}/"] * 2
        jobs.run(job.pk)
        job.refresh_from_db()
        assert (job.state, job.done) == ("done", job.total)
        made = Verification.objects.get()
        assert (made.by, made.flaw, made.count) == (world.users["auditor"], "", audit.last())

    def test_goes_on_where_a_worker_was_cut_off(self, world: World) -> None:
        write(5)
        world.client("auditor").post("/log/chain/verify/", {"idempotency_key": "0" * 32})
        Job.objects.update(done=4)
        jobs.run(Job.objects.get().pk)
        assert Verification.objects.get().count == audit.last()

    def test_checking_is_for_auditors_alone(self, world: World) -> None:
        for who, status in (("auditor", 200), ("security_admin", 403), ("coordinator", 403), ("leader", 403)):
            assert world.client(who).get("/log/chain/verify/").status_code == status, who

    def test_costs_no_more_for_many_anchors(self, world: World) -> None:
        head_of_log.give()
        few = count_queries(world.client("auditor"), "/log/chain/")
        for day in range(3, 9):
            with clock.frozen(clock.today().replace(day=day)):
                head_of_log.give()
        assert count_queries(world.client("auditor"), "/log/chain/") == few


class TestTheSheet:
    def test_has_number_and_hash_and_is_read_back_by_the_check(self, world: World) -> None:
        from pypdfium2 import PdfDocument

        head_of_log.give()
        entry: Any = anchors.given().get()
        answer = world.client("auditor").get(f"/log/chain/{entry.seq}/sheet/")
        assert answer["Content-Type"] == "application/pdf"
        document = PdfDocument(answer.content)
        assert len(document) == 1
        text = document[0].get_textpage().get_text_range()
        assert anchors.Anchor(entry.seq, entry.hash) in anchors.read(text) or entry.hash in {
            a.hash for a in anchors.read(text)
        }

    def test_is_of_anchors_only(self, world: World) -> None:
        write(1)
        assert world.client("auditor").get(f"/log/chain/{audit.last()}/sheet/").status_code == 404
        assert world.client("leader").get("/log/chain/1/sheet/").status_code == 403
