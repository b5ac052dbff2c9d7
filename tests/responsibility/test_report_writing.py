"""Writing: each part by itself, saved while it is typed whatever it still lacks, handed in against the right letter."""

from uuid import uuid4

import pytest

from portal.web.errors import Conflict
from responsibility.errors import ReportIncomplete
from responsibility.models import Part, Report, ReportState, Submission
from responsibility.report_parts import NOT_REACHED, REACHED
from responsibility.services import letters, reports
from tests.responsibility.letters import fresh
from tests.responsibility.reports import BASE, JSON, fill, hand_in, send_back
from tests.world import World


def test_two_people_write_two_parts_at_once(world: World, report: Report) -> None:
    """Both opened the report at the same version."""
    liaison, leader = world.client("liaison"), world.client("leader")
    assert liaison.post(f"{BASE}work/", {"work-summary": "A", "version": "0"}, headers=JSON).status_code == 200
    saved = leader.post(f"{BASE}clean/", {"clean-income": "B", "version": "0"}, headers=JSON)
    assert (saved.status_code, saved.json()["version"]) == (200, 2)
    again = liaison.post(f"{BASE}work/", {"work-summary": "A, more", "version": "1"}, headers=JSON)
    assert (again.status_code, again.json()["version"]) == (200, 3)
    report.refresh_from_db()
    assert (report.work["summary"], report.clean["income"]) == ("A, more", "B")


def test_the_same_part_conflicts_though_the_other_was_written_since(world: World, report: Report) -> None:
    reports.save_part(world.user("liaison"), report.pk, Part.WORK, {"summary": "A"}, expected_version=0)
    reports.save_part(world.user("leader"), report.pk, Part.CLEAN, {"income": "B"}, expected_version=1)
    with pytest.raises(Conflict) as caught:
        reports.save_part(world.user("leader"), report.pk, Part.WORK, {"summary": "C"}, expected_version=0)
    # Its last saver wrote another part: nobody is named as the author of this one.
    assert (caught.value.current.version, caught.value.current.saved_by) == (2, None)
    assert caught.value.current.work == {"summary": "A"}


