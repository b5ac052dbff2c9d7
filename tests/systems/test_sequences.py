"""No sequence of verbs by any roles leads a version, an inspection or a rectification where it must not be."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.obligations.choices import State
from portal.web.errors import PortalError
from portal.workdays import clock
from systems.models import (
    COMING,
    FORCE,
    OWED,
    Answer,
    BlankArea,
    Inspection,
    InspectionState,
    Rectification,
    RectificationState,
    ReviewOutcome,
    SystemState,
    UnitSystem,
    VersionState,
)
from systems.services import force, inspections, rectification, register
from tests.systems import things
from tests.world import World

WHO = ("leader", "liaison", "staff", "coordinator", "other_leader", "auditor", "system_admin", "head")
Verb = Callable[[Any, int], object]
REPEATED = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


class _Undo(Exception):
    """Takes back what an example did."""


@contextmanager
def example() -> Iterator[None]:
    """Each sequence begins with the same rows."""
    try:
        with transaction.atomic():
            yield
            raise _Undo
    except _Undo:
        pass


def tried(verb: Callable[[], object]) -> bool:
    """Whether a verb did anything; refused ones leave nothing behind. Anything but a sentence fails the test."""
    try:
        with transaction.atomic():
            verb()
    except (PortalError, ObjectDoesNotExist):
        return False
    return True


def _versions(pk: int) -> dict[str, Verb]:
    """The verbs about a system, by who does them, and how many days have passed."""

    def version() -> int:
        newest = UnitSystem.objects.get(pk=pk).versions.latest("number")
        return int(newest.version)

    def row() -> int:
        return int(UnitSystem.objects.get(pk=pk).version)

    def issue(by: Any, days: int) -> object:
        start = clock.today() + timedelta(days=days)
        words = {"adopted_on": min(start, clock.today()), "in_force_from": start, "issuing_body": "x"}
        return force.issue(by, pk, expected_version=version(), **words)  # type: ignore[arg-type]

    return {
        "write": lambda by, n: register.write(by, pk, expected_version=version(), text=f"Text {n}", changes=""),
        "consult": lambda by, n: register.consult(by, pk, expected_version=version(), until=clock.today()),
        "issue": issue,
        "revise": lambda by, n: register.revise(by, pk, expected_version=row()),
        "discard": lambda by, n: force.discard(by, pk, expected_version=version(), reason="r"),
        "repeal": lambda by, n: force.repeal(by, pk, expected_version=row(), reason="r"),
        "review": lambda by, n: force.review(by, pk, expected_version=row(), outcome=ReviewOutcome.KEEP, remarks="r"),
    }


def _require_sound(system: UnitSystem, said: dict[int, str]) -> None:
    """One version in force at most, one coming at most; what was issued says what it said; blank where not in force."""
    versions = list(system.versions.all())
    states = [version.state for version in versions]
    assert states.count(VersionState.IN_FORCE) <= 1
    assert len([state for state in states if state in COMING]) <= 1
    assert (system.state in FORCE) == (VersionState.IN_FORCE in states)
    if system.state == SystemState.REPEALED:
        assert not {*states} & {VersionState.IN_FORCE, *COMING}
    for version in versions:
        if version.number in said:
            assert version.text == said[version.number]
        elif version.state in (VersionState.ISSUED, VersionState.IN_FORCE):
            said[version.number] = version.text
    starts = [v.in_force_from for v in versions if v.state in (VersionState.IN_FORCE, VersionState.SUPERSEDED)]
    assert len(set(starts)) == len(starts)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(("write", "consult", "issue", "revise", "discard", "repeal", "review")),
        st.sampled_from(WHO[:3] * 3 + WHO),
        st.integers(-3, 3),
    ),
    max_size=14,
)


@REPEATED
@given(steps=STEPS)
def test_a_system_is_never_where_it_must_not_be(world: World, steps: list[tuple[str, str, int]]) -> None:
    """Whoever tries what in whatever order; only the leader puts into force, repeals and reviews."""
    with example():
        system = things.draft(world)
        verbs, said, day = _versions(system.pk), dict[int, str](), clock.today()
        for name, who, days in steps:
            day += timedelta(days=abs(days))
            with clock.frozen(day):
                done = tried(lambda name=name, who=who, days=days: verbs[name](world.user(who), days))  # type: ignore[misc]
            if done:
                assert who == "leader" or (who == "liaison" and name not in ("issue", "repeal", "review"))
            _require_sound(UnitSystem.objects.get(pk=system.pk), said)


def _rectification(pk: int, owner: Any) -> dict[str, Verb]:
    def row() -> int:
        return int(Rectification.objects.get(pk=pk).version)

    def excepted(by: Any, days: int) -> object:
        until = clock.today() + timedelta(days=days * 100)
        return rectification.grant_exception(by, pk, expected_version=row(), compensation="c", until=until, reason="r")

    return {
        "name": lambda by, n: rectification.name_measure(by, pk, expected_version=row(), measure="m", owner=owner),
        "submit": lambda by, n: rectification.submit(by, pk, expected_version=row(), done="d"),
        "verify": lambda by, n: rectification.verify(by, pk, expected_version=row(), remarks="r"),
        "return": lambda by, n: rectification.send_back(by, pk, expected_version=row(), remarks="r"),
        "except": excepted,
        "end": lambda by, n: rectification.end_exceptions(),
    }


@REPEATED
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(("name", "submit", "verify", "return", "except", "end")),
            st.sampled_from(("leader", "coordinator") * 3 + WHO),
            st.integers(-1, 5),
        ),
        max_size=16,
    )
)
def test_a_rectification_is_verified_by_another_and_owed_while_open(
    world: World, steps: list[tuple[str, str, int]]
) -> None:
    """What is owed has an open duty, what is not has none; nobody judges the own work."""
    with example():
        known = things.finding(world).rectification
        verbs, day = _rectification(known.pk, world.user("liaison").person), clock.today()
        for name, who, days in steps:
            day += timedelta(days=abs(days) * 20)
            with clock.frozen(day):
                tried(lambda name=name, who=who, days=days: verbs[name](world.user(who), days))  # type: ignore[misc]
            now = Rectification.objects.select_related("obligation", "correction", "owner").get(pk=known.pk)
            duty = now.correction or now.obligation
            assert (duty.state == State.OPEN) == (now.state in OWED)
            if now.state == RectificationState.VERIFIED:
                assert now.verified_by_id is not None and now.verified_by_id != now.submitted_by_id
                assert now.owner is None or now.owner.user_id != now.verified_by_id


def _inspection(pk: int) -> dict[str, Callable[[Any, Answer], object]]:
    def row() -> int:
        return int(Inspection.objects.get(pk=pk).version)

    def answer(by: Any, given: Answer) -> object:
        items = Inspection.objects.get(pk=pk).items
        item = items.filter(answer="").first() or items.first()
        place, seen = (item.position, item.answer) if item else (1, "")
        return inspections.answer(by, pk, place, seen=seen, given=given, remark="")

    return {
        "begin": lambda by, given: inspections.begin(by, pk, expected_version=row()),
        "answer": answer,
        "complete": lambda by, given: inspections.complete(by, pk, expected_version=row(), summary="s"),
        "cancel": lambda by, given: inspections.cancel(by, pk, expected_version=row(), reason="r"),
    }


@REPEATED
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(("begin", "answer", "complete", "cancel")),
            st.sampled_from(("coordinator",) * 4 + WHO),
            st.sampled_from(Answer),
        ),
        max_size=16,
    )
)
def test_an_inspection_is_complete_only_with_all_its_answers(
    world: World, steps: list[tuple[str, str, Answer]]
) -> None:
    """Only inspectors enter anything; what is over stays as it is."""
    with example():
        planned = things.planned(world)
        verbs = _inspection(planned.pk)
        over: dict[int, str] | None = None
        for name, who, given_answer in steps:
            done = tried(lambda name=name, who=who, given=given_answer: verbs[name](world.user(who), given))  # type: ignore[misc]
            now = Inspection.objects.get(pk=planned.pk)
            if done:
                assert who == "coordinator"
            answers = dict(now.items.values_list("position", "answer"))
            if now.state == InspectionState.COMPLETED:
                assert answers and all(answers.values())
                assert not now.items.filter(answer=Answer.NOT_MET, findings=None).exists()
            if now.state in (InspectionState.COMPLETED, InspectionState.CANCELLED):
                assert over is None or over == answers
                over = answers


def test_blank_areas_are_never_doubled(world: World) -> None:
    """However often the day's work is done."""
    from systems.services import daily

    for _time in range(3):
        daily.run()
    open_areas = BlankArea.objects.open().values_list("unit", "category", "power")
    assert len(set(open_areas)) == open_areas.count()
