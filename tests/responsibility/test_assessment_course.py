"""No sequence of verbs, by whomever, brings the assessment into a state it may not be in."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from portal.web.errors import PortalError
from portal.workdays import clock
from responsibility.models import FIXED, Assessment, AssessmentState, Mark, Score, SelfCheck
from responsibility.services import assessment as verbs
from tests.responsibility.assessment import AS_OF, opened
from tests.responsibility.letters import YEAR
from tests.world import World

PEOPLE = ("coordinator", "leader", "other_leader", "head", "liaison", "auditor")
UNITS = ("B", "O")
ORDER = [AssessmentState.OPEN, AssessmentState.SELF_CHECK, AssessmentState.FROZEN, AssessmentState.PUBLISHED]


class Course(RuleBasedStateMachine):
    """A year's assessment at the hands of everybody."""

    world: World

    @initialize()
    def begin(self) -> None:
        """A year opened, on a day in January."""
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        opened(self.world)
        self.day = date(2027, 1, 4)
        self.highest = 0
        self.kept: list[tuple[Any, ...]] | None = None

    def teardown(self) -> None:
        """Take it all back."""
        if hasattr(self, "savepoint"):
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    def attempt(self, verb: Callable[[], Any]) -> None:
        """A verb either does what it says, or refuses with a sentence and leaves no trace."""
        before = self.facts()
        try:
            with transaction.atomic(), clock.frozen(self.day):
                verb()
        except (PortalError, Score.DoesNotExist, SelfCheck.DoesNotExist):
            assert self.facts() == before

    @staticmethod
    def facts() -> tuple[Any, ...]:
        """All that verbs may change."""
        scores = tuple(Score.objects.order_by("unit").values_list("unit", "total", "grade", "rank"))
        words = tuple(SelfCheck.objects.order_by("pk").values_list("unit", "agreed", "answered_at"))
        return (*Assessment.objects.values_list("state", "version", "as_of"), scores, words, Mark.objects.count())

    @property
    def now(self) -> Assessment:
        return Assessment.objects.get(year=YEAR)

    @rule(who=st.sampled_from(PEOPLE), days=st.integers(-3, 20), late=st.integers(0, 1))
    def show(self, who: str, days: int, late: int) -> None:
        """Show the units their scores."""
        expected, until = self.now.version - late, self.day + timedelta(days)
        by = self.world.user(who)
        self.attempt(lambda: verbs.start_self_check(by, YEAR, expected_version=expected, as_of=AS_OF, until=until))

    @rule(who=st.sampled_from(PEOPLE))
    def compute(self, who: str) -> None:
        """Compute anew."""
        by, expected = self.world.user(who), self.now.version
        self.attempt(lambda: verbs.recompute(by, YEAR, expected_version=expected, as_of=AS_OF))

    @rule(who=st.sampled_from(PEOPLE), unit=st.sampled_from(UNITS), value=st.integers(0, 100))
    def mark(self, who: str, unit: str, value: int) -> None:
        """Give a mark."""
        by, pk = self.world.user(who), self.world.unit(unit).pk
        self.attempt(lambda: verbs.give_mark(by, YEAR, pk, "innovation", Decimal(value), "seen"))

    @rule(who=st.sampled_from(PEOPLE), unit=st.sampled_from(UNITS), agreed=st.booleans())
    def check(self, who: str, unit: str, agreed: bool) -> None:
        """Agree or object."""
        by = self.world.user(who)
        pk = Score.objects.filter(unit=self.world.unit(unit)).values_list("pk", flat=True).first() or 0
        self.attempt(lambda: verbs.self_check(by, pk, agreed=agreed, text="" if agreed else "no"))

    @rule(who=st.sampled_from(PEOPLE), unit=st.sampled_from(UNITS))
    def answer(self, who: str, unit: str) -> None:
        """Answer an objection."""
        by = self.world.user(who)
        pk = SelfCheck.objects.filter(unit=self.world.unit(unit)).values_list("pk", flat=True).first() or 0
        self.attempt(lambda: verbs.answer(by, pk, text="so"))

    @rule(who=st.sampled_from(PEOPLE), late=st.integers(0, 1))
    def freeze(self, who: str, late: int) -> None:
        """Freeze."""
        by, expected = self.world.user(who), self.now.version - late
        self.attempt(lambda: verbs.freeze(by, YEAR, expected_version=expected))

    @rule(who=st.sampled_from(PEOPLE))
    def publish(self, who: str) -> None:
        """Publish."""
        by, expected = self.world.user(who), self.now.version
        self.attempt(lambda: verbs.publish(by, YEAR, expected_version=expected))

    @rule(days=st.integers(1, 15))
    def wait(self, days: int) -> None:
        """Days go by."""
        self.day += timedelta(days)

    @precondition(lambda self: hasattr(self, "highest"))
    @invariant()
    def it_only_goes_forward(self) -> None:
        """And what is frozen stays as it was."""
        year = self.now
        place = ORDER.index(AssessmentState(year.state))
        assert place >= self.highest
        self.highest = place
        if year.state in FIXED:
            scores = list(Score.objects.order_by("unit").values_list("unit", "total", "grade", "rank"))
            self.kept = self.kept or scores
            assert scores == self.kept
            assert not SelfCheck.objects.filter(agreed=False, answered_at=None).exists()
        for check in SelfCheck.objects.select_related("made_by", "answered_by", "unit"):
            assert check.made_by.username == {"B": "leader", "O": "other_leader"}[check.unit.code]
            assert check.answered_by is None or check.answered_by.username == "coordinator"
        assert set(Mark.objects.values_list("given_by__username", flat=True)) <= {"coordinator"}


def test_no_sequence_of_verbs_reaches_a_state_that_may_not_be(world: World) -> None:
    """Any person, any order, any day."""
    Course.world = world
    run_state_machine_as_test(
        Course,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