def test_the_page_of_the_conflict_shows_both_and_goes_on_from_there(world: World, report: Report) -> None:
    reports.save_part(world.user("liaison"), report.pk, Part.WORK, {"summary": "By the liaison"}, expected_version=0)
    reports.save_part(world.user("leader"), report.pk, Part.CLEAN, {"income": "B"}, expected_version=0)
    answer = world.client("leader").post(f"{BASE}work/", {"work-summary": "By the leader", "version": "0"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "liaison" in page
    assert "leader" in page
    version = answer.context["form"].data["version"]
    on_top = {"work-summary": "By the leader", "version": version}
    assert world.client("leader").post(f"{BASE}work/", on_top).status_code == 302
    report.refresh_from_db()
    assert report.work["summary"] == "By the leader"


def test_half_a_date_is_saved_while_it_is_typed_and_said(world: World, report: Report) -> None:
    typed = {"target-plan-figure": "Everything I typed", "target-plan-remedy_on": "2026-1", "version": "0"}
    answer = world.client("leader").post(f"{BASE}targets/", typed, headers=JSON)
    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    assert "is not a date" in answer.json()["message"]
    assert list(answer.json()["errors"]) == ["target-plan-remedy_on"]
    report.refresh_from_db()
    assert report.targets["plan"]["figure"] == "Everything I typed"
    assert report.targets["plan"]["remedy_on"] == "2026-1"


def test_a_bad_date_is_not_handed_in(world: World, report: Report) -> None:
    report = fill(world, report)
    answers = {code: dict(answer) for code, answer in report.targets.items()}
    answers["plan"]["remedy_on"] = "2026-13-01"
    leader = world.user("leader")
    report = reports.save_part(leader, report.pk, Part.TARGETS, answers, expected_version=report.version)
    with pytest.raises(ReportIncomplete) as caught:
        reports.submit(leader, report.pk, expected_version=report.version)
    assert [item.field for item in caught.value.lacking] == ["target-plan-remedy_on"]


def test_what_is_too_long_is_kept_and_what_no_database_holds_is_left_out(world: World, report: Report) -> None:
    typed = {"target-plan-figure": "9" * 300, "target-plan-evidence": "a\x00b", "target-plan-state": "perhaps"}
    answer = world.client("leader").post(f"{BASE}targets/", typed | {"version": "0"}, headers=JSON)
    assert answer.status_code == 200
    report.refresh_from_db()
    plan = report.targets["plan"]
    assert (plan["figure"], plan["evidence"], plan["state"]) == ("9" * 300, "ab", "")


def test_the_script_is_told_when_nothing_can_be_saved(world: World, report: Report) -> None:
    assert world.client("leader").post(f"{BASE}work/", {"work-summary": "A"}, headers=JSON).status_code == 422
    hand_in(world, report)
    late = world.client("leader").post(f"{BASE}work/", {"work-summary": "A", "version": "9"}, headers=JSON)
    assert late.status_code == 409
    assert "handed in" in late.json()["message"]


def test_a_report_whose_letter_was_withdrawn_is_handed_in_against_the_last_one(world: World, report: Report) -> None:
    report = fill(world, report)
    letter = fresh()["B"]
    letters.withdraw(world.user("coordinator"), letter.pk, expected_version=letter.version, reason="A new one follows.")
    answer = world.client("leader").post(f"{BASE}submit/", {"version": report.version})
    assert answer.status_code == 302
    assert Submission.objects.get().content["letter"] == letter.pk


def test_after_handing_in_no_page_offers_what_would_be_refused(world: World, report: Report) -> None:
    hand_in(world, report)
    client = world.client("leader")
    page = client.get(BASE).content.decode()
    assert "It can be changed again only if the coordinator returns it." in page
    for address in ("work/", "targets/", "clean/", "submit/", "files/", "clean/files/"):
        assert f'href="{BASE}{address}"' not in page
        answer = client.get(f"{BASE}{address}")
        assert answer.status_code == 409, address
        assert "The report has been handed in" in answer.content.decode()


def test_an_accepted_report_says_that_it_is(world: World, report: Report) -> None:
    report = hand_in(world, report)
    reports.accept(world.user("coordinator"), report.pk, expected_version=report.version)
    page = world.client("leader").get(f"{BASE}work/")
    assert page.status_code == 409
    assert "The report has been accepted" in page.content.decode()


def test_the_same_save_posted_twice_counts_once(world: World, report: Report) -> None:
    form = {"work-summary": "A", "version": "0", "idempotency_key": str(uuid4())}
    first, second = (world.client("leader").post(f"{BASE}work/", form) for _again in range(2))
    assert first["Location"] == second["Location"]
    report.refresh_from_db()
    assert report.version == 1


def test_fields_for_a_shortfall_are_folded_until_they_are_needed_or_used(world: World, report: Report) -> None:
    answers = {
        "plan": {"figure": "1", "state": REACHED},
        "education": {"figure": "81%", "state": NOT_REACHED},
        "systems": {"figure": "92%", "state": "", "explanation": "Two are still drafts."},
    }
    reports.save_part(world.user("leader"), report.pk, Part.TARGETS, answers, expected_version=0)
    groups = {g["target"]["code"]: g for g in world.client("leader").get(f"{BASE}targets/").context["groups"]}
    assert groups["plan"]["folded"]
    assert not groups["education"]["folded"]
    assert {code for code, group in groups.items() if group["shortfall_open"]} == {"education", "systems"}


def test_a_reached_target_about_which_something_was_asked_is_not_folded(world: World, report: Report) -> None:
    report = hand_in(world, report)
    remarks = {("targets", "plan"): "Attach the plan."}
    reports.return_report(world.user("coordinator"), report.pk, expected_version=report.version, remarks=remarks)
    groups = {g["target"]["code"]: g for g in world.client("leader").get(f"{BASE}targets/").context["groups"]}
    assert not groups["plan"]["folded"]
    assert groups["education"]["folded"]


def test_what_was_handed_in_is_shown_and_not_what_is_written_since(world: World, report: Report) -> None:
    report = send_back(world, hand_in(world, report))
    leader = world.user("leader")
    reports.save_part(leader, report.pk, Part.WORK, {"summary": "Not yet handed in"}, expected_version=report.version)
    for name in ("leader", "liaison", "coordinator"):
        page = world.client(name).get(BASE).content.decode()
        assert "Training for all, on 12 May." in page, name
        assert "Not yet handed in" not in page, name


def test_the_reviewer_sees_state_and_evidence_of_each_target(world: World, report: Report) -> None:
    report = fill(world, report)
    answer = {"figure": "81%", "state": NOT_REACHED, "evidence": "EVIDENCE-1", "explanation": "x", "remedy": "y"}
    answers = {code: answer | {"remedy_on": "2026-12-01"} for code in report.targets}
    leader = world.user("leader")
    report = reports.save_part(leader, report.pk, Part.TARGETS, answers, expected_version=report.version)
    reports.submit(leader, report.pk, expected_version=report.version)
    page = world.client("coordinator").get(BASE).content.decode()
    assert "EVIDENCE-1" in page
    assert "#alert-triangle" in page
    assert "Not reached" in page
    report.refresh_from_db()
    assert report.state == ReportState.SUBMITTED
