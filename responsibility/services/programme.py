"""The verbs of the programme: its settings, its years, the versions of its letter."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.db.models import Max, Sum

from portal.accounts.models import User
from portal.audit import services as audit
from portal.workdays import clock
from responsibility import policies
from responsibility.errors import TemplatePublished, WeightsDiffer
from responsibility.models import Clause, LetterTemplate, Programme, ProgrammeYear, Section, Target


@transaction.atomic
def update_programme(by: User | None, values: Mapping[str, str]) -> Programme:
    """Change the programme's settings; `by` is None only when a site is set up. Raises NotAllowed."""
    if by is not None:
        policies.require(policies.may_edit_programme(by))
    programme = Programme.objects.select_for_update().get(pk=1)
    changed = {name: value for name, value in values.items() if getattr(programme, name) != value}
    for name, value in changed.items():
        setattr(programme, name, value)
    programme.save(update_fields=list(changed))
    audit.record(by, "programme.changed", programme, data=changed)
    return programme


@transaction.atomic
def open_year(by: User, *, year: int, signing_due_on: date) -> ProgrammeYear:
    """Open a year, or move the day by which letters not yet issued are signed. Raises NotAllowed."""
    policies.require(policies.may_edit_programme(by))
    opened, _new = ProgrammeYear.objects.update_or_create(year=year, defaults={"signing_due_on": signing_due_on})
    audit.record(by, "year.opened", data={"year": year, "signing_due_on": signing_due_on.isoformat()})
    return opened


@transaction.atomic
def draft_template(by: User) -> LetterTemplate:
    """The draft of the next version: the one there is, or a copy of the newest. Raises NotAllowed."""
    policies.require(policies.may_edit_programme(by))
    draft = LetterTemplate.objects.filter(published_at__isnull=True).first()
    if draft is not None:
        return draft
    newest = LetterTemplate.objects.order_by("-version").first()
    version = 1 + (LetterTemplate.objects.aggregate(last=Max("version"))["last"] or 0)
    names = {"name_en": newest.name_en, "name_zh": newest.name_zh} if newest else {}
    draft = LetterTemplate.objects.create(version=version, **names)
    for section in newest.sections.prefetch_related("clauses", "targets") if newest else ():
        _copy(section, draft)
    audit.record(by, "template.drafted", draft)
    return draft


def _copy(section: Section, draft: LetterTemplate) -> None:
    clauses, targets = list(section.clauses.all()), list(section.targets.all())
    section.pk, section.template = None, draft
    section._state.adding = True
    section.save()
    for row in (*clauses, *targets):
        row.pk, row.section = None, section
        row._state.adding = True
    Clause.objects.bulk_create(clauses)
    Target.objects.bulk_create(targets)


@transaction.atomic
def publish_template(by: User, version: int) -> LetterTemplate:
    """Publish a draft; from then on letters are issued from it. Raises TemplatePublished, WeightsDiffer, NotAllowed."""
    policies.require(policies.may_edit_programme(by))
    template = LetterTemplate.objects.select_for_update().get(version=version)
    if template.published_at is not None:
        raise TemplatePublished
    weights = Target.objects.filter(section__template=template).aggregate(sum=Sum("weight"))["sum"] or 0
    if weights != 100:
        raise WeightsDiffer(sum=weights)
    template.published_at, template.published_by = clock.now(), by
    template.save(update_fields=["published_at", "published_by"])
    audit.record(by, "template.published", template)
    return template
