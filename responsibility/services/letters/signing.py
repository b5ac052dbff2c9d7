"""The two signatures: the head of the leading group signs the batch, then each top leader the own letter."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, F, Max, QuerySet

from portal.accounts.models import User
from portal.audit import services as audit
from portal.obligations import services as obligations
from portal.obligations.models import Obligation
from portal.organisation.models import GroupMembership, LeadingGroup, Person, Tenure
from portal.web import broker
from portal.workdays import clock
from responsibility import policies
from responsibility.errors import (
    HeadNotSigned,
    LetterClosed,
    NameDiffers,
    NothingChosen,
    NotRead,
    NotYourLetter,
    SignedAlready,
)
from responsibility.evidence import Proof, shown_in_batch
from responsibility.models import Letter, LetterState, Side, Signature
from responsibility.rules import same_name
from responsibility.services.letters import telling
from responsibility.tasks import seal_letter


class Whole(NamedTuple):
    """All that waits of a group, up to the number that its head was shown: what was issued later waits on."""

    group_id: int
    last_serial: int


def waiting_for(user: User, year: int) -> "QuerySet[Letter]":
    """The letters that wait for a head's signature; of their words, only the number (`numbers`) is read."""
    lean = _waiting(user, year).select_related("unit", "group").defer("content").annotate(numbers=F("content__number"))
    return lean.order_by("group__unit__path", "unit__path")


def _waiting(user: User, year: int) -> "QuerySet[Letter]":
    return Letter.objects.for_year(year).filter(state=LetterState.ISSUED, group__in=policies.headed_groups(user))


class Batch(NamedTuple):
    """What waits of one group: how many letters, and the last of their numbers."""

    group: LeadingGroup
    total: int
    last_serial: int


def batches_for(user: User, year: int) -> list[Batch]:
    """What waits for a head, by group, without reading the letters."""
    waiting = _waiting(user, year).order_by().values("group").annotate(total=Count("pk"), last=Max("serial"))
    found = {row["group"]: row for row in waiting}
    groups = LeadingGroup.objects.filter(pk__in=found).select_related("unit").order_by("unit__path")
    return [Batch(group, found[group.pk]["total"], found[group.pk]["last"]) for group in groups]


@transaction.atomic
def sign_for_group(
    by: User,
    *,
    year: int,
    typed_name: str,
    letter_ids: Collection[int] = (),
    wholes: Collection[Whole] = (),
    proof: Proof = Proof(),  # noqa: B008 - a value
) -> int:
    """Sign a batch as head of the leading group, letters one by one or all of a group; returns how many were signed.

    Whoever asks has confirmed the password. Raises NothingChosen, NameDiffers, SignedAlready, LetterClosed, NotAllowed,
    and DoesNotExist for another group's.
    """
    memberships = GroupMembership.objects.heads().on(clock.today()).filter(person__user=by)
    held = {membership.group_id: membership for membership in memberships.select_related("person", "group")}
    policies.require(bool(held))
    chosen = set(letter_ids) | _ids_of(wholes, year, held)
    if not chosen:
        raise SignedAlready if wholes else NothingChosen
    person = next(iter(held.values())).person
    _require_name(person, typed_name)
    ours = Letter.objects.for_year(year).filter(pk__in=chosen, group__in=held).order_by("pk")
    letters = list(telling.lean(ours).select_for_update(of=("self",), no_key=True))
    if len(letters) < len(chosen):
        raise Letter.DoesNotExist
    if any(letter.state in (LetterState.SUPERSEDED, LetterState.WITHDRAWN) for letter in letters):
        raise LetterClosed
    if any(letter.state != LetterState.ISSUED for letter in letters):
        raise SignedAlready
    _write_group_signatures(letters, held, typed_name, proof)
    # The rows are locked, so the condition on their state has been asked already.
    ours.update(state=LetterState.HEAD_SIGNED, version=F("version") + 1)
    telling.leaders(letters)
    audit.record(by, "letters.signed_for_group", data={"letters": [letter.pk for letter in letters]})
    return len(letters)


def _ids_of(wholes: Collection[Whole], year: int, held: Mapping[int, GroupMembership]) -> set[int]:
    """The letters of whole groups that still wait. Raises DoesNotExist for a group that is not this head's."""
    found: set[int] = set()
    for whole in wholes:
        if whole.group_id not in held:
            raise Letter.DoesNotExist
        waiting = Letter.objects.for_year(year).filter(state=LetterState.ISSUED, group=whole.group_id)
        found.update(waiting.filter(serial__lte=whole.last_serial).values_list("pk", flat=True))
    return found


