"""The roles of the programme and where each is held."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person may be in the programme."""

    COORDINATOR = "coordinator", _("Coordinator")
    HEAD = "group_head", _("Head of the leading group")
    MEMBER = "group_member", _("Member of the leading group")
    TOP_LEADER = "top_leader", _("Top leader")
    LIAISON = "liaison", _("Liaison")
    STAFF = "staff", _("Staff")
    CASE_OFFICER = "case_officer", _("Case officer")
    SYSTEM_ADMIN = "system_admin", _("System administrator")
    SECURITY_ADMIN = "security_admin", _("Security administrator")
    AUDITOR = "auditor", _("Auditor")


# Held at exactly one unit; all others reach over the part of the tree below.
UNIT_ROLES = frozenset({Role.TOP_LEADER, Role.LIAISON, Role.STAFF})
# Given by hand. The others follow from tenures and memberships and are never granted.
GRANTED_BY_HAND = frozenset(
    {Role.COORDINATOR, Role.STAFF, Role.CASE_OFFICER, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR}
)
# Given only when a second person has approved, see `approvals`: all that reach beyond a unit.
SENSITIVE = GRANTED_BY_HAND - {Role.STAFF}
# The three offices that keep each other in check: nobody holds two of them.
SEPARATED = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
# Those who see what the programme is about: letters, reports, duties, cases, figures, files. The system administrator
# keeps accounts, master data and machinery, and sees none of it (MLPS 2.0: three separated offices). What a list or an
# object shows is narrowed by these roles wherever no others are named, see `scopes.q`.
CONTENT_ROLES = frozenset(Role) - {Role.SYSTEM_ADMIN}
# Those who work in the portal all day get the dense layout.
OFFICE_ROLES = frozenset(Role) - UNIT_ROLES - {Role.HEAD, Role.MEMBER}


@dataclass(frozen=True, slots=True)
class Assignment:
    """A role held at a path of the tree; over everything below it when `subtree`. `office` names the post."""

    role: Role
    path: str
    subtree: bool
    office: str = ""

    def reaches(self, path: str) -> bool:
        """Whether the role holds at `path`."""
        return path == self.path or (self.subtree and path.startswith(f"{self.path}."))
