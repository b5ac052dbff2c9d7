"""The verbs of the register up to force: adopt a model text, draft, write, attach, consult."""

from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from portal.accounts.models import User
from portal.audit import services as audit
from portal.documents import services as documents
from portal.documents.text import extract
from portal.obligations.policies import require
from portal.organisation.models import Post, Unit
from portal.web.i18n import is_chinese
from portal.workdays import clock
from systems import policies
from systems.errors import (
    DayPast,
    HasOneAlready,
    NameMissing,
    NothingComing,
    NotOfUnit,
    NotWritable,
    RevisionUnderWay,
    SystemRepealed,
    TextMissing,
)
from systems.models import COMING, RequiredSystem, Requirement, SystemState, SystemVersion, UnitSystem, VersionState
from systems.services.guards import require_unit

DOCUMENTS = "system-version"


def log(by: User | None, verb: str, system: UnitSystem, **data: Any) -> None:
    """Write a deed about a system into the log."""
    audit.record(by, f"system.{verb}", system, path=str(system.unit.path), data=data)


def found(by: User, system_id: int) -> UnitSystem:
    """The system, locked, if `by` may see it and its unit goes on. Raises DoesNotExist, UnitEnded."""
    UnitSystem.objects.visible_to(by).get(pk=system_id)
    system = UnitSystem.objects.locked(system_id)
    require_unit(system.unit)
    return system


def coming(system: UnitSystem) -> SystemVersion:
    """The version that is being written or waits for its day. Raises NothingComing."""
    version = system.versions.filter(state__in=COMING).first()
    if version is None:
        raise NothingComing
    return version


def state_while_written(system: UnitSystem, state: SystemState) -> SystemState:
    """The state of a system as a whole while a version of it is: one in force stays so, under revision."""
    return SystemState.UNDER_REVISION if system.is_in_force else state


@transaction.atomic
def adopt(by: User, unit: Unit, category: RequiredSystem) -> UnitSystem:
    """Draft a system from the model text of the catalogue, in the language of who drafts it.

    Raises HasOneAlready, UnitEnded, NotAllowed.
    """
    model = Requirement.objects.in_force(clock.today().year).get(system=category)
    names = {"name_en": category.name_en, "name_zh": category.name_zh}
    return _begin(by, unit, category, names, model.model_text_zh if is_chinese() else model.model_text_en, model)


@transaction.atomic
def draft_own(by: User, unit: Unit, *, name_en: str, name_zh: str) -> UnitSystem:
    """Draft a system of the unit's own, which the catalogue does not know. Raises NameMissing, UnitEnded, NotAllowed."""
    if not (name_en.strip() or name_zh.strip()):
        raise NameMissing
    return _begin(by, unit, None, {"name_en": name_en.strip(), "name_zh": name_zh.strip()}, "", None)


def _begin(
    by: User,
    unit: Unit,
    category: RequiredSystem | None,
    names: dict[str, str],
    text: str,
    model: Requirement | None,
) -> UnitSystem:
    require(policies.may_write(by, unit))
    require_unit(unit)
    try:
        with transaction.atomic():
            system = UnitSystem.objects.create(unit=unit, category=category, **names)
    except IntegrityError as error:
        raise HasOneAlready from error
    write_version(by, system, number=1, text=text, adopted_from=model)
    log(by, "drafted", system, category=category.code if category else "")
    return system


def write_version(by: User | None, system: UnitSystem, *, number: int, **fields: Any) -> SystemVersion:
    """A new version, in draft unless `fields` say otherwise."""
    now = clock.now()
    return SystemVersion.objects.create(
        system=system, number=number, made_by=by, made_at=now, saved_by=by, saved_at=now, **fields
    )


@transaction.atomic
def write(by: User, system_id: int, *, expected_version: int, text: str, changes: str) -> SystemVersion:
    """Write the text of the coming version. Raises NothingComing, NotWritable, NotAllowed, UnitEnded, Conflict."""
    version = _writable(by, system_id)
    version.save_fields(
        expected_version=expected_version, text=text, changes=changes, saved_by=by, saved_at=clock.now()
    )
    log(by, "written", version.system, version=version.number)
    return version


def _writable(by: User, system_id: int) -> SystemVersion:
    system = found(by, system_id)
    require(policies.may_write(by, system.unit))
    version = coming(system)
    if not version.is_writable:
        raise NotWritable
    return version


@transaction.atomic
def attach(by: User, system_id: int, upload: "UploadedFile[Any]") -> SystemVersion:
    """Attach the document of the coming version; one attached before is replaced. Its text becomes searchable.

    Raises NothingComing, NotWritable, NotAllowed, UnitEnded, and what `extract` and `documents.attach` raise.
    """
    version = _writable(by, system_id)
    text = extract(upload.name or "", upload.file)  # type: ignore[arg-type]
    document = documents.attach(by, DOCUMENTS, version, upload)
    before = version.document_id
    version.save_fields(
        expected_version=version.version,
        document=document,
        document_text=text,
        saved_by=by,
        saved_at=clock.now(),
    )
    if before is not None:
        documents.detach(by, before)
    log(by, "document_attached", version.system, version=version.number)
    return version


@transaction.atomic
def describe(
    by: User,
    system_id: int,
    *,
    expected_version: int,
    name_en: str,
    name_zh: str,
    scope: str,
    owner: Post | None,
) -> UnitSystem:
    """Say what the system is called, whom it binds and which post looks after it.

    Raises NameMissing, NotOfUnit, NotAllowed, UnitEnded, Conflict.
    """
    system = found(by, system_id)
    require(policies.may_write(by, system.unit))
    if not (name_en.strip() or name_zh.strip()):
        raise NameMissing
    if owner is not None and owner.unit_id != system.unit_id:
        raise NotOfUnit(unit=system.unit.name)
    values = {"name_en": name_en.strip(), "name_zh": name_zh.strip(), "scope": scope.strip(), "owner": owner}
    system.save_fields(expected_version=expected_version, **values)
    log(by, "described", system)
    return system


@transaction.atomic
def consult(by: User, system_id: int, *, expected_version: int, until: date) -> SystemVersion:
    """Lay the draft before those it will bind, until a day. Raises DayPast, TextMissing and as `write`."""
    version = _writable(by, system_id)
    if until < clock.today():
        raise DayPast
    require_text(version)
    version.move_to(VersionState.CONSULTATION, expected_version=expected_version, consultation_until=until)
    system = version.system
    system.move_to(state_while_written(system, SystemState.CONSULTATION), expected_version=system.version)
    log(by, "consulted", system, version=version.number, until=until)
    return version


def require_text(version: SystemVersion) -> None:
    """Raises TextMissing for a version that says nothing."""
    if not (version.text.strip() or version.document_text.strip()):
        raise TextMissing


@transaction.atomic
def revise(by: User, system_id: int, *, expected_version: int) -> SystemVersion:
    """Begin a new version from the one in force, which stays in force meanwhile.

    Raises RevisionUnderWay, SystemRepealed, NotAllowed, UnitEnded, Conflict.
    """
    system = found(by, system_id)
    require(policies.may_write(by, system.unit))
    if system.state == SystemState.REPEALED:
        raise SystemRepealed
    if system.versions.coming().exists():  # type: ignore[attr-defined]
        raise RevisionUnderWay
    last = system.versions.latest("number")
    system.move_to(state_while_written(system, SystemState.DRAFT), expected_version=expected_version)
    made = write_version(
        by, system, number=last.number + 1, text=last.text or last.document_text, adopted_from=last.adopted_from
    )
    log(by, "revision_begun", system, version=made.number)
    return made
