"""Measurable targets: for all units or for those of a type, in a draft alone, each letter's weights a hundred."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from portal.organisation.models import UnitType
from portal.web.errors import NotAllowed
from responsibility.errors import TargetTwice, TemplatePublished, WeightsDiffer
from responsibility.models import Clause, LetterTemplate, Section, Target
from responsibility.services import programme
from tests.responsibility.letters import issue, open_year
from tests.world import World

VALUES: dict[str, Any] = {
    "name_en": "Factory affairs published", "name_zh": "厂务公开", "code": "factory", "weight": 20, "measure": "manual",
    "goal": "100", "unit": "%", "unit_zh": "", "due_month": 12, "due_day": 15, "order": 4,
    "evidence": [{"en": "notices", "zh-hans": "公告"}],
}  # fmt: skip


def _kind(code: str) -> UnitType:
    return UnitType.objects.get(code=code)


def _target(version: int, code: str, kind: str | None = None) -> Target:
    return Target.objects.get(section__template__version=version, code=code, unit_type=_kind(kind) if kind else None)


def test_a_township_has_targets_of_its_own_and_each_letter_weighs_a_hundred(world: World) -> None:
    """Village accounts are measured; what they weigh is taken from the township's systems."""
    open_year()
    made = issue(world)
    targets = {code: {target["code"]: target for target in letter.targets} for code, letter in made.items()}
    accounts = targets["T"]["village_accounts"]
    assert (accounts["measure"], accounts["goal"], accounts["weight"]) == ("systems.village_accounts_rate", "100", 10)
    assert accounts["evidence"][0]["en"] == "account handover lists"
    assert [(targets[code]["systems"]["weight"], "village_accounts" in targets[code]) for code in "TVB"] == [
        (10, True), (20, False), (20, False),
    ]  # fmt: skip
    for letter in made.values():
        assert sum(target["weight"] for target in letter.targets) == 100
        assert len(set(letter.target_codes())) == len(letter.targets)


def test_the_paper_says_what_proves_a_target(world: World) -> None:
    """In the reader's language."""
    open_year()
    letter = issue(world)["T"]
    page = world.client("town_head").get(letter.get_absolute_url()).content.decode()
    assert "Evidence: plan, minutes" in page


def test_publishing_names_the_type_whose_weights_do_not_fit(world: World) -> None:
    """With its sum; the others are not named."""
    by = world.user("coordinator")
    programme.draft_template(by)
    programme.add_target(by, 2, "tasks", VALUES | {"unit_type": _kind("state_enterprise")})
    with pytest.raises(WeightsDiffer) as refused, transaction.atomic():
        programme.publish_template(by, 2)
    assert str(refused.value).endswith(f"They give: {_kind('state_enterprise').name} 120.")
    own = VALUES | {"unit_type": _kind("state_enterprise"), "code": "education", "weight": 1}
    programme.add_target(by, 2, "tasks", own)
    programme.edit_target(by, 2, _target(2, "factory", "state_enterprise").pk, {"weight": 19})
    assert programme.publish_template(by, 2).published_at
    open_year()
    weights = {target["code"]: target["weight"] for target in issue(world)["X"].targets}
    assert (weights["factory"], weights["education"], sum(weights.values())) == (19, 1, 100)


def test_a_new_version_takes_the_targets_of_the_types_over(world: World) -> None:
    """With type and evidence."""
    programme.draft_template(world.user("coordinator"))
    copied = _target(2, "village_accounts", "township")
    assert copied.evidence == _target(1, "village_accounts", "township").evidence


def test_one_code_stands_once_for_the_same_units(world: World) -> None:
    """Reports are kept by the code: twice in one letter is refused, by service, form and database."""
    by, client = world.user("coordinator"), world.client("coordinator")
    programme.draft_template(by)
    with pytest.raises(TargetTwice), transaction.atomic():
        programme.add_target(by, 2, "tasks", VALUES | {"code": "plan", "unit_type": None})
    with pytest.raises(TargetTwice), transaction.atomic():
        programme.add_target(by, 2, "duties", VALUES | {"code": "plan", "unit_type": None})
    with pytest.raises(TargetTwice), transaction.atomic():
        programme.edit_target(by, 2, _target(2, "plan").pk, {"code": "systems"})
    typed = _typed({"code": "plan"})
    answer = client.post("/programme/letter/2/tasks/target/new/", typed)
    assert "already" in answer.context["form"].errors["code"][0]
    with pytest.raises(DatabaseError, match="target_once"), transaction.atomic():
        Target.objects.create(section=_target(2, "plan").section, unit_type=None, **VALUES | {"code": "plan"})


