"""Time-stamps: asked for after the signature, again until the authority answers; no signature waits for them or is lost."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import InternalError, transaction

from portal.documents import services
from portal.documents.models import SealedDocument, TimeStamp
from portal.documents.signing import stamping, verifying
from portal.documents.signing.verifying import Verdict
from portal.workdays import clock
from responsibility import letter_pdf
from responsibility.models import Letter
from tests.documents.signing import Office, time_stamp_authority
from tests.responsibility.letters import fresh, ready, sign
from tests.world import World

NOBODY = "http://127.0.0.1:9/"


@pytest.fixture
def letter(world: World) -> Letter:
    sign(world, "leader", ready(world)["B"])
    return fresh()["B"]


def sealed(letter: Letter) -> SealedDocument:
    return letter_pdf.sealed(letter, "zh-hans")


def test_without_an_authority_no_stamp_is_wanted(letter: Letter) -> None:
    sealed(letter)
    assert not TimeStamp.objects.exists()
    assert stamping.stamp_waiting() == 0


def test_the_stamp_is_added_and_leaves_both_signatures_valid(settings: Any, letter: Letter) -> None:
    """Both files are the document: as it was signed, and with its stamp."""
    with time_stamp_authority(Office("Time of the province", stamps=True)) as settings.SIGNING_TSA_URL:
        document = sealed(letter)
        assert document.newest_file == document.file
        assert stamping.stamp_waiting() == 1
    document = SealedDocument.objects.get(pk=document.pk)
    signed, stamped = b"".join(document.file.chunks()), b"".join(document.newest_file.chunks())
    assert stamped.startswith(signed)
    assert len(stamped) > len(signed)
    for content in (signed, stamped):
        found = verifying.judge(content)
        assert found.verdict == Verdict.CURRENT
        assert [finding.good for finding in found.findings] == [True, True]
    assert not verifying.judge(stamped[:-3]).genuine
    assert stamping.stamp_waiting() == 0


def test_an_authority_that_does_not_answer_leaves_the_signed_document_and_is_asked_again(
    settings: Any, letter: Letter
) -> None:
    """Signed, marked, tried again later; each failure makes the pause longer."""
    settings.SIGNING_TSA_URL = NOBODY
    document = sealed(letter)
    assert verifying.judge(b"".join(document.file.chunks())).genuine
    assert stamping.stamp_waiting() == 0
    row = TimeStamp.objects.get()
    assert (row.tries, row.stamped_at) == (1, None)
    assert row.failure
    assert stamping.stamp_waiting() == 0
    row.refresh_from_db()
    assert row.tries == 1
    with (
        time_stamp_authority(Office("Time of the province", stamps=True)) as settings.SIGNING_TSA_URL,
        clock.frozen(clock.now() + timedelta(hours=1)),
    ):
        assert stamping.stamp_waiting() == 1
    row.refresh_from_db()
    assert row.stamped_at is not None
    assert row.failure == ""


def test_a_stamp_of_an_authority_that_is_not_trusted_is_not_taken(
    settings: Any, tmp_path: Path, letter: Letter
) -> None:
    trusted = Office("Time of the province", stamps=True)
    settings.SIGNING_TSA_ROOTS_FILE = str(tmp_path / "roots.pem")
    Path(settings.SIGNING_TSA_ROOTS_FILE).write_bytes(trusted.pem)
    with time_stamp_authority(Office("Somebody's time", stamps=True)) as settings.SIGNING_TSA_URL:
        sealed(letter)
        assert stamping.stamp_waiting() == 0
    row = TimeStamp.objects.get()
    assert row.failure
    TimeStamp.objects.filter(pk=row.pk).update(wanted_at=clock.now())
    with time_stamp_authority(trusted) as settings.SIGNING_TSA_URL:
        assert stamping.stamp_waiting() == 1


def test_a_stamp_is_given_once_and_kept(settings: Any, letter: Letter) -> None:
    with time_stamp_authority(Office("Time of the province", stamps=True)) as settings.SIGNING_TSA_URL:
        sealed(letter)
        stamping.stamp_waiting()
    row = TimeStamp.objects.get()
    for change in (row.delete, lambda: TimeStamp.objects.filter(pk=row.pk).update(failure="x")):
        with pytest.raises(InternalError), transaction.atomic():
            change()


def test_the_reaper_leaves_stamped_files(settings: Any, letter: Letter) -> None:
    with time_stamp_authority(Office("Time of the province", stamps=True)) as settings.SIGNING_TSA_URL:
        document = sealed(letter)
        stamping.stamp_waiting()
    with clock.frozen(clock.now() + timedelta(days=900)):
        services.remove_orphans()
    document = SealedDocument.objects.get(pk=document.pk)
    assert document.newest_file.storage.exists(document.newest_file.name)
    assert document.file.storage.exists(document.file.name)
