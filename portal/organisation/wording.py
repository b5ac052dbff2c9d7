"""Persons and days of office in words."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.utils.translation import gettext as _

from portal.organisation.models import Person, Tenure
from portal.web.dates import full_day
from portal.web.i18n import with_note
from portal.workdays import clock


def period(starts_on: date, ends_on: date | None) -> str:
    """The days of an office."""
    if ends_on is None:
        return _("since %(start)s") % {"start": full_day(starts_on)}
    return _("from %(start)s to %(end)s") % {"start": full_day(starts_on), "end": full_day(ends_on)}


def offices(persons: Iterable[Person]) -> Mapping[int, str]:
    """Post and unit of each person who holds one today, by the person's id; the top post where there are several."""
    tenures = Tenure.objects.on(clock.today()).filter(person__in=persons).select_related("post__unit")
    # "other" sorts before "top_leader": the last one wins.
    return {t.person_id: post_of(t) for t in sorted(tenures, key=lambda t: (t.post.kind == "top_leader", t.pk))}


def post_of(tenure: Tenure) -> str:
    """The post and its unit."""
    return _("%(post)s, %(unit)s") % {"post": tenure.post.title, "unit": tenure.post.unit.name}


def persons_in_words(persons: Iterable[Person]) -> list[tuple[str, str]]:
    """Employee number and description of each: "Xu Zhixin, Director, Transport Bureau (E00201)"."""
    found = list(persons)
    held = offices(found)
    return [(p.employee_no, with_note(_who(p.name, held.get(p.pk)), p.employee_no)) for p in found]


def _who(name: str, office: str | None) -> str:
    return _("%(name)s, %(office)s") % {"name": name, "office": office} if office else name
