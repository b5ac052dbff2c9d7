"""The tree of units, and who holds which post in it when."""

from datetime import date
from typing import Any, ClassVar, Self, TypeVar

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, OuterRef, Q, Subquery
from django.db.models.functions import Lower, Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_ltree.fields import PathField

from portal.accounts import scopes
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.audit.tracking import history
from portal.organisation.search_keys import GivenName, PhoneDigits, SecondWord
from portal.web.i18n import Bilingual, localized

M = TypeVar("M", bound=models.Model)

# The days that make sense here; a year like 9999 stands for "open-ended" in other programs and stops calculations.
FIRST_DAY, LAST_DAY = date(1949, 1, 1), date(2100, 12, 31)
# A code stands in addresses: one word, without a slash.
CODE = RegexValidator(
    r"\A\w[\w.\-]*\Z", _("Only letters, figures, “.”, “-” and “_” can be used, and a letter or figure comes first.")
)


class Days(Func):
    """The days from `starts_on` to `ends_on`, both included, as a range."""

    function = "DATERANGE"
    template = "%(function)s(%(expressions)s, '[]')"


class CatalogueEntry(Bilingual):
    """An entry of a reference catalogue that a site may extend."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        abstract = True
        ordering = ("order", "code")

    def __str__(self) -> str:
        return self.name


class UnitType(CatalogueEntry):
    """Organ, institution, enterprise, township, village …"""


class Sector(CatalogueEntry):
    """Finance, construction, health …"""


class Rank(CatalogueEntry):
    """The rank of an official."""


class OfficialType(CatalogueEntry):
    """Leading cadre, law-enforcement officer, finance staff …"""


class Level(models.TextChoices):
    """The administrative level of a unit."""

    PROVINCE = "province", _("Province")
    CITY = "city", _("City")
    DISTRICT = "district", _("District or county")
    TOWNSHIP = "township", _("Township or sub-district")
    VILLAGE = "village", _("Village or community")


def _word(field: str, name: str) -> models.CheckConstraint:
    """That a code has neither slash nor space, so that it fits an address."""
    return models.CheckConstraint(condition=Q(**{f"{field}__regex": r"^[^/?#\s]+$"}), name=name)


def within_reach(name: str) -> models.CheckConstraint:
    """That the days of an office make sense."""
    known = Q(starts_on__range=(FIRST_DAY, LAST_DAY)) & (Q(ends_on__isnull=True) | Q(ends_on__lte=LAST_DAY))
    return models.CheckConstraint(condition=known, name=name)


class UnitQuerySet(models.QuerySet["Unit"]):
    """Words that chain into a sentence."""

    def visible_to(self, user: User) -> Self:
        """Units at which `user` holds any role."""
        return self.filter(scopes.q(user, "path", Role))

    def under(self, path: str) -> Self:
        """A unit and everything below it."""
        return self.filter(path__descendants=path)

    def active(self) -> Self:
        """Units not dissolved."""
        return self.filter(dissolved_on__isnull=True)

    def with_responsible_group(self) -> Any:
        """Adds `responsible_group_id`: the leading group nearest above, never the unit's own."""
        nearest = (
            LeadingGroup.objects.filter(unit__path__ancestors=OuterRef("path"))
            .exclude(unit_id=OuterRef("pk"))
            .annotate(depth=Func(F("unit__path"), function="nlevel", output_field=models.IntegerField()))
            .order_by("-depth")
        )
        return self.annotate(responsible_group_id=Subquery(nearest.values("pk")[:1]))  # type: ignore[no-redef]

    def with_top_leader(self, on: date) -> Any:
        """Adds `leader_tenure_id`, `leader_name_en`, `leader_name_zh` of who holds the top post on a day."""
        held = Tenure.objects.top_leaders().on(on).filter(post__unit=OuterRef("pk"))
        return self.annotate(  # type: ignore[no-redef]
            leader_tenure_id=Subquery(held.values("pk")[:1]),
            leader_name_en=Subquery(held.values("person__name_en")[:1]),
            leader_name_zh=Subquery(held.values("person__name_zh")[:1]),
        )

    def search(self, words: str) -> Self:
        """By code, a name of now or earlier, pinyin or its initials; also by the name of who holds a post there."""
        plain = words.strip()
        squeezed = plain.replace(" ", "").lower()
        people = Tenure.objects.filter(
            Q(person__name_zh__contains=plain)
            | Q(person__name_en__icontains=plain)
            | Q(person__sort_key__startswith=squeezed)
        )
        return self.filter(
            Q(code__iexact=plain)
            | Q(name_zh__contains=plain)
            | Q(name_en__icontains=plain)
            | Q(sort_key__contains=squeezed)
            | Q(initials__startswith=squeezed)
            | Q(pk__in=people.values("post__unit_id"))
            | Q(pk__in=UnitChange.objects.of_name(words).values("unit_id"))
        )


