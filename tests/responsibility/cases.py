"""What the tests of cases have in common: a silent leader's case, and people who come and go in the leading groups."""

from datetime import date
from uuid import uuid4

from django.test import Client

from portal.accounts.models import User
from portal.obligations import clock as ladder_clock
from portal.organisation.models import GroupMembership, LeadingGroup, Person
from portal.workdays import clock
from responsibility.models import AccountabilityCase, Measure
from responsibility.services import accountability
from tests.responsibility.letters import ready
from tests.world import BACKEND, PASSWORD, World

# Letters are due on 31 March: the ladder's +10 and +20, a day between on which everybody was heard.
OPENED, HEARD, RAISED = date(2026, 4, 15), date(2026, 4, 24), date(2026, 4, 29)


def run(day: date) -> None:
    """The clock, on a day."""
    with clock.frozen(day):
        ladder_clock.run(day)


def silent(world: World, unit: str = "B") -> AccountabilityCase:
    """The case of a unit whose leader never signed."""
    ready(world)
    run(OPENED)
    return AccountabilityCase.objects.get(unit=world.unit(unit))


def decided(world: World, case: AccountabilityCase, by: str = "head", measure: str = "ordered_correction") -> None:
    """The case, decided on `HEARD`."""
    with clock.frozen(HEARD):
        case.refresh_from_db()
        accountability.decide(
            world.user(by), case.pk, expected_version=case.version, measure=of(measure), reason="Late."
        )
        case.refresh_from_db()


def of(code: str) -> Measure:
    """A measure by its code."""
    return Measure.objects.get(code=code)


def member(group: LeadingGroup, name: str, since: date = date(2026, 1, 1), *, head: bool = False) -> User:
    """Somebody new in a leading group, with an account."""
    user = User.objects.create_user(name, PASSWORD, name_en=name.title(), email=f"{name}@example.org")
    person = Person.objects.create(employee_no=name, name_en=name.title(), name_zh=name, user=user)
    GroupMembership.objects.create(group=group, person=person, is_head=head, starts_on=since)
    return User.objects.get(pk=user.pk)


def leaves(group: LeadingGroup, last_day: date) -> None:
    """The head of a group leaves."""
    GroupMembership.objects.heads().filter(group=group, ends_on=None).update(ends_on=last_day)


def heads(group: LeadingGroup, person: Person, since: date) -> None:
    """A person heads a group."""
    GroupMembership.objects.create(group=group, person=person, is_head=True, starts_on=since)


def town_group(world: World) -> LeadingGroup:
    """The leading group below the district's."""
    return LeadingGroup.objects.get(unit=world.unit("T"))


def browser(user: User) -> Client:
    """A browser in which somebody has signed in."""
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def post(client: Client, case: AccountabilityCase, verb: str, **typed: str) -> int:
    """A verb on the case's page, at the version that is stored; the status of the answer."""
    case.refresh_from_db()
    form = {"version": str(case.version), "idempotency_key": str(uuid4())} | typed
    return client.post(f"{case.get_absolute_url()}{verb}/", form).status_code
