"""The register: drafts, versions, force, revision, repeal, review; what is said stays."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from portal.documents.errors import NameAndContentDiffer
from portal.documents.text import Encrypted, NotADocument, WithoutText
from portal.obligations.choices import State
from portal.obligations.models import Obligation
from portal.web.errors import Conflict, NotAllowed
from portal.workdays import clock
from systems import errors
from systems.models import BlankArea, ReviewOutcome, SystemState, SystemVersion, UnitSystem, VersionState
from systems.services import daily, force, register
from tests.systems import things
from tests.systems.files import docx_with, encrypted_pdf, pdf_with
from tests.world import World


def test_an_adopted_model_text_is_a_draft_that_can_be_written(world: World) -> None:
    """It says what the catalogue says, until the unit changes it."""
    system = things.draft(world)
    version = system.versions.get()
    assert "No brand" in version.text and version.adopted_from is not None
    register.write(world.user("liaison"), system.pk, expected_version=version.version, text="Ours", changes="Shorter")
    with pytest.raises(Conflict), transaction.atomic():
        register.write(world.user("liaison"), system.pk, expected_version=version.version, text="Late", changes="")


def test_a_unit_has_one_system_of_a_category(world: World) -> None:
    """The second is refused; after repeal there is room again."""
    system = things.in_force(world)
    with pytest.raises(errors.HasOneAlready), transaction.atomic():
        things.draft(world)
    force.repeal(world.user("leader"), system.pk, expected_version=system.version, reason="Old")
    assert things.draft(world).pk != system.pk


def test_only_the_leader_puts_into_force(world: World) -> None:
    """The liaison drafts."""
    system = things.draft(world)
    today = clock.today()
    with pytest.raises(NotAllowed), transaction.atomic():
        force.issue(
            world.user("liaison"),
            system.pk,
            expected_version=0,
            adopted_on=today,
            in_force_from=today,
            issuing_body="x",
        )


def test_what_is_in_force_is_never_changed(world: World) -> None:
    """Neither by the service nor by hand."""
    system = things.in_force(world)
    with pytest.raises(errors.NothingComing), transaction.atomic():
        register.write(world.user("leader"), system.pk, expected_version=0, text="x", changes="")
    with pytest.raises(DatabaseError, match="kept once it is issued"), transaction.atomic():
        SystemVersion.objects.filter(system=system).update(text="forged")


def test_a_revision_replaces_the_version_before_it(world: World) -> None:
    """From its day on; before the predecessor's day it cannot begin."""
    system = things.in_force(world)
    by = world.user("leader")
    register.revise(by, system.pk, expected_version=system.version)
    system.refresh_from_db()
    assert system.state == SystemState.UNDER_REVISION and system.is_in_force
    with pytest.raises(errors.BeforePredecessor), transaction.atomic():
        things.issue(world, system)
    with clock.frozen(clock.today() + timedelta(days=30)):
        things.issue(world, system)
    states = list(system.versions.order_by("number").values_list("state", flat=True))
    assert states == [VersionState.SUPERSEDED, VersionState.IN_FORCE]


def test_days_that_make_no_sense_are_refused(world: World) -> None:
    """Decided after force, or in the future."""
    system, today = things.draft(world), clock.today()
    with pytest.raises(errors.DecidedAfterForce), transaction.atomic():
        things.issue(world, system, adopted_on=today, in_force_from=today - timedelta(days=1))
    with pytest.raises(errors.DecidedInFuture), transaction.atomic():
        things.issue(world, system, adopted_on=today + timedelta(days=1), in_force_from=today + timedelta(days=2))


def test_a_version_for_a_later_day_comes_into_force_on_it(world: World) -> None:
    """However late the day's work is done, and once."""
    system = things.draft(world)
    start = clock.today() + timedelta(days=10)
    things.issue(world, system, in_force_from=start)
    assert daily.come_into_force() == 0
    with clock.frozen(start + timedelta(days=3)):
        assert daily.come_into_force() == 1
        assert daily.come_into_force() == 0
    system.refresh_from_db()
    assert (system.state, system.in_force_from) == (SystemState.IN_FORCE, start)