def _write_group_signatures(
    letters: Sequence[Letter], held: dict[int, GroupMembership], typed_name: str, proof: Proof
) -> None:
    """One row for each letter, in one statement; the letters must be locked."""
    now, origin, shown = clock.now(), audit.origin(), shown_in_batch(len(letters))
    Signature.objects.bulk_create(
        Signature(
            letter=letter,
            side=Side.GROUP,
            person=held[letter.group_id].person,
            membership=held[letter.group_id],
            office_en=f"Head, {held[letter.group_id].group.name_en}",
            office_zh=f"{held[letter.group_id].group.name_zh}组长",
            typed_name=typed_name.strip(),
            signed_at=now,
            ip=origin.ip,
            agent=origin.agent,
            content_sha256=letter.content_sha256,
            authenticated=list(proof.authenticated),
            shown=shown,
        )
        for letter in letters
    )


def _require_name(person: Person, typed: str) -> None:
    if not same_name(typed, person.name_en, person.name_zh):
        raise NameDiffers(name=person.name)


@transaction.atomic
def sign_for_unit(
    by: User,
    letter_id: int,
    *,
    expected_version: int,
    read: bool,
    typed_name: str,
    proof: Proof = Proof(),  # noqa: B008 - a value
) -> Signature:
    """Sign as the unit's first responsible person. Whoever asks has confirmed the password.

    Raises NotRead, NameDiffers, HeadNotSigned, SignedAlready, LetterClosed, NotYourLetter, NotAllowed, Conflict.
    """
    seen = Letter.objects.visible_to(by).get(pk=letter_id)
    # The duties before the letter, as whoever changes the holder of the post locks them.
    duties = _lock_duties(seen)
    letter = Letter.objects.locked(letter_id)
    policies.require(policies.is_top_leader(by, letter))
    require_signable(letter)
    tenure = signing_tenure(by, letter)
    if not read:
        raise NotRead
    _require_name(tenure.person, typed_name)
    signature = _write_unit_signature(letter, tenure, typed_name, proof)
    # A letter issued while the post was vacant becomes the letter of who signs it.
    signed = {"signed_at": signature.signed_at, "tenure": tenure}
    letter.move_to(LetterState.SIGNED, expected_version=expected_version, **signed)
    for duty in duties:
        obligations.discharge(duty.pk)
    broker.wake(seal_letter, letter.pk)
    audit.record(
        by, "letter.signed", letter, path=str(letter.unit.path), data={"content_sha256": letter.content_sha256}
    )
    return signature


def require_signable(letter: Letter) -> None:
    """That the letter waits for the top leader. Raises HeadNotSigned, SignedAlready, LetterClosed."""
    match letter.state:
        case LetterState.ISSUED:
            raise HeadNotSigned
        case LetterState.SIGNED:
            raise SignedAlready
        case LetterState.SUPERSEDED | LetterState.WITHDRAWN:
            raise LetterClosed


def signing_tenure(by: User, letter: Letter) -> Tenure:
    """The tenure in which `by` signs. Raises NotYourLetter when the letter names another."""
    held = Tenure.objects.top_leaders().on(clock.today()).filter(post__unit=letter.unit_id, person__user=by)
    tenure = held.select_related("person", "post").first()
    if tenure is None or letter.tenure_id not in (None, tenure.pk):
        raise NotYourLetter
    return tenure


def _write_unit_signature(letter: Letter, tenure: Tenure, typed_name: str, proof: Proof) -> Signature:
    origin = audit.origin()
    return Signature.objects.create(
        letter=letter,
        side=Side.UNIT,
        person=tenure.person,
        tenure=tenure,
        office_en=f"{tenure.post.title_en}, {letter.unit.name_en}",
        office_zh=f"{letter.unit.name_zh}{tenure.post.title_zh}",
        typed_name=typed_name.strip(),
        signed_at=clock.now(),
        ip=origin.ip,
        agent=origin.agent,
        content_sha256=letter.content_sha256,
        authenticated=list(proof.authenticated),
        shown=proof.shown,
    )


def _lock_duties(letter: Letter) -> list[Obligation]:
    """The duties that the signature closes, locked in the order of their keys.

    Its own, and those of all earlier holders who let the day pass in that year: nobody else can close them any more. The
    letters between may have been withdrawn, so they are found by unit and year and not along `replaces`.
    """
    same = Letter.objects.filter(unit=letter.unit_id, year=letter.year, serial__lte=letter.serial)
    duties = Obligation.objects.filter(letter__in=same).order_by("pk")
    return list(duties.select_for_update(of=("self",), no_key=True))
