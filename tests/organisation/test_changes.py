"""Units are renamed, moved, merged and split from a day on; what was, stays as it was."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import InternalError, transaction

from portal.accounts import services as accounts
from portal.accounts.models import Grant, User
from portal.accounts.roles import Role
from portal.audit.models import Entry
from portal.obligations import clock as ladder_clock
from portal.obligations.models import Obligation
from portal.organisation import services
from portal.organisation.change_errors import (
    BeforeLastChange,
    BeforeTenure,
    BelowItself,
    ChildrenLeft,
    CodeTaken,
    MergedAlone,
    MergedIntoItself,
    NoSuccessor,
    NotPlanned,
    PlannedAlready,
    SameName,
    SamePlace,
    SuccessorBelow,
    TooFewParts,
    TopOfTree,
)
from portal.organisation.change_models import ChangePart, ChangeState, UnitChange
from portal.organisation.errors import ReasonMissing, UnitDissolved
from portal.organisation.models import Employment, LeadingGroup, Person, Post, Tenure, Unit
from portal.organisation.services import changes
from portal.web.errors import NotAllowed
from portal.workdays import clock
from tests.obligations.test_clock import duty
from tests.world import PASSWORD, TODAY, World

TOMORROW = TODAY + timedelta(days=1)
YESTERDAY = TODAY - timedelta(days=1)


def decide(
    world: World, kind: type[changes.Change], code: str, *, by: str = "coordinator", **values: Any
) -> UnitChange:
    typed = {"effective_on": TODAY, "reason": "Document 7 of 2026."} | values
    return changes.decide(world.user(by), kind(unit_id=world.unit(code).pk, **typed))


def rename(world: World, code: str = "B", **values: Any) -> UnitChange:
    return decide(world, changes.Rename, code, **{"name_en": "Treasury", "name_zh": "国库局"} | values)


def move(world: World, code: str, to: str, **values: Any) -> UnitChange:
    return decide(world, changes.Move, code, parent_id=world.unit(to).pk, **values)


def merge(world: World, code: str, to: str | None = None, others: tuple[str, ...] = (), **values: Any) -> UnitChange:
    others_ids = tuple(world.unit(other).pk for other in others)
    successor = world.unit(to).pk if to else None
    return decide(world, changes.Merge, code, other_ids=others_ids, successor_id=successor, **values)


def new_unit(world: World, code: str, *children: str) -> changes.NewUnit:
    placed = tuple(world.unit(child).pk for child in children)
    return changes.NewUnit(code, f"Unit {code}", f"单位{code}", world.unit("B").type_id, placed)


def split(world: World, code: str, *new: changes.NewUnit, ends: bool = False, **values: Any) -> UnitChange:
    return decide(world, changes.Split, code, new=new, ends=ends, **values)


def fresh(world: World, code: str) -> Unit:
    return Unit.objects.get(pk=world.unit(code).pk)


class TestRename:
    def test_the_new_name_counts_and_the_old_one_is_kept_and_found(self, world: World) -> None:
        made = rename(world, effective_on=YESTERDAY)
        unit = fresh(world, "B")
        assert (unit.name_en, unit.name_zh, unit.initials) == ("Treasury", "国库局", "gkj")
        assert made.before["name_zh"] == "财政局"
        for words in ("财政局", "Finance Bureau", "czj", "caizheng", "国库"):
            assert unit in Unit.objects.search(words)
        assert Entry.objects.get(action="unit.renamed").data["before"]["name_en"] == "Finance Bureau"

    def test_the_name_that_it_has_is_no_new_one(self, world: World) -> None:
        with pytest.raises(SameName):
            rename(world, name_en="Finance Bureau", name_zh="财政局")

    def test_it_is_not_dated_before_the_last_change(self, world: World) -> None:
        rename(world)
        with pytest.raises(BeforeLastChange, match="2 March 2026"):
            rename(world, name_en="Exchequer", effective_on=YESTERDAY)

    def test_the_top_of_the_tree_may_be_renamed_by_who_edits_it(self, world: World) -> None:
        rename(world, "D")
        assert fresh(world, "D").name_en == "Treasury"


class TestMove:
    def test_all_that_lies_below_comes_along(self, world: World) -> None:
        move(world, "T", "O")
        town, village, bureau = (fresh(world, code) for code in "TVO")
        assert str(town.path) == f"{bureau.path}.{town.pk}"
        assert str(village.path) == f"{bureau.path}.{town.pk}.{village.pk}"
        made = UnitChange.objects.get()
        assert (made.before["parent"]["en"], made.after["parent"]["en"]) == ("District", "Transport Bureau")

    def test_grants_are_carried_along_and_mean_what_they_meant(self, world: World) -> None:
        user = User.objects.create_user("towncoord", PASSWORD)
        accounts.grant(None, user=user, role=Role.COORDINATOR, path=str(world.unit("T").path), reason="x")
        move(world, "T", "O")
        standing = User.objects.get(pk=user.pk).standing
        assert standing.over(str(fresh(world, "V").path), Role.COORDINATOR)
        assert not standing.over(str(fresh(world, "O").path), Role.COORDINATOR)

    def test_open_duties_stay_and_another_leading_group_hears_of_them(self, world: World) -> None:
        owed = duty(world, "V")
        move(world, "V", "B")
        group = Unit.objects.with_responsible_group().get(code="V").responsible_group_id
        assert (Obligation.objects.get(pk=owed.pk).state, group) == ("open", world.group.pk)

    def test_not_below_itself_nor_where_it_lies(self, world: World) -> None:
        for place in ("T", "V"):
            with pytest.raises(BelowItself):
                move(world, "T", place)
        with pytest.raises(SamePlace):
            move(world, "T", "D")
        with pytest.raises(TopOfTree):
            move(world, "D", "B")

    def test_only_who_edits_both_places(self, world: World) -> None:
        user = User.objects.create_user("towncoord", PASSWORD)
        accounts.grant(None, user=user, role=Role.COORDINATOR, path=str(world.unit("T").path), reason="x")
        world.users["towncoord"] = user
        with pytest.raises(NotAllowed):
            move(world, "V", "B", by="towncoord")
        rename(world, "V", by="towncoord")


class TestMerge:
    def test_two_go_on_as_a_new_one_and_what_lay_below_goes_there(self, world: World) -> None:
        made = merge(world, "T", others=("X",), new=new_unit(world, "TX"))
        town, company, village, new = (Unit.objects.get(code=code) for code in ("T", "X", "V", "TX"))
        assert (town.dissolved_on, company.dissolved_on, new.dissolved_on) == (TODAY, TODAY, None)
        assert (new.parent_id, village.parent_id) == (world.unit("D").pk, new.pk)
        assert str(village.path) == f"{new.path}.{village.pk}"
        assert Post.objects.get(unit=new, kind="top_leader").title_en == "Director"
        parts = dict(ChangePart.objects.filter(change=made).values_list("unit__code", "part"))
        assert parts == {"X": "merged", "TX": "successor", "V": "child"}

    def test_tenures_end_the_day_before_and_grants_over_it_end(self, world: World) -> None:
        user = User.objects.create_user("towncoord", PASSWORD)
        accounts.grant(None, user=user, role=Role.COORDINATOR, path=str(world.unit("T").path), reason="x")
        merge(world, "T", "B")
        tenure = Tenure.objects.get(pk=world.tenures["town_head"].pk)
        assert tenure.ends_on == YESTERDAY
        assert not LeadingGroup.objects.get(unit__code="T").memberships.on(TODAY).exists()
        assert Grant.objects.get(user=user).revoked_by == world.users["coordinator"]
        assert UnitChange.objects.get().outcome["grants"] == 1

    def test_what_lay_below_may_go_elsewhere(self, world: World) -> None:
        merge(world, "T", "B", children_to=world.unit("O").pk)
        assert fresh(world, "V").parent == world.unit("O")

    def test_open_duties_end_with_the_reason(self, world: World) -> None:
        owed, elsewhere = duty(world, "O"), duty(world, "B")
        made = merge(world, "O", "B", decisions={"duties:report": "ends"})
        assert Obligation.objects.get(pk=owed.pk).state == "cancelled"
        assert Obligation.objects.get(pk=elsewhere.pk).state == "open"
        assert made.outcome["duties:report"] == 1
        assert Entry.objects.get(action="duty.cancelled").data["reason"] == "Document 7 of 2026."

    def test_not_into_itself_nor_into_what_lies_below_it(self, world: World) -> None:
        with pytest.raises(MergedIntoItself):
            merge(world, "T", "T")
        with pytest.raises(MergedIntoItself):
            merge(world, "T", "B", others=("B",))
        with pytest.raises(SuccessorBelow):
            merge(world, "T", "V")
        assert fresh(world, "T").dissolved_on is None

    def test_into_one_unit_exactly_and_never_alone_into_a_new_one(self, world: World) -> None:
        with pytest.raises(NoSuccessor):
            merge(world, "O")
        with pytest.raises(NoSuccessor):
            merge(world, "O", "B", new=new_unit(world, "N"))
        with pytest.raises(MergedAlone):
            merge(world, "O", new=new_unit(world, "N"))
        with pytest.raises(CodeTaken):
            merge(world, "O", others=("B",), new=new_unit(world, "X"))

    def test_a_child_may_merge_into_the_unit_above_it(self, world: World) -> None:
        merge(world, "V", "T")
        assert fresh(world, "V").dissolved_on == TODAY

    def test_nobody_has_taken_office_after_it(self, world: World) -> None:
        coordinator = world.user("coordinator")
        services.end_tenure(coordinator, world.tenures["leader"].pk, ends_on=TODAY - timedelta(days=9))
        person = world.tenures["liaison"].person
        services.appoint(coordinator, post=world.tenures["leader"].post, person=person, starts_on=YESTERDAY)
        with pytest.raises(BeforeTenure, match="Shi Mingyuan took office in Finance Bureau on 1 March 2026"):
            merge(world, "B", "O", effective_on=YESTERDAY)
        merge(world, "B", "O")


class TestWho:
    def test_who_does_not_see_the_duties_does_not_decide_about_them(self, world: World) -> None:
        owed = duty(world, "O")
        for by in ("system_admin", "head", "other_leader"):
            with pytest.raises(NotAllowed):
                merge(world, "O", "B", by=by)
        assert Obligation.objects.get(pk=owed.pk).state == "open"


class TestSplit:
    def test_a_unit_goes_on_beside_the_new_one(self, world: World) -> None:
        owed = duty(world, "T")
        split(world, "T", new_unit(world, "T2", "V"))
        new, village = Unit.objects.get(code="T2"), fresh(world, "V")
        assert (village.parent_id, new.parent_id) == (new.pk, world.unit("D").pk)
        assert (fresh(world, "T").dissolved_on, Obligation.objects.get(pk=owed.pk).state) == (None, "open")

    def test_a_unit_ends_and_each_of_its_units_has_a_place(self, world: World) -> None:
        with pytest.raises(ChildrenLeft, match="Dongwan Village"):
            split(world, "T", new_unit(world, "T2"), new_unit(world, "T3"), ends=True)
        split(world, "T", new_unit(world, "T2"), new_unit(world, "T3", "V"), ends=True)
        assert fresh(world, "T").dissolved_on == TODAY
        assert fresh(world, "V").parent == Unit.objects.get(code="T3")

    def test_into_two_at_least_where_it_ends_with_codes_of_their_own(self, world: World) -> None:
        with pytest.raises(TooFewParts):
            split(world, "O", new_unit(world, "O2"), ends=True)
        with pytest.raises(CodeTaken):
            split(world, "O", new_unit(world, "O2"), new_unit(world, "O2"))


class TestItsDay:
    def test_a_day_to_come_is_planned_and_performed_once_by_two_ticks(self, world: World) -> None:
        made = rename(world, effective_on=TOMORROW)
        assert (made.state, fresh(world, "B").name_en) == (ChangeState.PLANNED, "Finance Bureau")
        ladder_clock.run(TODAY)
        assert fresh(world, "B").name_en == "Finance Bureau"
        with clock.frozen(TOMORROW):
            for _time in range(2):
                ladder_clock.run(TOMORROW)
        made.refresh_from_db()
        assert (made.state, fresh(world, "B").name_en) == (ChangeState.PERFORMED, "Treasury")
        assert Entry.objects.filter(action="unit.renamed").count() == 1
        assert Entry.objects.get(action="unit.renamed").actor_name == ""

    def test_a_unit_that_ends_today_meets_no_rung_today(self, world: World) -> None:
        due = date(2026, 3, 3)
        owed = duty(world, "O", due)
        decisions = {"duties:report": "ends"}
        merge(world, "O", "B", effective_on=date(2026, 3, 4), decisions=decisions)
        with clock.frozen(date(2026, 3, 4)):
            ladder_clock.run(date(2026, 3, 4))
        assert not owed.steps.filter(action="overdue_notice").exists()

    def test_what_can_no_longer_be_performed_says_why_and_is_tried_again(self, world: World) -> None:
        made = move(world, "V", "B", effective_on=TOMORROW)
        merge(world, "B", "O")
        with clock.frozen(TOMORROW):
            assert changes.perform_due(TOMORROW) == 0
        made.refresh_from_db()
        assert made.state == ChangeState.PLANNED
        assert "dissolved on 2 March 2026" in made.problem["en"]

    def test_one_planned_change_at_a_time_which_may_be_withdrawn_once(self, world: World) -> None:
        made = rename(world, effective_on=TOMORROW)
        with pytest.raises(PlannedAlready):
            merge(world, "O", "B")
        by = world.user("coordinator")
        with pytest.raises(ReasonMissing):
            changes.withdraw(by, made.pk, expected_version=0, reason=" ")
        with pytest.raises(NotAllowed):
            changes.withdraw(world.user("leader"), made.pk, expected_version=0, reason="x")
        changes.withdraw(by, made.pk, expected_version=0, reason="Postponed.")
        with pytest.raises(NotPlanned):
            changes.withdraw(by, made.pk, expected_version=1, reason="Again.")
        assert changes.perform_due(TOMORROW) == 0
        merge(world, "O", "B")

    def test_a_unit_that_is_no_more_changes_no_more(self, world: World) -> None:
        merge(world, "O", "B")
        with pytest.raises(UnitDissolved):
            rename(world, "O")


class TestKept:
    def test_what_was_performed_is_never_rewritten_and_no_change_is_deleted(self, world: World) -> None:
        made, planned = rename(world), rename(world, "O", effective_on=TOMORROW)
        for spoil in (
            lambda: UnitChange.objects.filter(pk=made.pk).update(problem={"en": "x"}),
            lambda: UnitChange.objects.filter(pk=planned.pk).update(reason="Another."),
            lambda: UnitChange.objects.filter(pk=planned.pk).delete(),
        ):
            with pytest.raises(InternalError), transaction.atomic():
                spoil()


def test_the_staff_of_a_merged_unit_goes_on_at_the_successor(world: World) -> None:
    person = Person.objects.create(employee_no="S1", name_en="S", name_zh="员")
    first = Employment.objects.create(person=person, unit=world.unit("B"), starts_on=date(2024, 3, 1), title_zh="科员")
    merge(world, "B", to="O")
    first.refresh_from_db()
    then = Employment.objects.exclude(pk=first.pk).get(person=person)
    assert first.ends_on == TODAY - timedelta(days=1)
    assert (then.unit.code, then.starts_on, then.ends_on, then.title_zh) == ("O", TODAY, None, "科员")