@pghistory.track(*history())
class Unit(Bilingual):
    """A unit of the programme, from the district down to the village. Its place is its `path`."""

    code = models.CharField(_("code"), max_length=40, unique=True, validators=[CODE])
    type = models.ForeignKey(UnitType, on_delete=models.PROTECT, related_name="units", verbose_name=_("type"))
    sector = models.ForeignKey(Sector, on_delete=models.PROTECT, related_name="units", verbose_name=_("sector"))
    level = models.CharField(_("level"), max_length=10, choices=Level.choices, default=Level.DISTRICT)

    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    # One label for each unit, its own id, so that neither a new name nor a new code moves it.
    path = PathField(_("path"), unique=True)

    # Where anybody may call or write; a person's own phone is the person's.
    office_phone = models.CharField(_("office phone"), max_length=40, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)

    dissolved_on = models.DateField(_("dissolved on"), null=True, blank=True)
    dissolution_reason = models.CharField(_("reason for dissolving"), max_length=300, blank=True)

    # Pinyin, for order and search; the server has no Chinese collation of its own.
    sort_key = models.CharField(max_length=300, editable=False)
    initials = models.CharField(max_length=60, editable=False)

    objects = UnitQuerySet.as_manager()

    # Only on rows of a queryset that asked for them: `with_responsible_group`, `with_top_leader`.
    responsible_group_id: int | None
    leader_tenure_id: int | None
    leader_name_en: str | None
    leader_name_zh: str | None

    class Meta:
        ordering = ("path",)
        indexes: ClassVar = [
            GistIndex(fields=("path",), name="unit_path"),
            # The network's search: what begins with the words, and what stands inside a name. A Chinese word of two
            # characters has no trigram; a few thousand units are read through for it.
            models.Index(Upper("code"), name="unit_code_begins"),
            models.Index(fields=("initials",), name="unit_initials_begin"),
            models.Index(fields=("sort_key",), name="unit_pinyin_begins"),
            models.Index(PhoneDigits("office_phone"), name="unit_phone_begins"),
            GinIndex(OpClass(Upper("name_en"), name="gin_trgm_ops"), name="unit_name_en_holds"),
            GinIndex(OpClass(F("name_zh"), name="gin_trgm_ops"), name="unit_name_zh_holds"),
            GinIndex(OpClass(F("sort_key"), name="gin_trgm_ops"), name="unit_pinyin_holds"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(level__in=Level.values), name="unit_level_known"),
            _word("code", "unit_code_fits_an_address"),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="unit_lies_below_its_parent",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                # The row as it stands at the end: parent and path are written by two statements. Its children are
                # looked at too, so that a moved unit leaves none behind.
                func="""
                    IF EXISTS (
                        SELECT 1 FROM organisation_unit u LEFT JOIN organisation_unit p ON p.id = u.parent_id
                        WHERE (u.id = NEW.id OR u.parent_id = NEW.id)
                        AND CASE WHEN u.parent_id IS NULL THEN nlevel(u.path) <> 1
                                 ELSE u.path <> p.path || u.id::text END
                    ) THEN
                        RAISE EXCEPTION 'unit % does not lie below its parent', NEW.code;
                    END IF;
                    RETURN NULL;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The unit's file."""
        return reverse("organisation:unit", args=(self.code,))


class PersonQuerySet(models.QuerySet["Person"]):
    """Words that chain into a sentence."""

    def visible_to(self, user: User) -> Self:
        """Persons who hold or held an office, or work or worked, in a part of the tree where `user` holds any role."""
        tenures = Tenure.objects.filter(scopes.q(user, "post__unit__path", Role))
        memberships = GroupMembership.objects.filter(scopes.q(user, "group__unit__path", Role))
        employments = Employment.objects.visible_to(user)
        return self.filter(
            Q(pk__in=tenures.values("person_id"))
            | Q(pk__in=memberships.values("person_id"))
            | Q(pk__in=employments.values("person_id"))
        )

    def search(self, words: str) -> Self:
        """By either name (every word of it), pinyin or initials."""
        squeezed = "".join(words.split()).lower()
        english = Q(name_en__isnull=False)
        for word in words.split():
            english &= Q(name_en__icontains=word)
        return self.filter(
            Q(name_zh__contains="".join(words.split()))
            | english
            | Q(sort_key__startswith=squeezed)
            | Q(initials=squeezed)
        )


@pghistory.track(*history())
class Person(Bilingual):
    """Somebody who holds or held a post. A person may have an account."""

    employee_no = models.CharField(_("employee number"), max_length=40, unique=True, validators=[CODE])
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    rank = models.ForeignKey(Rank, null=True, blank=True, on_delete=models.PROTECT, related_name="persons")
    official_type = models.ForeignKey(
        OfficialType, null=True, blank=True, on_delete=models.PROTECT, related_name="persons"
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="person"
    )
    sort_key = models.CharField(max_length=300, editable=False)
    initials = models.CharField(max_length=60, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ("sort_key", "pk")
        # The network's search looks for what begins with the words; it walks each in its order and stops when it has enough.
        indexes: ClassVar = [
            models.Index(fields=("name_zh",), name="person_name_zh_begins"),
            models.Index(GivenName("name_zh"), name="person_given_zh_begins"),
            models.Index(fields=("sort_key", "id"), name="person_pinyin_begins"),
            models.Index(fields=("initials",), name="person_initials_begin"),
            models.Index(Lower("name_en"), name="person_name_en_begins"),
            models.Index(SecondWord("name_en"), name="person_given_en_begins"),
            models.Index(Upper("employee_no"), name="person_number_begins"),
            models.Index(PhoneDigits("phone"), name="person_phone_begins"),
        ]
        constraints: ClassVar = [_word("employee_no", "employee_no_fits_an_address")]

    def __str__(self) -> str:
        return self.name


class PostKind(models.TextChoices):
    """What a post makes of its holder."""

    TOP_LEADER = "top_leader", _("Top leader")
    LIAISON = "liaison", _("Liaison")
    OTHER = "other", _("Other post")


@pghistory.track(*history())
class Post(models.Model):
    """A post in a unit."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    title_en = models.CharField(_("title in English"), max_length=120)
    title_zh = models.CharField(_("title in Chinese"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=PostKind.choices, default=PostKind.OTHER)

    class Meta:
        ordering = ("unit", "kind", "title_en")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("unit",), condition=Q(kind="top_leader"), name="one_top_post_in_a_unit"),
            models.UniqueConstraint(fields=("unit", "title_en", "title_zh"), name="post_once_in_a_unit"),
            models.CheckConstraint(condition=Q(kind__in=PostKind.values), name="post_kind_known"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the active language."""
        return localized(self, "title")


def _on(day: date) -> Q:
    return Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))


