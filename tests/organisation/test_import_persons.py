"""Persons in great number: who joins, moves and leaves, by row; in the background, to be killed and gone on with."""

import io
import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from portal.accounts.roles import Role
from portal.audit.models import Entry
from portal.organisation.importing.persons import PersonsImporter
from portal.organisation.models import Employment, Person
from portal.web import jobs
from portal.web.imports import read_rows, staged, staging
from portal.web.models import ImportRun, Job, JobState
from portal.workdays import clock
from tests.world import World

HEADINGS = ("工号", "姓名", "联系电话", "单位代码", "职务", "到岗时间", "离任时间")
Line = Sequence[str]
ZHAO: Line = ("E1", "赵一", "138", "B", "科员", "2024-03-01", "")
QIAN: Line = ("E2", "钱二", "", "B", "会计", "2025-01-01", "")


def upload(world: World, *lines: Line, headings: Line = HEADINGS, by: str = "coordinator") -> ImportRun:
    """A CSV file of these rows, uploaded."""
    text = "\n".join(",".join(cells) for cells in (headings, *lines))
    run = ImportRun(
        owner=world.user(by), kind="persons", name="p.csv", size=len(text), sha256="0" * 64, uploaded_at=clock.now()
    )
    run.file.save("p.csv", ContentFile(text.encode()))
    return run


def work(begin: Any, run: ImportRun) -> Job:
    """Run one of the two jobs to its end."""
    with transaction.atomic():
        job: Job = begin(run.owner, run, "/")
    jobs.run(job.pk)
    job.refresh_from_db()
    run.refresh_from_db()
    return job


def check(world: World, *lines: Line, **kwargs: Any) -> ImportRun:
    run = upload(world, *lines, **kwargs)
    assert work(staging.start_check, run).state == JobState.DONE
    return run


def imported(world: World, *lines: Line, **kwargs: Any) -> ImportRun:
    run = check(world, *lines, **kwargs)
    assert work(staging.start_write, run).state == JobState.DONE
    return run


def wrong(run: ImportRun) -> list[tuple[int, str]]:
    """Row and column of what is to be mended."""
    return [(error.row, error.column) for error in staged.first_problems(run, 100)]


def stays(number: str) -> list[tuple[str, date, date | None]]:
    found = Employment.objects.filter(person__employee_no=number).order_by("starts_on")
    return [(e.unit.code, e.starts_on, e.ends_on) for e in found.select_related("unit")]


def test_new_people_join_and_the_same_file_again_changes_nothing(world: World) -> None:
    run = imported(world, ZHAO, QIAN)
    assert run.summary["effects"] == {"new": 2, "joined": 2}
    person = Person.objects.get(employee_no="E1")
    assert (person.name_zh, person.phone, person.sort_key, person.initials) == ("赵一", "138", "zhaoyi", "zy")
    assert stays("E1") == [("B", date(2024, 3, 1), None)]
    again = staged.figures(check(world, ZHAO, QIAN))
    assert (again.ready, again.mend, again.unchanged) == (0, 0, 2)


def test_only_what_is_to_be_mended_is_kept_of_an_imported_file(world: World) -> None:
    imported(world, ZHAO)
    run = imported(world, ZHAO, QIAN, ("E3", "孙三", "", "GONE", "", "2025-01-01", ""))
    assert [row.number for row in staged.rows_of(run)] == [4]
    assert staged.figures(run)[:3] == (0, 1, 1)


def test_a_later_day_at_another_unit_is_a_transfer(world: World) -> None:
    imported(world, ZHAO)
    run = imported(world, ("E1", "", "", "O", "科长", "2026-02-01", ""))
    assert run.summary["effects"] == {"moved": 1}
    assert stays("E1") == [("B", date(2024, 3, 1), date(2026, 1, 31)), ("O", date(2026, 2, 1), None)]


def test_a_last_day_without_a_unit_is_a_leaver(world: World) -> None:
    imported(world, ZHAO)
    run = imported(world, ("E1", "", "", "", "", "", "2026-02-28"))
    assert run.summary["effects"] == {"left": 1}
    assert stays("E1") == [("B", date(2024, 3, 1), date(2026, 2, 28))]


