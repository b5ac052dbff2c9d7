"""The histories of units and persons."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.accounts import history
from portal.accounts.history_subjects import ACCOUNT, GRANTS
from portal.accounts.models import Grant, User
from portal.organisation.models import GroupMembership, LeadingGroup, Person, Post, Tenure, Unit

DERIVED = frozenset({"sort_key", "initials"})
OFFICE = {"post": _("post"), "person": _("person"), "group": _("leading group"), "unit": _("unit")}


def units_seen_by(reader: User) -> QuerySet[Unit]:
    """Units where the reader reads the log."""
    return Unit.objects.filter(history.seen(reader, "path"))


def persons_seen_by(reader: User) -> QuerySet[Person]:
    """Persons who hold or held an office where the reader reads the log."""
    tenures = Tenure.objects.filter(history.seen(reader, "post__unit__path"))
    seats = GroupMembership.objects.filter(history.seen(reader, "group__unit__path"))
    found = Q(pk__in=tenures.values("person_id")) | Q(pk__in=seats.values("person_id"))
    return Person.objects.filter(found).select_related("user")


def _tenures(reader: User) -> QuerySet[Tenure]:
    seen = Tenure.objects.filter(history.seen(reader, "post__unit__path"))
    return seen.select_related("person", "post__unit")


def _seats(reader: User) -> QuerySet[GroupMembership]:
    return GroupMembership.objects.filter(history.seen(reader, "group__unit__path")).select_related("person", "group")


def _account(person: Person, reader: User) -> QuerySet[User]:
    """Who may read a person's history may read that of the account."""
    return User.objects.filter(pk=person.user_id or 0)


def _grants(person: Person, reader: User) -> QuerySet[Grant]:
    return Grant.objects.filter(history.seen(reader, "path"), user_id=person.user_id or 0).select_related("user")


UNIT = history.Subject(
    "units",
    _("Unit"),
    Unit,
    "code",
    units_seen_by,
    (
        history.Part(
            Unit,
            _("Unit"),
            lambda unit, reader: Unit.objects.filter(pk=unit.pk),
            labels={"parent": _("unit above")},
            hidden=DERIVED | {"path"},
        ),
        history.Part(Post, _("Post"), lambda unit, reader: unit.posts.all(), labels=OFFICE, hidden=frozenset({"unit"})),
        history.Part(Tenure, _("Tenure"), lambda unit, reader: _tenures(reader).filter(post__unit=unit), labels=OFFICE),
        history.Part(
            LeadingGroup,
            _("Leading group"),
            lambda unit, reader: LeadingGroup.objects.filter(unit=unit),
            labels={**OFFICE, "office_at": _("its office is at")},
            hidden=frozenset({"unit"}),
        ),
        history.Part(
            GroupMembership,
            _("Seat in a leading group"),
            lambda unit, reader: _seats(reader).filter(group__unit=unit),
            labels=OFFICE,
        ),
    ),
)
PERSON = history.Subject(
    "persons",
    _("Person"),
    Person,
    "employee_no",
    persons_seen_by,
    (
        history.Part(
            Person,
            _("Person"),
            lambda person, reader: Person.objects.filter(pk=person.pk),
            labels={"user": _("account"), "rank": _("rank"), "official_type": _("type of official")},
            hidden=DERIVED,
        ),
        history.Part(Tenure, _("Tenure"), lambda person, reader: _tenures(reader).filter(person=person), labels=OFFICE),
        history.Part(
            GroupMembership,
            _("Seat in a leading group"),
            lambda person, reader: _seats(reader).filter(person=person),
            labels=OFFICE,
        ),
        history.Part(User, _("Account"), _account, hidden=ACCOUNT.hidden),
        history.Part(Grant, _("Role"), _grants, labels=GRANTS.labels, hidden=GRANTS.hidden),
    ),
    actor=lambda person: person.user,
)


def register_all() -> None:
    """Called once, in `AppConfig.ready()`."""
    history.register(UNIT, PERSON)
