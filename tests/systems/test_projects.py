"""Prevention projects from the plan to what came of them."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from portal.notices.models import Notice
from portal.obligations import services as obligations
from portal.obligations.models import Obligation
from portal.web.errors import Conflict, NotAllowed
from portal.workdays import clock
from systems.errors_programme import (
    ChecksOutstanding,
    MilestoneOutside,
    MilestonePast,
    NobodyInvolved,
    NoMilestones,
    NotToCheck,
    NotToReport,
    NoUnits,
    OutcomeMissing,
    OwnCheck,
    ProjectClosed,
    ProjectDaysReversed,
    ProjectNotPlanned,
    ProjectNotRunning,
    WordsMissing,
)
from systems.models.projects import CheckState, Method, MilestoneCheck, Project, ProjectState
from systems.services import projects
from systems.services.projects import MilestonePlan
from tests.queries import count_queries
from tests.systems.projects import END, FIRST, SECOND, check_of, pass_, plan, ready, report, running
from tests.world import World

DUTIES = Obligation.objects.filter(kind="project_check")


@pytest.mark.parametrize("method", Method.values)
def test_a_project_runs_in_each_method_from_start_to_end(world: World, method: str) -> None:
    """Units owe a report at each milestone; it is closed with what came of it when all checks are passed."""
    project = running(world, method=Method(method))
    assert DUTIES.open().count() == 4
    for day in (FIRST, SECOND):
        for code, who in (("B", "liaison"), ("O", "other_leader")):
            pass_(world, report(world, check_of(project, code, day), who))
    assert DUTIES.open().count() == 0
    by = world.user("coordinator")
    with pytest.raises(OutcomeMissing), transaction.atomic():
        projects.complete(by, project.pk, expected_version=project.version, outcome=" ")
    done = projects.complete(by, project.pk, expected_version=project.version, outcome="12 bids looked at.")
    assert (done.state, done.closed_on) == (ProjectState.COMPLETED, clock.today())


def test_a_project_starts_only_with_units_and_milestones_to_come(world: World) -> None:
    """Each sentence says what is missing."""
    by, project = world.user("coordinator"), plan(world)
    with pytest.raises(NobodyInvolved), transaction.atomic():
        projects.start(by, project.pk, expected_version=0)
    with pytest.raises(NoUnits), transaction.atomic():
        projects.involve(by, project.pk, [])
    projects.involve(by, project.pk, [world.unit("B")])
    with pytest.raises(NoMilestones), transaction.atomic():
        projects.start(by, project.pk, expected_version=0)
    for day, wrong in ((date(2026, 3, 1), MilestonePast), (END + timedelta(days=1), MilestoneOutside)):
        with pytest.raises(wrong), transaction.atomic():
            projects.add_milestone(by, project.pk, MilestonePlan("x", day))
    projects.add_milestone(by, project.pk, MilestonePlan("x", FIRST))
    with clock.frozen(FIRST + timedelta(days=1)), pytest.raises(MilestonePast), transaction.atomic():
        projects.start(by, project.pk, expected_version=0)
    with pytest.raises(Conflict), transaction.atomic():
        projects.start(by, project.pk, expected_version=7)
    projects.start(by, project.pk, expected_version=0)
    with pytest.raises(ProjectNotPlanned), transaction.atomic():
        projects.start(by, project.pk, expected_version=1)
    with pytest.raises(ProjectDaysReversed), transaction.atomic():
        plan(world, ends_on=date(2026, 1, 1))


def test_what_is_not_kept_is_reported_again_within_ten_working_days(world: World) -> None:
    """The unit is told why; a new duty is counted from today."""
    project = running(world)
    found = report(world, check_of(project))
    assert found.state == CheckState.REPORTED
    with pytest.raises(WordsMissing), transaction.atomic():
        pass_(world, found, kept=False, text="")
    found = pass_(world, found, kept=False, text="The minutes are missing.")
    assert found.correction is not None and found.correction.due_on == date(2026, 3, 16)
    assert Notice.objects.filter(kind="milestone_returned", recipient=world.users["leader"]).exists()
    found = pass_(world, report(world, found, text="Minutes added."))
    assert found.state == CheckState.PASSED
    assert [word.state for word in found.said.all()] == ["reported", "returned", "reported", "passed"]


def test_nobody_checks_what_is_his_own(world: World) -> None:
    """Nor does a unit report twice, nor is anything checked before it was reported."""
    project = running(world)
    found = check_of(project)
    with pytest.raises(NotToCheck), transaction.atomic():
        pass_(world, found)
    with pytest.raises(WordsMissing), transaction.atomic():
        report(world, found, text=" ")
    with pytest.raises(NotAllowed), transaction.atomic():
        report(world, found, "coordinator")
    with pytest.raises(MilestoneCheck.DoesNotExist), transaction.atomic():
        report(world, found, "other_leader")
    found = report(world, found)
    with pytest.raises(NotToReport), transaction.atomic():
        report(world, found)
    with pytest.raises(OwnCheck), transaction.atomic():
        projects.check(world.user("leader"), found.pk, expected_version=found.version, kept=True, text="")
    with pytest.raises(NotAllowed), transaction.atomic():
        projects.check(world.user("auditor"), found.pk, expected_version=found.version, kept=True, text="")
    assert pass_(world, found).checked_by == world.users["coordinator"]


def test_a_project_with_open_checks_is_stopped_not_completed(world: World) -> None:
    """Nobody owes anything for it afterwards, and nothing can be reported any more."""
    project, by = running(world), world.user("coordinator")
    found = report(world, check_of(project))
    with pytest.raises(ChecksOutstanding, match="4"), transaction.atomic():
        projects.complete(by, project.pk, expected_version=project.version, outcome="x")
    stopped = projects.stop(by, project.pk, expected_version=project.version, reason="The fund was withdrawn.")
    assert stopped.state == ProjectState.STOPPED and not DUTIES.open().exists()
    assert set(MilestoneCheck.objects.values_list("state", flat=True)) == {CheckState.ENDED}
    for deed, wrong in (
        (lambda: pass_(world, found), ProjectNotRunning),
        (lambda: projects.stop(by, project.pk, expected_version=stopped.version, reason="x"), ProjectClosed),
        (lambda: projects.involve(by, project.pk, [world.unit("V")]), ProjectClosed),
        (lambda: projects.complete(by, project.pk, expected_version=stopped.version, outcome="x"), ProjectNotRunning),
    ):
        with pytest.raises(wrong), transaction.atomic():
            deed()


def test_who_joins_later_owes_what_is_still_to_come(world: World) -> None:
    """And a milestone that is set later is owed by all."""
    project, by = running(world, "B"), world.user("coordinator")
    with clock.frozen(FIRST + timedelta(days=3)):
        by = world.user("coordinator")
        assert projects.involve(by, project.pk, [world.unit("B"), world.unit("V")]) == 1
        assert list(DUTIES.filter(unit__code="V").values_list("due_on", flat=True)) == [SECOND]
        projects.add_milestone(by, project.pk, MilestonePlan("x", END))
        assert DUTIES.filter(due_on=END).count() == 2


def test_a_released_unit_owes_nothing_more(world: World) -> None:
    """Its open duties end with the reason; the others go on."""
    project, by = running(world), world.user("coordinator")
    projects.release(by, project.pk, world.unit("O"), reason="It has no works this year.")
    assert DUTIES.open().count() == 2
    assert not project.involved.filter(unit__code="O").exists()


def test_a_duty_that_ends_with_its_unit_asks_nothing_more(world: World) -> None:
    """The check follows it, so that the project can be completed."""
    project = running(world, "B")
    found = check_of(project)
    obligations.cancel(found.obligation_id, reason="merged", by=None)
    found.refresh_from_db()
    assert found.state == CheckState.ENDED


@pytest.mark.parametrize("name", ["leader", "head", "auditor", "system_admin"])
def test_only_the_coordinator_plans(world: World, name: str) -> None:
    """Heads and auditors read."""
    project = ready(world)
    with pytest.raises(NotAllowed), transaction.atomic():
        projects.start(world.user(name), project.pk, expected_version=0)


# --- Pages ------------------------------------------------------------------------------------------------------------


def test_a_project_is_planned_and_started_in_the_browser(world: World) -> None:
    """By name of the unit, by part of the tree; the same post twice plans one."""
    client = world.client("coordinator")
    typed = {
        "method": "systematic",
        "name_zh": "财政系统预防",
        "subject": "finance",
        "aim": "x",
        "unit": "Finance Bureau",
        "starts_on": "2026-03-02",
        "ends_on": "2026-12-01",
        "idempotency_key": uuid4(),
    }
    for _again in range(2):
        assert client.post("/projects/new/", typed).status_code == 302
    project = Project.objects.get()
    url = project.get_absolute_url()
    assert client.post(f"{url}units/", {}).status_code == 422
    assert client.post(f"{url}units/", {"named": "nobody"}).status_code == 422
    assert client.post(f"{url}units/", {"part": "T", "named": "供水公司"}).status_code == 302
    assert set(project.involved.values_list("unit__code", flat=True)) == {"T", "V", "X"}
    assert client.post(f"{url}milestones/", {"name_zh": "检查", "due_on": "2026-05-06"}).status_code == 302
    page = client.get(f"{url}start/").content.decode()
    assert "3 units owe a report at each of 1 milestones" in page
    assert client.post(f"{url}start/", {"version": project.version}).status_code == 302
    assert client.post(f"{url}start/", {"version": project.version}).status_code == 409


def test_a_leader_reports_with_a_file_and_the_coordinator_checks(world: World) -> None:
    """The duty leads there; a file of another kind than its name says is refused and nothing is handed in."""
    project = running(world)
    found = check_of(project)
    leader, url = world.client("leader"), found.get_absolute_url()
    assert url in leader.get(reverse("obligations:duty", args=(found.obligation_id,))).content.decode()
    wrong = SimpleUploadedFile("minutes.pdf", b"no pdf")
    answer = leader.post(f"{url}report/", {"text": "Done", "version": 0, "file": wrong})
    assert answer.status_code in (400, 422)
    found.refresh_from_db()
    assert found.state == CheckState.OWED
    right = SimpleUploadedFile("minutes.txt", b"the minutes")
    assert leader.post(f"{url}report/", {"text": "Done", "version": 0, "file": right}).status_code == 302
    assert "minutes.txt" in leader.get(url).content.decode()
    coordinator = world.client("coordinator")
    assert url in coordinator.get("/projects/").content.decode()
    assert coordinator.post(f"{url}check/", {"kept": "no", "version": 1}).status_code == 400
    assert coordinator.post(f"{url}check/", {"kept": "yes", "version": 1}).status_code == 302


def test_a_leader_sees_the_own_unit_of_a_project_and_no_other(world: World) -> None:
    """Of the others neither name nor check; of a project without the unit nothing at all."""
    project = running(world)
    page = world.client("leader").get(project.get_absolute_url()).content.decode()
    assert "Finance Bureau" in page and "Transport Bureau" not in page
    other = check_of(project, "O").get_absolute_url()
    assert world.client("leader").get(other).status_code == 404
    assert world.client("village_leader").get(project.get_absolute_url()).status_code == 404


def test_the_pages_ask_no_more_for_more_rows(world: World) -> None:
    """The list for more projects, the project for more units."""
    client = world.client("coordinator")
    project = running(world, "B")
    few = count_queries(client, "/projects/"), count_queries(client, project.get_absolute_url())
    for _more in range(3):
        project = running(world, "BOTVX")
    more = count_queries(client, "/projects/"), count_queries(client, project.get_absolute_url())
    assert more <= few