def test_an_empty_cell_changes_nothing_and_a_filled_one_corrects(world: World) -> None:
    imported(world, ZHAO)
    imported(world, ("E1", "赵壹", "", "B", "科长", "2024-03-01", ""))
    person = Person.objects.get(employee_no="E1")
    assert (person.name_zh, person.phone) == ("赵壹", "138")
    assert Employment.objects.get(person=person).title_zh == "科长"


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (("", "无号", "", "B", "", "2024-03-01", ""), "工号"),
        (("E9", "", "", "B", "", "2024-03-01", ""), "姓名"),
        (("E9", "新人", "", "", "", "", ""), "单位代码"),
        (("E9", "新人", "", "NOWHERE", "", "2024-03-01", ""), "单位代码"),
        (("E9", "新人", "", "B", "", "", ""), "到岗时间"),
        (("E9", "新人", "", "B", "", "2024-13-01", ""), "到岗时间"),
        (("E9", "新人", "", "B", "", "2024-03-01", "2024-02-01"), "离任时间"),
        (("E1", "", "", "", "", "2024-03-01", ""), "单位代码"),
        (("E1", "", "", "O", "", "2024-01-01", ""), "到岗时间"),
        (("E1", "", "", "", "", "", "2023-01-01"), "离任时间"),
        (("LEADER", "", "", "B", "", "2024-03-01", ""), ""),
    ],
)
def test_a_broken_row_is_named_by_column_and_the_others_are_imported(world: World, line: Line, column: str) -> None:
    imported(world, ZHAO)
    run = imported(world, QIAN, line)
    assert wrong(run) == ([(3, column)] if column else [])
    assert stays("E2") == [("B", date(2025, 1, 1), None)]


def test_a_leader_does_not_leave_by_a_row(world: World) -> None:
    imported(world, ("LEADER", "", "", "B", "", "2024-03-01", ""))
    assert wrong(check(world, ("LEADER", "", "", "", "", "", "2026-03-01"))) == [(2, "离任时间")]


def test_a_number_that_stands_twice_is_wrong_the_second_time(world: World) -> None:
    run = imported(world, ZHAO, QIAN, ("E1", "另一个", "", "O", "", "2024-05-01", ""))
    assert wrong(run) == [(4, "工号")]
    assert stays("E1") == [("B", date(2024, 3, 1), None)]


def test_the_rows_to_mend_come_back_as_a_file_that_may_be_uploaded_again(world: World) -> None:
    run = imported(world, ZHAO, ("E2", "钱二", "", "GONE", "会计", "2025-01-01", ""))
    returned = [[str(cell) for cell in row] for row in staged.to_mend(run)]
    assert returned[0] == [*HEADINGS, "What is wrong"]
    assert returned[1][:4] == ["E2", "钱二", "", "GONE"]
    assert returned[1][-1].startswith("单位代码: ")
    mended = [cells if cells[3] != "GONE" else [*cells[:3], "B", *cells[4:]] for cells in returned]
    assert imported(world, *mended[1:], headings=mended[0]).summary["effects"] == {"new": 1, "joined": 1}


def test_headings_that_do_not_fit_are_named_and_no_row_is_read(world: World) -> None:
    run = check(world, ZHAO, headings=("编号?", *HEADINGS[1:]))
    assert {error.column for error in staged.first_problems(run, 9)} == {"编号?", "Employee number"}
    assert staged.figures(run).ready == 0


def test_nobody_is_taken_out_of_another_part_of_the_tree(world: World) -> None:
    from portal.accounts import services as accounts

    imported(world, ZHAO)
    town = world.users["staff"]
    accounts.grant(None, user=town, role=Role.COORDINATOR, path=str(world.unit("T").path), reason="test")
    run = check(
        world, ("E1", "", "", "V", "", "2026-02-01", ""), ("E3", "孙三", "", "B", "", "2026-02-01", ""), by="staff"
    )
    assert wrong(run) == [(2, "工号"), (3, "单位代码")]


def test_what_has_changed_since_the_check_is_given_back(world: World) -> None:
    imported(world, ZHAO)
    run = check(world, ("E1", "", "", "O", "", "2026-02-01", ""))
    imported(world, ("E1", "", "", "T", "", "2026-02-10", ""))
    work(staging.start_write, run)
    assert wrong(run) == [(2, "工号")]
    assert stays("E1")[-1] == ("T", date(2026, 2, 10), None)


@pytest.mark.django_db(transaction=True)
class TestKilled:
    def test_a_killed_check_goes_on_behind_the_last_staged_row(self, world: World, monkeypatch: Any) -> None:
        monkeypatch.setattr(staging, "CHUNK", 2)
        run = upload(world, *((f"K{n}", "众", "", "B", "", "2024-03-01", "") for n in range(7)))
        self._killed_at(staging.start_check, run, PersonsImporter, "read", 3, monkeypatch)
        assert PersonsImporter.rows._default_manager.filter(run=run).count() == 4
        assert work(staging.start_check, run).state == JobState.DONE
        assert staged.figures(run).ready == 7

    def test_a_killed_import_goes_on_at_the_first_row_not_written(self, world: World, monkeypatch: Any) -> None:
        monkeypatch.setattr(staging, "CHUNK", 2)
        run = check(world, *((f"K{n}", "众", "", "B", "", "2024-03-01", "") for n in range(7)))
        self._killed_at(staging.start_write, run, PersonsImporter, "write", 3, monkeypatch)
        assert Employment.objects.count() == 4
        assert run.applied_at is None
        assert work(staging.start_write, run).state == JobState.DONE
        assert Employment.objects.count() == 7
        assert Entry.objects.filter(action="persons.imported").count() == 1

    @staticmethod
    def _killed_at(begin: Any, run: ImportRun, kind: Any, name: str, turn: int, monkeypatch: Any) -> None:
        turns, real = [], getattr(kind, name)

        def dying(self: Any, *args: Any) -> Any:
            turns.append(1)
            if len(turns) == turn:
                raise ZeroDivisionError
            return real(self, *args)

        with monkeypatch.context() as patched:
            patched.setattr(kind, name, dying)
            assert work(begin, run).state == JobState.FAILED


