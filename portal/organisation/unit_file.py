"""What the organisation itself has in a unit's file: facts, posts, who held them, who works there."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.accounts.models import User
from portal.organisation.change_models import ChangeState
from portal.organisation.change_wording import told_of
from portal.organisation.models import Employment, GroupMembership, Tenure, Unit
from portal.organisation.sections import Event, Section, Sheet
from portal.workdays import clock

SHOWN = 8


def _facts(unit: Unit, user: User, year: int | None) -> Iterator[Sheet]:
    """The unit, and its posts with who held them."""
    rows: list[tuple[Any, ...]] = [
        (_t("Code"), unit.code),
        (_t("Name in English"), unit.name_en),
        (_t("Name in Chinese"), unit.name_zh),
        (_t("Type"), unit.type.name),
        (_t("Sector"), unit.sector.name),
        (_t("Level"), str(unit.get_level_display())),
        (_t("Belongs to"), unit.parent.name if unit.parent else ""),
        (_t("Dissolved on"), unit.dissolved_on),
    ]
    yield Sheet(_("The unit"), (_("What"), _("Value")), [row for row in rows if row[1]])
    held = _tenures(unit)
    if year is not None:
        held = [t for t in held if t.starts_on.year <= year and (t.ends_on is None or t.ends_on.year >= year)]
    yield Sheet(
        _("Who held which post"),
        (_("Post"), _("Person"), _("Employee number"), _("In office since"), _("Until")),
        [(t.post.title, _who(t), t.person.employee_no, t.starts_on, t.ends_on) for t in held],
    )


def _tenures(unit: Unit) -> list[Tenure]:
    return list(Tenure.objects.filter(post__unit=unit).select_related("person", "post").order_by("-starts_on", "pk"))


def _who(tenure: Tenure) -> str:
    return _t("%(name)s (acting)") % {"name": tenure.person.name} if tenure.acting else tenure.person.name


def _changes(unit: Unit, user: User) -> Iterator[Event]:
    """Who came and went, in posts and in the unit's own leading group; what became of the unit."""
    for t in _tenures(unit):
        words = {"name": t.person.name, "post": t.post.title}
        yield Event(t.starts_on, _t("%(name)s takes the post of %(post)s") % words, icon="user-check")
        if t.ends_on is not None and t.ends_on <= clock.today():
            yield Event(t.ends_on, _t("%(name)s leaves the post of %(post)s") % words, icon="user-off")
    for seat in GroupMembership.objects.filter(group__unit=unit).select_related("person", "group"):
        words = {"name": seat.person.name, "group": seat.group.name}
        title = _t("%(name)s heads the %(group)s") if seat.is_head else _t("%(name)s joins the %(group)s")
        yield Event(seat.starts_on, title % words, icon="users")
    for told in told_of(unit):
        if told.change.state == ChangeState.PERFORMED:
            change = told.change
            yield Event(change.effective_on, told.sentence, change.reason, change.get_absolute_url(), "sitemap")


def _people(unit: Unit, user: User, year: int | None) -> dict[str, Any]:
    """How many work there, and the newest of them."""
    staff = Employment.objects.visible_to(user).filter(unit=unit)
    here = staff.on(clock.today()).select_related("person")
    return {"count": here.count(), "newest": here.order_by("-starts_on", "person__sort_key")[:SHOWN]}


def _people_sheet(unit: Unit, user: User, year: int | None) -> Iterator[Sheet]:
    staff = Employment.objects.visible_to(user).filter(unit=unit).select_related("person")
    if year is not None:
        staff = staff.filter(starts_on__year__lte=year).exclude(ends_on__year__lt=year)
    rows: list[tuple[Any, ...]] = [
        (e.person.name, e.person.employee_no, e.title, e.starts_on, e.ends_on)
        for e in staff.order_by("person__sort_key", "-starts_on")
    ]
    headings = (pgettext_lazy("person", "Name"), _("Employee number"), _("Position"), _("There since"), _("Until"))
    yield Sheet(_("People"), headings, rows)


def _sees_people(user: User, unit: Unit) -> bool:
    return Employment.objects.visible_to(user).filter(unit=unit).exists()


def sections() -> Iterable[Section]:
    """What is registered."""
    return (
        # The page shows facts and posts in a way of its own, with the verbs beside them.
        Section("unit", _("The unit"), "", lambda unit, user, year: {}, lambda user, unit: True, 0, _facts, _changes),
        Section("people", _("People"), "organisation/unit_people.html", _people, _sees_people, 90, _people_sheet),
    )
