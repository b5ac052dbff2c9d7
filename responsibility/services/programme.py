"""The verbs of the programme: its settings, its years, the versions of its letter."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max, Model
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.web.i18n import listed
from portal.workdays import clock
from responsibility import policies
from responsibility.errors import SigningDayPast, TargetTwice, TemplatePublished, WeightsDiffer
from responsibility.models import Clause, LetterTemplate, Programme, ProgrammeYear, Section, Target
from responsibility.rules import weights_of, wrong_weights

# What a new version takes over from the newest, besides its sections.
COPIED = ("name_en", "name_zh", "opening_en", "opening_zh")


@transaction.atomic
def update_programme(by: User | None, values: Mapping[str, str]) -> Programme:
    """Change the programme's settings; `by` is None only when a site is set up. Raises NotAllowed."""
    if by is not None:
        policies.require(policies.may_edit_programme(by))
    programme = Programme.objects.select_for_update().get(pk=1)
    changed = {name: value for name, value in values.items() if getattr(programme, name) != value}
    for name, value in changed.items():
        setattr(programme, name, value)
    if changed:
        programme.save(update_fields=list(changed))
    audit.record(by, "programme.changed", programme, data=changed)
    return programme


@transaction.atomic
def open_year(by: User, *, year: int, signing_due_on: date) -> ProgrammeYear:
    """Open a year, or move the day by which letters not yet issued are signed. Raises SigningDayPast, NotAllowed."""
    policies.require(policies.may_edit_programme(by))
    if signing_due_on < clock.today():
        raise SigningDayPast
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
    names = {name: getattr(newest, name) for name in COPIED} if newest else {}
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
    rows: list[Clause | Target] = [*clauses, *targets]
    for row in rows:
        row.pk, row.section = None, section
        row._state.adding = True
    Clause.objects.bulk_create(clauses)
    Target.objects.bulk_create(targets)


def _locked_draft(by: User, version: int) -> LetterTemplate:
    """The draft, locked. Raises TemplatePublished, NotAllowed."""
    policies.require(policies.may_edit_programme(by))
    template = LetterTemplate.objects.select_for_update().get(version=version)
    if template.published_at is not None:
        raise TemplatePublished
    return template


def _edited(by: User, template: LetterTemplate, row: Model, values: Mapping[str, Any]) -> LetterTemplate:
    """Write what changed in a row of a draft, and the log."""
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    audit.record(by, "template.changed", template, data={"row": f"{row._meta.model_name}:{row.pk}"})
    return template


@transaction.atomic
def edit_template(by: User, version: int, values: Mapping[str, Any]) -> LetterTemplate:
    """Change the names and the opening of a draft. Raises TemplatePublished, NotAllowed."""
    template = _locked_draft(by, version)
    return _edited(by, template, template, values)


@transaction.atomic
def edit_clause(by: User, version: int, clause_id: int, values: Mapping[str, Any]) -> LetterTemplate:
    """Change a clause of a draft. Raises TemplatePublished, NotAllowed."""
    template = _locked_draft(by, version)
    return _edited(by, template, Clause.objects.get(pk=clause_id, section__template=template), values)


@transaction.atomic
def add_clause(by: User, version: int, section: str, values: Mapping[str, Any]) -> LetterTemplate:
    """Add a clause to a section of a draft. Raises TemplatePublished, NotAllowed."""
    template = _locked_draft(by, version)
    Clause.objects.create(section=template.sections.get(code=section), **values)
    audit.record(by, "template.changed", template, data={"added_to": section})
    return template


@transaction.atomic
def remove_clause(by: User, version: int, clause_id: int) -> LetterTemplate:
    """Take a clause out of a draft. Raises TemplatePublished, NotAllowed."""
    template = _locked_draft(by, version)
    clause = Clause.objects.get(pk=clause_id, section__template=template)
    audit.record(by, "template.changed", template, data={"removed": clause.text_en})
    clause.delete()
    return template


@transaction.atomic
def edit_target(by: User, version: int, target_id: int, values: Mapping[str, Any]) -> LetterTemplate:
    """Change a target of a draft; the weights are checked at publishing. Raises TemplatePublished, TargetTwice, NotAllowed."""
    template = _locked_draft(by, version)
    target = Target.objects.get(pk=target_id, section__template=template)
    stored = {"code": target.code, "unit_type": target.unit_type}
    _require_once(template, {**stored, **values}, but=target.pk)
    return _edited(by, template, target, values)


@transaction.atomic
def add_target(by: User, version: int, section: str, values: Mapping[str, Any]) -> LetterTemplate:
    """Add a target to a section of a draft. Raises TemplatePublished, TargetTwice, NotAllowed."""
    template = _locked_draft(by, version)
    _require_once(template, values)
    Target.objects.create(section=template.sections.get(code=section), **values)
    audit.record(by, "template.changed", template, data={"added_to": section, "target": values["code"]})
    return template


@transaction.atomic
def remove_target(by: User, version: int, target_id: int) -> LetterTemplate:
    """Take a target out of a draft. Raises TemplatePublished, NotAllowed."""
    template = _locked_draft(by, version)
    target = Target.objects.get(pk=target_id, section__template=template)
    audit.record(by, "template.changed", template, data={"removed": target.name_en, "target": target.code})
    target.delete()
    return template


def _require_once(template: LetterTemplate, values: Mapping[str, Any], *, but: int | None = None) -> None:
    """That no letter would have two targets with this code: reports are kept by it. Raises TargetTwice."""
    same = Target.objects.filter(section__template=template, code=values["code"], unit_type=values["unit_type"])
    if same.exclude(pk__in=[but] if but else []).exists():
        raise TargetTwice(code=values["code"])


def weight_names(targets: Iterable[Target]) -> list[tuple[str, int]]:
    """What the targets of a version weigh together: for all units, then for each type with targets of its own."""
    rows = list(targets)
    return _named(weights_of(rows), rows)


def _named(weights: Mapping[int | None, int], targets: Iterable[Target]) -> list[tuple[str, int]]:
    """Sums with the name of the type in the active language, those for all others first."""
    names = {target.unit_type_id: target.unit_type.name for target in targets if target.unit_type is not None}
    others = _("all other units") if names else _("all units")
    found = sorted((names[kind], weight) for kind, weight in weights.items() if kind is not None)
    return [(others, weights[None]), *found] if None in weights else found


@transaction.atomic
def publish_template(by: User, version: int) -> LetterTemplate:
    """Publish a draft; from then on letters are issued from it. Raises TemplatePublished, WeightsDiffer, NotAllowed."""
    template = _locked_draft(by, version)
    targets = list(Target.objects.filter(section__template=template).select_related("unit_type"))
    wrong = _named(wrong_weights(targets), targets)
    if wrong:
        raise WeightsDiffer(sums=listed(f"{name} {weight}" for name, weight in wrong))
    template.published_at, template.published_by = clock.now(), by
    template.save(update_fields=["published_at", "published_by"])
    audit.record(by, "template.published", template)
    return template