def test_an_empty_version_is_not_issued(world: World) -> None:
    """A name alone binds nobody."""
    system = register.draft_own(world.user("leader"), world.unit("B"), name_en="", name_zh="印章管理制度")
    with pytest.raises(errors.TextMissing), transaction.atomic():
        things.issue(world, system)
    with pytest.raises(errors.NameMissing), transaction.atomic():
        register.draft_own(world.user("leader"), world.unit("B"), name_en=" ", name_zh="")


def test_a_given_up_draft_leaves_what_is_in_force(world: World) -> None:
    """A system that was never in force ends with it."""
    system = things.in_force(world)
    by = world.user("leader")
    version = register.revise(by, system.pk, expected_version=system.version)
    force.discard(by, system.pk, expected_version=version.version, reason="Not needed")
    system.refresh_from_db()
    assert system.state == SystemState.IN_FORCE
    other = things.draft(world, "logistics")
    force.discard(by, other.pk, expected_version=0, reason="Not ours")
    assert UnitSystem.objects.get(pk=other.pk).state == SystemState.REPEALED


def test_a_review_is_a_duty_that_comes_near_and_is_done(world: World) -> None:
    """Opened once when its day is near; the next is counted from the day of the review."""
    system = things.in_force(world)
    assert system.review_due_on == date(2027, 3, 2)
    with clock.frozen(date(2027, 2, 1)):
        assert daily.open_reviews() == 1
        assert daily.open_reviews() == 0
        duty = Obligation.objects.get(kind=daily.REVIEW_DUTY)
        assert duty.due_on == date(2027, 3, 2)
        done = force.review(
            world.user("leader"),
            system.pk,
            expected_version=system.version,
            outcome=ReviewOutcome.KEEP,
            remarks="Applied.",
        )
        duty.refresh_from_db()
        system.refresh_from_db()
    assert (duty.state, done.reviewed_on) == (State.DISCHARGED, date(2027, 2, 1))
    assert system.review_due_on == date(2028, 2, 1)


def test_blank_areas_open_and_close_with_the_register(world: World) -> None:
    """A required system that is not in force is blank; the duty is done when it is, and opens anew when it is repealed."""
    daily.run()
    required = BlankArea.objects.open().filter(unit=world.unit("B"))
    before = required.count()
    assert before == 18
    area = required.get(category__code="gov_procurement")
    system = things.in_force(world)
    area.refresh_from_db()
    assert area.closed_on == clock.today()
    assert area.obligation.state == State.DISCHARGED
    force.repeal(world.user("leader"), system.pk, expected_version=system.version, reason="Old")
    assert required.count() == before
    daily.run()
    assert required.count() == before


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("rule.txt", b"text", NotADocument),
        ("rule.pdf", b"MZ not a pdf", NameAndContentDiffer),
        ("rule.pdf", pdf_with(""), WithoutText),
        ("rule.pdf", encrypted_pdf(), Encrypted),
    ],
)
def test_documents_that_cannot_be_read_are_refused(
    world: World, name: str, content: bytes, error: type[Exception]
) -> None:
    """What is no document, encrypted, without text; nothing is stored."""
    system = things.draft(world)
    with pytest.raises(error), transaction.atomic():
        register.attach(world.user("leader"), system.pk, SimpleUploadedFile(name, content))
    assert system.versions.get().document is None


def test_the_text_of_a_document_is_found(world: World) -> None:
    """In PDF and DOCX; a second document replaces the first."""
    from portal.web.text_search import parse

    system = things.draft(world)
    by = world.user("leader")
    register.attach(by, system.pk, SimpleUploadedFile("rule.docx", docx_with("采购验收由两人签字")))
    assert SystemVersion.objects.visible_to(by).search(parse("验收")).count() == 1
    register.attach(by, system.pk, SimpleUploadedFile("rule.pdf", pdf_with("Purchases need three quotations")))
    assert SystemVersion.objects.visible_to(by).search(parse("验收")).count() == 0
    assert SystemVersion.objects.visible_to(by).search(parse("three quotations")).count() == 1
    assert not SystemVersion.objects.visible_to(world.user("other_leader")).search(parse("quotations")).exists()
