"""Issuing: who gets a letter, by which number, on which words; once for a unit and year."""

from contextlib import closing
from datetime import date

import pgtrigger
import psycopg2
import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from portal.audit.models import Entry
from portal.notices.models import Notice
from portal.obligations.models import Obligation
from portal.organisation.models import LeadingGroup, Unit
from portal.web import jobs
from portal.web.errors import NotAllowed
from portal.web.models import Job, JobState
from responsibility.canonical import sha256_of
from responsibility.errors import NoTemplate, NothingToIssue, YearNotOpen
from responsibility.models import Letter, LetterState, LetterTemplate, Programme
from responsibility.services import letters
from responsibility.services.letters import issuing
from responsibility.services.letters.issuing import NUMBER_LOCK
from tests.responsibility.conftest import Capture
from tests.responsibility.letters import DUE, YEAR, issue, open_year
from tests.world import World


def test_each_unit_gets_a_letter_with_the_group_nearest_above(world: World) -> None:
    """A village signs with its town, a town with the district; the top of the tree with nobody."""
    open_year()
    made = issue(world)
    assert set(made) == {"B", "O", "T", "V", "X"}
    town = LeadingGroup.objects.get(unit=world.unit("T"))
    assert made["V"].group == town
    assert {made[code].group for code in ("B", "O", "T", "X")} == {world.group}


def test_numbers_have_no_gaps_and_their_official_form(world: World) -> None:
    """青石预责〔2026〕31号 and QS-YZ [2026] No. 31."""
    Programme.objects.update(letter_prefix_en="QS-YZ", letter_prefix_zh="青石预责")
    open_year()
    made = issue(world)
    assert sorted(letter.serial for letter in made.values()) == [1, 2, 3, 4, 5]
    first = Letter.objects.get(serial=1)
    assert first.content["number"] == {"en": "QS-YZ [2026] No. 1", "zh-hans": "青石预责〔2026〕1号"}


def test_the_words_are_frozen_with_their_fingerprint(world: World) -> None:
    """What the programme or the unit is called later does not change what was issued."""
    open_year()
    letter = issue(world)["B"]
    Programme.objects.update(regulations_en="Other rules")
    Unit.objects.filter(code="B").update(name_en="Renamed")
    letter.refresh_from_db()
    assert letter.content["unit"] == {"en": "Finance Bureau", "zh-hans": "财政局"}
    assert "Regulations on the Prevention of Duty Crimes" in letter.content["opening"]["en"]
    assert "财政局主任许志新" in letter.content["opening"]["zh-hans"]
    assert letter.content_sha256 == sha256_of(letter.content)
    assert sum(target["weight"] for target in letter.targets) == 100


def test_the_database_keeps_the_words(world: World) -> None:
    """Not even an update past the services changes an issued letter's content."""
    open_year()
    letter = issue(world)["B"]
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(content={})


def test_a_type_of_unit_has_its_own_clauses(world: World) -> None:
    """A village's letter names what a bureau's does not, and clauses are numbered through."""
    open_year()
    made = issue(world)
    texts = {code: [c["text"]["en"] for s in made[code].content["sections"] for c in s["clauses"]] for code in "BV"}
    assert any("village supervision group" in text.lower() for text in texts["V"])
    assert not any("village supervision group" in text.lower() for text in texts["B"])
    numbers = [c["no"] for s in made["V"].content["sections"] for c in s["clauses"]]
    assert numbers == list(range(1, len(numbers) + 1))


def test_each_letter_has_a_duty_and_each_head_one_notice(world: World) -> None:
    """The duty is due on the year's day; the head is told once, with how many wait."""
    open_year()
    made = issue(world)
    duties = Obligation.objects.filter(kind="letter")
    assert {duty.unit_id for duty in duties} == {letter.unit_id for letter in made.values()}
    assert {duty.due_on for duty in duties} == {DUE}
    told = Notice.objects.filter(kind="letters_wait", recipient=world.users["head"])
    assert [notice.data["count"] for notice in told] == [4]
    assert Entry.objects.filter(action="letters.issued").exists()


def test_a_vacant_post_gets_a_letter_in_nobodys_name(world: World) -> None:
    """The letter waits for a holder; its opening names the office."""
    open_year()
    letter = issue(world)["X"]
    assert letter.tenure is None
    assert letter.content["leader"] is None
    assert "主要负责人" in letter.content["opening"]["zh-hans"]


def test_nobody_gets_two_letters(world: World) -> None:
    """Issuing again issues nothing, and the database refuses what would be a second."""
    open_year()
    letter = issue(world)["B"]
    assert letters.issue_chunk(world.user("coordinator"), YEAR) == 0
    duty = Obligation.objects.create(
        kind="letter", unit=letter.unit, label_en="x", label_zh="x", year=YEAR, ladder=letter.obligation.ladder,
        opened_on=DUE, original_due_on=DUE, due_on=DUE,
    )  # fmt: skip
    letter.pk, letter.serial, letter.obligation = None, 99, duty
    letter._state.adding = True
    with pytest.raises(IntegrityError, match="one_live_letter_for_a_unit_and_year"), transaction.atomic():
        letter.save()


