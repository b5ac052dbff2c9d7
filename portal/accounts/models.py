from typing import Any, ClassVar, Self

import pghistory
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_ltree.fields import PathField

from portal.accounts.roles import GRANTED_BY_HAND, SENSITIVE, SEPARATED, Assignment, Role
from portal.accounts.standing import Standing
from portal.audit.tracking import history
from portal.web.i18n import localized, titled
from portal.workdays import clock


class Theme(models.TextChoices):
    """Light or dark."""

    AUTO = "auto", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class UserManager(BaseUserManager["User"]):
    """Makes users; the password is hashed."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """A user without any role."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """A user of Django's own administration pages; it gives no role in the programme."""
        return self.create_user(username, password, is_staff=True, is_superuser=True, **fields)


# Neither secrets nor preferences; when somebody signed in is in the log.
@pghistory.track(*history(), exclude=["password", "last_login", "language", "theme"])
class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in. What the user may do follows from roles over parts of the tree, see `standing`."""

    username = models.CharField(_("user name"), max_length=80, unique=True, validators=[UnicodeUsernameValidator()])
    email = models.EmailField(_("e-mail"), blank=True)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=200, blank=True)

    language = models.CharField(_("language"), max_length=10, blank=True, choices=settings.LANGUAGES)
    theme = models.CharField(_("appearance"), max_length=5, choices=Theme.choices, default=Theme.AUTO)

    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may open Django's administration"), default=False)
    must_change_password = models.BooleanField(_("must change the password"), default=False)
    date_joined = models.DateTimeField(_("since"), default=clock.now)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        ordering = ("username",)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The person's name in the active language; the user name where none is known."""
        return localized(self, "name") or self.username

    def get_full_name(self) -> str:
        """The name, for Django's own pages."""
        return self.name

    @cached_property
    def standing(self) -> Standing:
        """The user's roles, read once for each instance, which lives as long as a request."""
        from portal.accounts.scopes import assignments_of

        return Standing(tuple(assignments_of(self)) if self.is_active else ())

    @property
    def is_office(self) -> bool:
        """Whether the user gets the dense layout with the rail."""
        return self.standing.is_office


class GrantQuerySet(models.QuerySet["Grant"]):
    """Words that chain."""

    def in_force(self) -> Self:
        """Grants not revoked."""
        return self.filter(revoked_at__isnull=True)


@pghistory.track(*history())
class Grant(models.Model):
    """A role given by hand over a part of the tree. Never deleted: revoking ends it."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    path = PathField(_("part of the tree"))
    reason = models.CharField(_("reason"), max_length=300)
    granted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    # The second person, for sensitive roles; nobody when a site is set up from the command line.
    approved_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # Given before a second person was asked for.
    predates_approval = models.BooleanField(default=False, editable=False)
    granted_at = models.DateTimeField(_("granted at"), default=clock.now)
    revoked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        ordering = ("user__username", "role")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(role__in=sorted(GRANTED_BY_HAND)), name="grant_only_roles_given_by_hand"
            ),
            models.UniqueConstraint(
                fields=("user", "role", "path"), condition=Q(revoked_at__isnull=True), name="grant_once"
            ),
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True)
                | ~Q(role__in=sorted(SENSITIVE))
                | Q(approved_by__isnull=False)
                | Q(predates_approval=True),
                name="grant_sensitive_by_two",
            ),
            models.CheckConstraint(
                condition=~Q(approved_by=F("granted_by")) & ~Q(approved_by=F("user")), name="grant_approved_by_another"
            ),
            # Of the three offices a person holds one, over however many parts of the tree.
            ExclusionConstraint(
                name="three_offices_three_persons",
                expressions=[("user", RangeOperators.EQUAL), ("role", RangeOperators.NOT_EQUAL)],
                condition=Q(revoked_at__isnull=True, role__in=sorted(SEPARATED)),
            ),
        ]
        indexes: ClassVar = [GistIndex(fields=("path",), name="grant_path")]

    def __str__(self) -> str:
        return titled(self.user, self.get_role_display())

    def as_assignment(self) -> Assignment:
        """The grant as a part of a person's standing."""
        role = Role(self.role)
        return Assignment(role, str(self.path), subtree=role != Role.STAFF)


from portal.accounts.proposals import GrantProposal  # noqa: E402, F401 - Django looks for models here
from portal.accounts.records import PasswordHistory, UserDevice  # noqa: E402, F401 - Django looks for models here
