"""The programme's settings, its years, the versions of its letter."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from portal.accounts import services as accounts
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.organisation.models import Unit
from portal.web.errors import NotAllowed
from portal.workdays import clock
from responsibility import policies
from responsibility.errors import SigningDayPast, TemplatePublished, WeightsDiffer
from responsibility.models import Clause, LetterTemplate, PeriodKind, Programme, ProgrammeYear, Target
from responsibility.rules import wrong_weights
from responsibility.services import programme, reports
from tests.responsibility.letters import issue, open_year
from tests.world import BACKEND, PASSWORD, World


def _draft(world: World) -> LetterTemplate:
    return programme.draft_template(world.user("coordinator"))


def test_the_first_version_is_there_and_weighs_a_hundred(world: World) -> None:
    """Published, with five sections and eight targets."""
    first = LetterTemplate.objects.published().get()
    assert first.sections.count() == 5
    targets = Target.objects.filter(section__template=first)
    assert targets.filter(unit_type=None).count() == 8
    assert not wrong_weights(targets)


def test_a_new_version_is_a_copy_that_changes_nothing_until_published(world: World) -> None:
    """There is one draft at a time; letters go on being issued from the published version."""
    draft = _draft(world)
    assert (draft.version, _draft(world).pk) == (2, draft.pk)
    first = LetterTemplate.objects.get(version=1)
    assert draft.opening_zh == first.opening_zh
    counts = [(t.sections.count(), Clause.objects.filter(section__template=t).count()) for t in (first, draft)]
    assert counts[0] == counts[1]
    open_year()
    assert issue(world)["B"].template == first


def test_a_draft_is_published_only_when_its_weights_fit(world: World) -> None:
    """The sentence names the sum."""
    draft, coordinator = _draft(world), world.user("coordinator")
    target = Target.objects.filter(section__template=draft).first()
    assert target is not None
    programme.edit_target(coordinator, 2, target.pk, {"weight": target.weight + 5})
    with pytest.raises(WeightsDiffer, match="105"), transaction.atomic():
        programme.publish_template(coordinator, 2)
    programme.edit_target(coordinator, 2, target.pk, {"weight": target.weight})
    assert programme.publish_template(coordinator, 2).published_by == coordinator
    open_year()
    assert issue(world)["B"].template == draft


def test_a_published_version_is_never_changed(world: World) -> None:
    """By no verb."""
    coordinator, clause = world.user("coordinator"), Clause.objects.filter(section__template__version=1).first()
    assert clause is not None
    changes: tuple[Callable[[], object], ...] = (
        lambda: programme.edit_clause(coordinator, 1, clause.pk, {"text_en": "x"}),
        lambda: programme.remove_clause(coordinator, 1, clause.pk),
        lambda: programme.edit_template(coordinator, 1, {"name_en": "x"}),
        lambda: programme.publish_template(coordinator, 1),
    )
    for change in changes:
        with pytest.raises(TemplatePublished), transaction.atomic():
            change()


@pytest.mark.parametrize("name", ["leader", "head", "auditor", "system_admin"])
def test_the_coordinator_alone_keeps_the_programme(world: World, name: str) -> None:
    """Settings, years, versions."""
    by = world.user(name)
    with pytest.raises(NotAllowed), transaction.atomic():
        programme.draft_template(by)
    with pytest.raises(NotAllowed), transaction.atomic():
        programme.update_programme(by, {"body_en": "x"})
    assert world.client(name).get("/programme/").status_code == 403


def test_a_part_of_the_tree_does_not_govern_the_whole(world: World) -> None:
    """The coordinator of a town issues there, and changes nothing that holds for everybody."""
    by = User.objects.create_user("town_coordinator", PASSWORD)
    accounts.grant(None, user=by, role=Role.COORDINATOR, path=str(world.unit("T").path), reason="test")
    by, day = User.objects.get(pk=by.pk), clock.today()
    assert policies.may_issue_in(by, str(world.unit("V").path))
    changes: tuple[Callable[[], object], ...] = (
        lambda: programme.update_programme(by, {"body_en": "x"}),
        lambda: programme.open_year(by, year=2027, signing_due_on=date(2027, 3, 31)),
        lambda: programme.draft_template(by),
        lambda: programme.publish_template(by, 1),
        lambda: reports.open_period(
            by, year=2026, kind=PeriodKind.ANNUAL, number=1, opens_on=day, due_on=date(2027, 1, 10)
        ),
    )
    for change in changes:
        with pytest.raises(NotAllowed), transaction.atomic():
            change()
    client = Client()
    client.force_login(by, backend=BACKEND)
    for url in ("/programme/", "/programme/year/", "/programme/letter/1/", "/reports/open/"):
        assert client.get(url).status_code == 403
    assert client.get("/letters/2026/issue/").status_code == 200


def test_a_second_top_of_the_tree_is_not_governed_from_the_first(world: World) -> None:
    """Where a site has two trees, the whole is who coordinates both."""
    assert policies.coordinates_all(world.user("coordinator"))
    top = world.unit("D")
    Unit.objects.create(
        pk=9000, code="E", name_en="Other", name_zh="另区", type=top.type, sector=top.sector, path="9000",
        sort_key="x", initials="x",
    )  # fmt: skip
    assert not policies.coordinates_all(world.user("coordinator"))


def _fill(client: Client, url: str) -> dict[str, str]:
    """The form of a page as it stands."""
    form = client.get(url).context["form"]
    values = {bound.name: bound.value() for bound in form}
    return {name: "" if value is None else str(value) for name, value in values.items()}


def test_the_coordinating_body_is_a_setting(world: World) -> None:
    """A commission instead of a procuratorate: letters issued from now on name it."""
    client = world.client("coordinator")
    filled = _fill(client, "/programme/settings/") | {"body_en": "Supervisory Commission", "body_zh": "监察委员会"}
    assert client.post("/programme/settings/", filled)["Location"] == "/programme/"
    assert Programme.objects.get().body_zh == "监察委员会"
    assert "Supervisory Commission" in client.get("/programme/").content.decode()
    open_year()
    assert issue(world)["B"].content["body"]["zh-hans"] == "监察委员会"


def test_a_year_is_opened_with_a_day_in_it(world: World) -> None:
    """Another year's day is a sentence at the field; the same post twice opens one year."""
    client = world.client("coordinator")
    wrong = client.post("/programme/year/", {"year": 2027, "signing_due_on": "2026-03-31"})
    assert wrong.status_code == 422
    assert "signing_due_on" in wrong.context["form"].errors
    assert client.post("/programme/year/", {"year": 2027, "signing_due_on": "no date"}).status_code == 422
    form = {"year": 2027, "signing_due_on": "2027-03-31", "idempotency_key": str(uuid4())}
    assert client.post("/programme/year/", form)["Location"] == "/letters/2027/"
    assert client.post("/programme/year/", form)["Location"] == "/letters/2027/"
    assert ProgrammeYear.objects.count() == 1