def test_a_job_killed_half_way_goes_on_where_it_stopped(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What committed stays; the rest follows; no number is missing and none is doubled."""
    open_year()
    job = letters.start_issue(world.user("coordinator"), year=YEAR, path=str(world.unit("D").path))
    assert job.total == 5
    letters.issue_chunk(world.user("coordinator"), YEAR, path=job.params["path"], job=job, size=2)
    job.refresh_from_db()
    assert (job.done, Letter.objects.count()) == (2, 2)
    assert jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, Letter.objects.count()) == (JobState.DONE, 5, 5)
    assert sorted(Letter.objects.values_list("serial", flat=True)) == [1, 2, 3, 4, 5]


def test_a_failed_chunk_leaves_nothing_behind(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters, duties, notices and the log commit together or not at all."""
    open_year()

    def dies(*args: object) -> None:
        raise KeyError("killed")

    monkeypatch.setattr("responsibility.services.letters.telling.heads", dies)
    with pytest.raises(KeyError), transaction.atomic():
        letters.issue_chunk(world.user("coordinator"), YEAR)
    assert not Letter.objects.exists()
    assert not Obligation.objects.filter(kind="letter").exists()


def test_a_job_with_nothing_to_do_does_not_begin(world: World) -> None:
    """Whoever has a letter gets no second one: that is a sentence, not a job of nought letters."""
    open_year()
    issue(world)
    with pytest.raises(NothingToIssue), transaction.atomic():
        letters.start_issue(world.user("coordinator"), year=YEAR, path=str(world.unit("D").path))
    assert not Job.objects.exists()


def test_only_the_coordinator_of_that_part_issues(world: World) -> None:
    """Others are refused, and no job begins."""
    open_year()
    for name in ("leader", "head", "auditor"):
        with pytest.raises(NotAllowed), transaction.atomic():
            letters.start_issue(world.user(name), year=YEAR, path=str(world.unit("D").path))
    assert not Job.objects.exists()


def test_a_year_must_be_open_and_a_version_published(world: World) -> None:
    """Each is a sentence, not an error."""
    coordinator, path = world.user("coordinator"), str(world.unit("D").path)
    with pytest.raises(YearNotOpen), transaction.atomic():
        letters.start_issue(coordinator, year=YEAR, path=path)
    open_year()
    with pgtrigger.ignore("responsibility.LetterTemplate:published_template_is_kept"):
        LetterTemplate.objects.update(published_at=None)
    with pytest.raises(NoTemplate), transaction.atomic():
        letters.start_issue(coordinator, year=YEAR, path=path)


def test_the_preview_names_who_is_left_out(world: World) -> None:
    """By group; without a group; vacant; already served."""
    open_year()
    path = str(world.unit("D").path)
    before = letters.preview(YEAR, path=path)
    assert before.ready == 5
    assert [(group.unit.code, count) for group, count in before.groups] == [("D", 4), ("T", 1)]
    assert [unit.code for unit in before.without_group] == ["D"]
    assert [unit.code for unit in before.vacant] == ["X"]
    issue(world)
    after = letters.preview(YEAR, path=path)
    assert (after.ready, after.already_count) == (0, 5)


def test_a_type_or_a_part_can_be_chosen(world: World) -> None:
    """Only villages; only below the town."""
    open_year()
    village = world.unit("V").type_id
    assert [u.code for u in letters.candidates(YEAR, type_ids=[village])] == ["V"]
    assert {u.code for u in letters.candidates(YEAR, path=str(world.unit("T").path))} == {"T", "V"}


def _more_units(world: World, count: int, start: int) -> None:
    """Villages below the town, numbered far above what the sequence hands out."""
    parent, kind = world.unit("T"), world.unit("V").type
    Unit.objects.bulk_create(
        Unit(
            pk=start + n, code=f"N{start + n}", name_en=f"Unit {n}", name_zh=f"单位{n}", type=kind,
            sector_id=parent.sector_id, parent=parent, path=f"{parent.path}.{start + n}", sort_key="x", initials="x",
        )
        for n in range(count)
    )  # fmt: skip


def test_the_work_per_unit_is_flat(world: World, connection_queries: Capture) -> None:
    """1,000 units in one chunk cost as many statements as 100, but for the inserts' own batches."""
    open_year()
    issue(world)
    by = world.user("coordinator")
    counts = []
    for number, start in ((100, 500_000_000), (1000, 600_000_000)):
        _more_units(world, number, start)
        with connection_queries() as seen:
            assert letters.issue_chunk(by, YEAR, size=1000) == number
        counts.append(len(seen))
    assert counts[1] <= counts[0] + 2
    assert Letter.objects.filter(state=LetterState.ISSUED).count() == 1105


def test_two_who_issue_at_once_take_turns(world: World) -> None:
    """While somebody else numbers letters of the year, one waits; for another year one does not."""
    open_year()
    open_year(YEAR + 1, date(YEAR + 1, 3, 31))
    names = connection.get_connection_params()
    with closing(psycopg2.connect(**{k: v for k, v in names.items() if k not in ("cursor_factory",)})) as other:
        other.cursor().execute("SELECT pg_advisory_lock(%s, %s)", [NUMBER_LOCK, YEAR])
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '200ms'")
        with pytest.raises(OperationalError, match="lock timeout"), transaction.atomic():
            letters.issue_chunk(world.user("coordinator"), YEAR)
        assert letters.issue_chunk(world.user("coordinator"), YEAR + 1) == 5
    assert not Letter.objects.for_year(YEAR).exists()


def test_a_job_passes_over_who_got_a_letter_meanwhile(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another job was faster for two units: the rest is issued, nobody gets two."""
    open_year()
    job = letters.start_issue(world.user("coordinator"), year=YEAR, path=str(world.unit("D").path))
    turn = issuing.take_turn

    def slowly(year: int) -> None:
        monkeypatch.setattr(issuing, "take_turn", turn)
        letters.issue_chunk(world.user("coordinator"), YEAR, size=2)
        turn(year)

    monkeypatch.setattr(issuing, "take_turn", slowly)
    assert letters.run_issue(job) == {"issued": 3}
    assert sorted(Letter.objects.values_list("serial", flat=True)) == [1, 2, 3, 4, 5]