class TenureQuerySet(models.QuerySet["Tenure"]):
    """Words that chain into a sentence."""

    def on(self, day: date) -> Self:
        """Tenures that hold on a day."""
        return self.filter(_on(day))

    def top_leaders(self) -> Self:
        """Tenures of the post that makes its holder the top leader."""
        return self.filter(post__kind=PostKind.TOP_LEADER)

    def liaisons(self) -> Self:
        """Tenures of a liaison's post."""
        return self.filter(post__kind=PostKind.LIAISON)


@pghistory.track(*history())
class Tenure(models.Model):
    """A person in a post from a day to a day. A post never has two holders at once."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="tenures")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tenures")
    starts_on = models.DateField(_("in office since"))
    # The last day; open-ended while null.
    ends_on = models.DateField(_("until"), null=True, blank=True)
    # Named by the leading group while the post is vacant.
    acting = models.BooleanField(_("acting"), default=False)

    objects = TenureQuerySet.as_manager()

    class Meta:
        ordering = ("post", "-starts_on")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="tenure_days_in_order"
            ),
            within_reach("tenure_days_within_reach"),
            ExclusionConstraint(
                name="one_holder_at_a_time",
                expressions=[
                    (Days(F("starts_on"), F("ends_on")), RangeOperators.OVERLAPS),
                    ("post", RangeOperators.EQUAL),
                ],
            ),
        ]
        indexes: ClassVar = [
            # Sign-in's question: which posts does this person hold?
            models.Index(fields=("person", "starts_on"), name="tenure_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.post}"


@pghistory.track(*history())
class LeadingGroup(Bilingual):
    """A leading group for prevention, at a node of the tree; responsible for the units below it."""

    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="leading_group")
    # Where its office is: the coordinating body of the jurisdiction.
    office_at = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("unit__path",)

    def __str__(self) -> str:
        return self.name

    def head(self, on: date) -> "GroupMembership | None":
        """Who heads the group on a day."""
        return self.memberships.heads().on(on).select_related("person__user").first()


class MembershipQuerySet(models.QuerySet["GroupMembership"]):
    """Words that chain into a sentence."""

    def on(self, day: date) -> Self:
        """Memberships that hold on a day."""
        return self.filter(_on(day))

    def heads(self) -> Self:
        """Heads only."""
        return self.filter(is_head=True)


@pghistory.track(*history())
class GroupMembership(models.Model):
    """A person in a leading group, from a day to a day. A group never has two heads at once."""

    group = models.ForeignKey(LeadingGroup, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    is_head = models.BooleanField(_("head"), default=False)
    starts_on = models.DateField(_("since"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ("group", "-is_head", "starts_on")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="membership_days_in_order"
            ),
            within_reach("membership_days_within_reach"),
            ExclusionConstraint(
                name="one_head_at_a_time",
                expressions=[
                    (Days(F("starts_on"), F("ends_on")), RangeOperators.OVERLAPS),
                    ("group", RangeOperators.EQUAL),
                ],
                condition=Q(is_head=True),
            ),
            ExclusionConstraint(
                name="member_once_at_a_time",
                expressions=[
                    (Days(F("starts_on"), F("ends_on")), RangeOperators.OVERLAPS),
                    ("group", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.group}"


from portal.organisation.change_models import ChangePart, UnitChange  # noqa: E402 - they refer to what is above
from portal.organisation.models_people import Employment, EmploymentQuerySet, PersonRow  # noqa: E402 - they refer to what is above

__all__ = [
    "CODE", "FIRST_DAY", "LAST_DAY", "CatalogueEntry", "ChangePart", "Employment", "EmploymentQuerySet", "GroupMembership",
    "LeadingGroup", "Level", "MembershipQuerySet", "OfficialType", "Person", "PersonQuerySet", "PersonRow", "Post", "PostKind",
    "Rank", "Sector", "Tenure", "TenureQuerySet", "Unit", "UnitChange", "UnitQuerySet", "UnitType",
]  # fmt: skip