def test_a_signing_day_that_has_passed_is_refused_at_its_field(world: World) -> None:
    """Everybody would be late at once; today is still a day."""
    with clock.frozen(date(2026, 6, 1)):
        answer = world.client("coordinator").post("/programme/year/", {"year": 2026, "signing_due_on": "2026-05-31"})
        assert "This day has passed" in answer.context["form"].errors["signing_due_on"][0]
        assert not ProgrammeYear.objects.exists()
        with pytest.raises(SigningDayPast), transaction.atomic():
            programme.open_year(world.user("coordinator"), year=2026, signing_due_on=date(2026, 5, 31))
        assert programme.open_year(world.user("coordinator"), year=2026, signing_due_on=date(2026, 6, 1))


@pytest.mark.parametrize(("language", "shown"), [("en", "‹Regulations›"), ("zh-hans", "‹")])
def test_the_sentence_of_the_template_is_readable(world: World, language: str, shown: str) -> None:
    """The names that are put in are marked; nobody reads %(regulations)s."""
    page = world.client("coordinator").get("/programme/letter/1/", headers={"Accept-Language": language})
    assert shown in page.content.decode()
    assert "%(" not in page.content.decode()


def test_a_draft_is_edited_on_its_pages(world: World) -> None:
    """Begin, rename, add, change, remove, weigh, publish."""
    client = world.client("coordinator")
    assert client.post("/programme/letter/new/", {})["Location"] == "/programme/letter/2/"
    base = "/programme/letter/2/"
    names = _fill(client, f"{base}names/")
    unknown = client.post(f"{base}names/", names | {"opening_en": "By %(nobody)s."})
    assert "opening_en" in unknown.context["form"].errors
    assert client.post(f"{base}names/", names | {"name_en": "Letter of duty"})["Location"] == base
    added = {"text_en": "Keeps a register.", "text_zh": "建立台账。", "unit_type": "", "order": "9"}
    assert client.post(f"{base}duties/new/", added)["Location"] == base
    clause = Clause.objects.get(text_en="Keeps a register.")
    page = f"{base}clause/{clause.pk}/"
    assert client.post(page, _fill(client, page) | {"text_en": "Keeps a list."})["Location"] == base
    assert "Keeps a list." in client.get(base).content.decode()
    assert client.post(f"{page}remove/", {})["Location"] == base
    assert not Clause.objects.filter(pk=clause.pk).exists()
    target = Target.objects.filter(section__template__version=2, code="plan").get()
    page = f"{base}target/{target.pk}/"
    assert client.post(page, _fill(client, page) | {"weight": "101"}).status_code == 422
    assert client.post(page, _fill(client, page) | {"due_month": "2", "due_day": "30"}).status_code == 422
    assert client.post(page, _fill(client, page) | {"weight": "11"})["Location"] == base
    refused = client.post(f"{base}publish/", {})
    assert refused.status_code == 400
    assert "101" in refused.content.decode()
    assert client.post(page, _fill(client, page) | {"weight": "10"})["Location"] == base
    target.refresh_from_db()
    assert target.evidence == [{"en": "plan", "zh-hans": "年度计划"}, {"en": "minutes", "zh-hans": "会议纪要"}]
    assert client.post(f"{base}publish/", {})["Location"] == base
    assert client.post(f"{base}names/", names).status_code == 409