def _typed(changes: dict[str, str]) -> dict[str, str]:
    values = {name: str(value) for name, value in VALUES.items() if name != "evidence"}
    words = {"evidence_en": "notices\n\nphotos", "evidence_zh": "公告\n照片", "unit_type": ""}
    return {"idempotency_key": str(uuid4())} | values | words | changes


def test_a_target_is_added_and_removed_on_its_pages_once(world: World) -> None:
    """The same post twice adds one; evidence is kept line by line in both languages."""
    client, base = world.client("coordinator"), "/programme/letter/2/"
    programme.draft_template(world.user("coordinator"))
    assert f"{base}tasks/target/new/" in client.get(base).content.decode()
    form = _typed({"unit_type": str(_kind("village").pk)})
    for _post in range(2):
        assert client.post(f"{base}tasks/target/new/", form)["Location"] == base
    target = _target(2, "factory", "village")
    assert target.evidence == [{"en": "notices", "zh-hans": "公告"}, {"en": "photos", "zh-hans": "照片"}]
    page = client.get(base).content.decode()
    assert "notices, photos" in page
    assert "must give 100" in page
    removed = {"idempotency_key": str(uuid4())}
    for _post in range(2):
        assert client.post(f"{base}target/{target.pk}/remove/", removed).status_code in (302, 404)
    assert not Target.objects.filter(pk=target.pk).exists()
    assert "must give 100" not in client.get(base).content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"evidence_zh": "公告"}, "evidence_zh"),
        ({"measure": "a figure"}, "measure"),
        ({"weight": "0"}, "weight"),
        ({"due_month": "2", "due_day": "30"}, "due_day"),
        ({"code": "no code"}, "code"),
        ({"order": "-1"}, "order"),
    ],
)
def test_what_is_wrong_with_a_target_stands_at_its_field(world: World, changes: dict[str, str], field: str) -> None:
    """And nothing is added."""
    programme.draft_template(world.user("coordinator"))
    answer = world.client("coordinator").post("/programme/letter/2/tasks/target/new/", _typed(changes))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Target.objects.filter(code="factory").exists()


@pytest.mark.parametrize("name", ["leader", "head", "auditor"])
def test_the_coordinator_alone_adds_and_removes_targets(world: World, name: str) -> None:
    """403 in the service."""
    programme.draft_template(world.user("coordinator"))
    with pytest.raises(NotAllowed), transaction.atomic():
        programme.add_target(world.user(name), 2, "tasks", VALUES | {"unit_type": None})
    with pytest.raises(NotAllowed), transaction.atomic():
        programme.remove_target(world.user(name), 2, _target(2, "plan").pk)


def test_no_verb_changes_a_published_target(world: World) -> None:
    """Nor adds one, nor takes one away."""
    by = world.user("coordinator")
    changes: tuple[Callable[[], object], ...] = (
        lambda: programme.add_target(by, 1, "tasks", VALUES | {"unit_type": None}),
        lambda: programme.edit_target(by, 1, _target(1, "plan").pk, {"weight": 1}),
        lambda: programme.remove_target(by, 1, _target(1, "plan").pk),
    )
    for change in changes:
        with pytest.raises(TemplatePublished), transaction.atomic():
            change()


def test_the_database_keeps_a_published_version(world: World) -> None:
    """Whoever asks: none of its rows is added, changed, moved or removed; a draft's are."""
    draft = programme.draft_template(world.user("coordinator"))
    section = Section.objects.get(template__version=1, code="tasks")
    mine = Section.objects.get(template=draft, code="tasks")
    clauses = Clause.objects.filter(section__template__version=1)
    changes: tuple[Callable[[], object], ...] = (
        lambda: Target.objects.filter(section=section).update(weight=1),
        lambda: Target.objects.filter(section=section).delete(),
        lambda: Target.objects.create(section=section, **VALUES),
        lambda: Target.objects.filter(section=mine).update(section=section),
        lambda: clauses.update(text_en="x"),
        clauses.delete,
        lambda: Section.objects.filter(pk=section.pk).update(name_en="x"),
        lambda: Section.objects.create(template=section.template, code="x", order=9),
        lambda: LetterTemplate.objects.filter(version=1).update(name_en="x"),
        lambda: LetterTemplate.objects.filter(version=1).update(published_at=None),
    )
    for change in changes:
        with pytest.raises(DatabaseError, match=r"published version|Cannot update"), transaction.atomic():
            change()
    assert Target.objects.filter(section=mine).update(weight=1) == 10
    assert draft.delete()