def test_the_queries_of_a_chunk_do_not_grow_with_its_rows(world: World) -> None:
    counts = []
    for size in (5, 60):
        run = upload(world, *((f"Q{size}-{n}", "众", "", "B", "", "2024-03-01", "") for n in range(size)))
        with CaptureQueriesContext(
            connection,
        ) as seen:
            work(staging.start_check, run)
            work(staging.start_write, run)
        counts.append(len(seen))
    assert counts[0] == counts[1]


class TestPages:
    def _upload(self, world: World, name: str, content: bytes) -> Any:
        data = {"file": SimpleUploadedFile(name, content), "idempotency_key": str(uuid.uuid4())}
        return world.client("coordinator").post("/imports/persons/", data, follow=True)

    def test_a_workbook_is_checked_shown_and_imported_once(self, world: World) -> None:
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer) as book:
            sheet = book.add_worksheet()
            for number, cells in enumerate((HEADINGS, ZHAO, (*QIAN[:3], "GONE", *QIAN[4:]))):
                sheet.write_row(number, 0, cells)
        self._upload(world, "people.xlsx", buffer.getvalue())
        run = ImportRun.objects.get(kind="persons")
        jobs.run(Job.objects.get().pk)
        page = world.client("coordinator").get(f"/imports/persons/{run.pk}/")
        assert "1 row is ready" in page.content.decode()
        data = {"idempotency_key": str(uuid.uuid4())}
        for _twice in range(2):
            world.client("coordinator").post(f"/imports/persons/{run.pk}/", data)
        assert Job.objects.filter(kind="write-persons").count() == 1
        jobs.run(Job.objects.get(kind="write-persons").pk)
        done = world.client("coordinator").get(f"/imports/persons/{run.pk}/").content.decode()
        assert "1 new person" in done
        late = world.client("coordinator").post(f"/imports/persons/{run.pk}/", {"idempotency_key": str(uuid.uuid4())})
        assert late.status_code == 409
        returned = world.client("coordinator").get(f"/imports/persons/{run.pk}/?export=xlsx")
        assert returned["Content-Disposition"] == 'attachment; filename="to-mend.xlsx"'

    def test_a_program_that_calls_itself_a_workbook_is_refused_where_it_was_chosen(self, world: World) -> None:
        answer = self._upload(world, "people.xlsx", b"MZ\x90\x00 not a workbook")
        assert "neither an XLSX workbook nor a CSV file" in answer.content.decode()
        assert not ImportRun.objects.exists()

    def test_the_list_shows_who_works_where_with_as_many_queries_for_many(self, world: World) -> None:
        client = world.client("coordinator")
        imported(world, ZHAO)
        client.get("/people/")
        with CaptureQueriesContext(connection) as few:
            assert "赵一" in client.get("/people/").content.decode()
        imported(world, *((f"L{n}", "众", "", "B", "", "2024-03-01", "") for n in range(30)))
        with CaptureQueriesContext(connection) as many:
            client.get("/people/")
        assert len(many) == len(few)


def test_who_works_in_a_unit_is_its_staff_as_long_as_it_lasts(world: World) -> None:
    imported(world, ("E1", "赵一", "", "B", "科员", "2024-03-01", "2026-05-31"))
    person = Person.objects.get(employee_no="E1")
    person.user = world.user("auditor")
    person.save(update_fields=["user"])
    assert world.user("auditor").standing.over(str(world.unit("B").path), Role.STAFF)
    with clock.frozen(date(2026, 6, 1)):
        assert not world.user("auditor").standing.over(str(world.unit("B").path), Role.STAFF)


def test_a_formula_in_a_name_comes_back_as_text(world: World, tmp_path: Any) -> None:
    from portal.web import export

    run = check(world, ("E1", "=1+1", "", "GONE", "", "2024-03-01", ""))
    path = tmp_path / "back.xlsx"
    path.write_bytes(export.as_xlsx(staged.to_mend(run)))
    assert read_rows(path, "back.xlsx")[1][1] == "=1+1"
