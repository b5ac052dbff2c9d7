"""Where a person stands: every role the person holds, and where."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.accounts.roles import CONTENT_ROLES, OFFICE_ROLES, Assignment, Role


@dataclass(frozen=True)
class Standing:
    """The roles of one person, as of now."""

    assignments: Sequence[Assignment] = ()

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held anywhere."""
        return frozenset(a.role for a in self.assignments)

    def has(self, *roles: Role) -> bool:
        """Whether one of the roles is held anywhere."""
        return any(a.role in roles for a in self.assignments)

    def over(self, path: str, *roles: Role) -> bool:
        """Whether one of the roles holds at `path`."""
        return any(a.role in roles and a.reaches(path) for a in self.assignments)

    def scopes(self, *roles: Role) -> list[Assignment]:
        """The assignments of these roles; all, when none is named."""
        return [a for a in self.assignments if not roles or a.role in roles]

    @property
    def is_kept_from_content(self) -> bool:
        """Whether all offices of the person are of those that see no content; who holds none at all is not meant."""
        return bool(self.roles) and not self.roles & CONTENT_ROLES

    @property
    def is_office(self) -> bool:
        """Whether the person works in the portal all day."""
        return bool(self.roles & OFFICE_ROLES)
