"""A small named world: a district with two bureaus, a town, a village, and the people who act in it."""

from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from typing import Any

import pgtrigger
import pytest
from django.apps import apps
from django.test import Client

from portal.accounts import services as accounts
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.organisation.importing import UnitsImporter
from portal.organisation.importing.columns import COLUMNS
from portal.organisation.models import LeadingGroup, Person, Post, Tenure, Unit, UnitType
from portal.workdays import clock

PASSWORD = "a long enough password"
TODAY = date(2026, 3, 2)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
UNITS = (
    # code, name, type, parent, group
    ("D", "District", "区", "party_gov_organ", "", "District leading group"),
    ("B", "Finance Bureau", "财政局", "party_gov_organ", "D", ""),
    ("O", "Transport Bureau", "交通运输局", "admin_enforcement", "D", ""),
    ("T", "Hekou Town", "河口镇", "township", "D", "Town leading group"),
    ("V", "Dongwan Village", "东湾村", "village", "T", ""),
    ("X", "Water Company", "供水公司", "state_enterprise", "D", ""),
)
PEOPLE = (
    # unit, user name, name, kind, heads the group
    ("D", "head", "Wei Zhixin", "卫志新", "top_leader", True),
    ("B", "leader", "Xu Zhixin", "许志新", "top_leader", False),
    ("B", "liaison", "Shi Mingyuan", "施明远", "liaison", False),
    ("O", "other_leader", "He Anlan", "何安澜", "top_leader", False),
    ("T", "town_head", "Cao Zhixin", "曹志新", "top_leader", True),
    ("V", "village_leader", "Zhu Wangshu", "朱望舒", "top_leader", False),
)
GRANTED = (
    ("coordinator", Role.COORDINATOR, "D"),
    ("auditor", Role.AUDITOR, "D"),
    ("security_admin", Role.SECURITY_ADMIN, "D"),
    ("system_admin", Role.SYSTEM_ADMIN, "D"),
    ("staff", Role.STAFF, "B"),
)
ROLES = (
    "coordinator",
    "head",
    "leader",
    "liaison",
    "staff",
    "other_leader",
    "auditor",
    "security_admin",
    "system_admin",
)


@dataclass
class World:
    """Units and users by name; every user's password is `PASSWORD`."""

    units: dict[str, Unit]
    users: dict[str, User]
    tenures: dict[str, Tenure]
    vacant_post: Post
    clients: dict[str, Client] = field(default_factory=dict)

    def unit(self, code: str) -> Unit:
        """A unit by its code."""
        return self.units[code]

    def user(self, name: str) -> User:
        """A user, with a standing read anew."""
        return User.objects.get(pk=self.users[name].pk)

    def client(self, name: str) -> Client:
        """A browser in which a user has signed in; an anonymous one for "anonymous"."""
        if name not in self.clients:
            self.clients[name] = Client()
            if name != "anonymous":
                self.clients[name].force_login(self.users[name], backend=BACKEND)
        return self.clients[name]

    @property
    def group(self) -> LeadingGroup:
        """The district's leading group."""
        return LeadingGroup.objects.get(unit=self.units["D"])


def table(units: Any = UNITS, people: Any = PEOPLE) -> list[list[str]]:
    """The world as the rows of an import file."""
    rows = [[column.headings[0] for column in COLUMNS]]
    held = {person[0] for person in people}
    lines = [(unit, person) for unit in units for person in people if person[0] == unit[0]]
    lines += [(unit, None) for unit in units if unit[0] not in held]
    for (code, en, zh, kind, parent, group), person in lines:
        cells = {
            "unit_code": code,
            "unit_name_en": en,
            "unit_name_zh": zh,
            "unit_type": kind,
            "sector": "general",
            "parent_code": parent,
            "group_name_en": group,
            "group_name_zh": group,
        }
        if person is not None:
            _unit, name, name_en, name_zh, post_kind, heads = person
            cells |= {
                "post_title_en": "Director" if post_kind == "top_leader" else "Liaison",
                "post_title_zh": "主任" if post_kind == "top_leader" else "联络员",
                "post_kind": post_kind,
                "employee_no": name.upper(),
                "person_name_en": name_en,
                "person_name_zh": name_zh,
                "email": f"{name}@example.org",
                "since": "2024-01-01",
                "heads_group": "yes" if heads else "",
            }
        rows.append([cells.get(column.code, "") for column in COLUMNS])
    return rows


SEEDS = (
    "portal.organisation.migrations.0002_catalogues",
    "portal.obligations.migrations.0003_default_ladder",
    "cases.migrations.0003_offences_and_rules",
    "cases.migrations.0006_stage_limits",
    "responsibility.migrations.0002_programme_template_measures",
    "responsibility.migrations.0003_opening_and_units",
    "responsibility.migrations.0006_targets_by_type_of_unit",
    "systems.migrations.0002_first_catalogue",
)


def seed() -> None:
    """What the migrations put in, again: tests that commit end with empty tables."""
    if not UnitType.objects.exists():
        # What a migration wrote before there were triggers.
        with pgtrigger.ignore():
            for name in SEEDS:
                import_module(name).fill(apps, None)


def build() -> World:
    """The world, in the database."""
    seed()
    UnitsImporter().apply(None, table())
    units = {unit.code: unit for unit in Unit.objects.all()}
    users = {}
    for _code, name, name_en, name_zh, _kind, _heads in PEOPLE:
        person = Person.objects.get(employee_no=name.upper())
        user = User.objects.create_user(name, PASSWORD, name_en=name_en, name_zh=name_zh, email=f"{name}@example.org")
        person.user = user
        person.save(update_fields=["user"])
        users[name] = user
    for name, role, code in GRANTED:
        users[name] = User.objects.create_user(name, PASSWORD, name_en=name.title(), email=f"{name}@example.org")
        accounts.grant(None, user=users[name], role=role, path=str(units[code].path), reason="test")
    tenures = {t.person.employee_no.lower(): t for t in Tenure.objects.select_related("person", "post__unit")}
    vacant = Post.objects.create(unit=units["X"], kind="top_leader", title_en="Manager", title_zh="经理")
    return World(units, users, tenures, vacant)


@pytest.fixture
def world(db: None) -> Any:
    """The world on a Monday in March, with the clock standing still at nine in the morning."""
    with clock.frozen(TODAY):
        yield build()
