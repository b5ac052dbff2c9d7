"""Recommendations: signed by another, served, replied to in time, judged; on paper; one case, one prevention."""

import uuid
from datetime import date
from typing import Any

import pytest
from django.db import InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cases.errors import DaysInWrongOrder, NumberTaken, ReasonMissing, SignedByDrafter, StepNotOpen
from cases.models import Judgement, Recommendation, RecommendationState, RecommendationWord
from cases.services import recommendations
from portal.notices.models import Notice
from portal.obligations.choices import State
from portal.web.errors import Conflict, NotAllowed
from systems.models import Gravity
from tests.cases.crimes import filed
from tests.world import World

WORDS = {"facts": "采购由一人编制并验收。", "basis": "第三条", "measures": "分设采购与验收岗位。"}
STATES = RecommendationState


def drafted(world: World, number: str = "青石检建〔2026〕7号", **changes: Any) -> Recommendation:
    return recommendations.draft(
        world.user("coordinator"), **({"number": number, "unit": world.unit("B")} | WORDS | changes)
    )


def signed(world: World, found: Recommendation | None = None) -> Recommendation:
    found = found or drafted(world)
    return recommendations.sign(world.user("head"), found.pk, expected_version=0)


def served(world: World) -> Recommendation:
    return recommendations.acknowledge(world.user("leader"), signed(world).pk, expected_version=1)


def replied(world: World) -> Recommendation:
    return recommendations.reply(world.user("leader"), served(world).pk, expected_version=2, text="已分设岗位。")


def judged(world: World, judgement: Judgement) -> Recommendation:
    return recommendations.judge(
        world.user("coordinator"), replied(world).pk, expected_version=3, judgement=judgement, text="理由"
    )


def test_somebody_else_than_the_drafter_signs_and_the_leader_is_told(world: World) -> None:
    found = drafted(world)
    with pytest.raises(SignedByDrafter):
        recommendations.sign(world.user("coordinator"), found.pk, expected_version=0)
    assert not Recommendation.objects.visible_to(world.user("leader")).exists()
    assert signed(world, found).state == STATES.SIGNED
    assert Notice.objects.filter(kind="recommendation_sent", recipient=world.users["leader"]).exists()
    assert Recommendation.objects.visible_to(world.user("leader")).get() == found


def test_the_reply_is_owed_two_months_after_service_and_done_by_replying(world: World) -> None:
    found = served(world)
    duty = found.obligation
    assert duty is not None
    assert (duty.unit, duty.due_on) == (world.unit("B"), date(2026, 5, 2))
    recommendations.reply(world.user("leader"), found.pk, expected_version=2, text="已分设。")
    duty.refresh_from_db()
    assert duty.state == State.DISCHARGED


def test_a_reply_that_is_not_enough_is_owed_again_within_a_month(world: World) -> None:
    found = judged(world, Judgement.AGAIN)
    assert found.state == STATES.RETURNED
    assert found.obligation is not None
    assert (found.obligation.due_on, found.obligation.state) == (date(2026, 4, 2), State.OPEN)
    again = recommendations.reply(world.user("leader"), found.pk, expected_version=4, text="已补充。")
    done = recommendations.judge(
        world.user("coordinator"), again.pk, expected_version=5, judgement=Judgement.DONE, text="已整改"
    )
    assert (done.state, done.accepted_on) == (STATES.ACCEPTED, date(2026, 3, 2))
    assert recommendations.visit(world.user("coordinator"), done.pk, text="现场查看").words.count() == 5


def test_each_verb_refuses_the_wrong_person_state_and_version(world: World) -> None:
    found = drafted(world)
    with pytest.raises(Recommendation.DoesNotExist):
        recommendations.acknowledge(world.user("leader"), found.pk, expected_version=0)
    signed(world, found)
    with pytest.raises(StepNotOpen):
        recommendations.reply(world.user("leader"), found.pk, expected_version=1, text="x")
    with pytest.raises(NotAllowed):
        recommendations.acknowledge(world.user("coordinator"), found.pk, expected_version=1)
    with pytest.raises(Conflict):
        recommendations.acknowledge(world.user("leader"), found.pk, expected_version=0)
    recommendations.acknowledge(world.user("liaison"), found.pk, expected_version=1)
    with pytest.raises(NotAllowed):
        recommendations.reply(world.user("liaison"), found.pk, expected_version=2, text="x")
    with pytest.raises(ReasonMissing):
        recommendations.reply(world.user("leader"), found.pk, expected_version=2, text=" ")
    with pytest.raises(StepNotOpen):
        recommendations.edit(world.user("coordinator"), found.pk, expected_version=2, **WORDS)
    with pytest.raises(NumberTaken):
        drafted(world)


def test_a_withdrawn_one_is_owed_by_nobody(world: World) -> None:
    found = served(world)
    done = recommendations.withdraw(world.user("coordinator"), found.pk, expected_version=2, reason="对象有误")
    assert done.state == STATES.WITHDRAWN
    assert done.obligation is not None
    done.obligation.refresh_from_db()
    assert done.obligation.state == State.CANCELLED
    assert Notice.objects.filter(kind="recommendation_withdrawn").exists()


def test_what_was_said_and_the_order_of_states_are_kept_by_the_database(world: World) -> None:
    found = replied(world)
    with pytest.raises(InternalError), transaction.atomic():
        RecommendationWord.objects.update(text="other")
    with pytest.raises(InternalError), transaction.atomic():
        Recommendation.objects.filter(pk=found.pk).update(state=STATES.DRAFT)


def test_one_case_goes_to_many_units_in_one_act(world: World) -> None:
    case = filed(world)
    made = recommendations.draft_many(
        world.user("coordinator"), [world.unit("B"), world.unit("O")], number="青石检建〔2026〕8号", case=case, **WORDS
    )
    assert [each.number for each in made] == ["青石检建〔2026〕8号-1", "青石检建〔2026〕8号-2"]
    assert {each.loophole for each in made} == {case.loophole}


def post(world: World, who: str, url: str, **data: Any) -> Any:
    return world.client(who).post(url, {"idempotency_key": str(uuid.uuid4()), **data})


def test_a_recommendation_goes_by_page_from_draft_to_judged_reply(world: World) -> None:
    case = filed(world)
    form = world.client("coordinator").get(f"/cases/recommendations/draft/?case={case.pk}").content.decode()
    assert case.means in form
    url = post(
        world,
        "coordinator",
        "/cases/recommendations/draft/",
        number="7",
        unit="B",
        case=case.pk,
        reply_months=2,
        **WORDS,
    ).url
    assert post(world, "head", f"{url}sign/", version=0).status_code == 302
    assert case.number not in world.client("leader").get(url).content.decode()
    assert post(world, "leader", f"{url}served/", version=1).status_code == 302
    assert post(world, "leader", f"{url}reply/", version=1, text="已做").status_code == 409
    key = str(uuid.uuid4())
    for _twice in range(2):
        assert post(world, "leader", f"{url}reply/", version=2, text="已做", idempotency_key=key).status_code == 302
    assert RecommendationWord.objects.count() == 1
    assert post(world, "coordinator", f"{url}judge/", version=3, judgement="rectify", text="好").status_code == 302
    assert "已做" in world.client("leader").get(url).content.decode()
    assert "Reply accepted" in world.client("leader").get("/cases/recommendations/").content.decode()


def test_the_sealed_document_is_made_once_signed_and_once(world: World) -> None:
    found = drafted(world)
    url = f"{found.get_absolute_url()}pdf/"
    assert world.client("coordinator").get(url).status_code == 404
    signed(world, found)
    first, second = (b"".join(world.client("leader").get(url).streaming_content) for _time in range(2))  # type: ignore[attr-defined]
    assert first.startswith(b"%PDF")
    assert first == second


def test_the_list_asks_as_many_questions_for_many_as_for_few(world: World) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            world.client("leader").get("/cases/recommendations/")
        return len(queries)

    served(world)
    asked()
    few = asked()
    for number in range(6):
        signed(world, drafted(world, f"n{number}"))
    assert asked() == few


def test_an_accepted_reply_is_followed_by_a_rectification_that_somebody_verifies(world: World) -> None:
    found = judged(world, Judgement.RECTIFY)
    assert found.finding is not None
    assert (found.finding.unit, found.finding.gravity) == (world.unit("B"), Gravity.SERIOUS)
    assert found.finding.text.endswith(WORDS["measures"])
    assert found.finding.rectification.obligation.due_on == date(2026, 3, 30)


def test_what_was_seen_to_be_done_needs_no_rectification(world: World) -> None:
    assert judged(world, Judgement.DONE).finding is None


def test_the_acknowledgement_is_owed_from_the_signature_on(world: World) -> None:
    found = signed(world)
    receipt = found.obligation
    assert receipt is not None
    assert (receipt.kind, receipt.due_on) == ("recommendation_receipt", date(2026, 3, 9))
    recommendations.acknowledge(world.user("leader"), found.pk, expected_version=1)
    receipt.refresh_from_db()
    assert receipt.state == State.DISCHARGED


def test_what_was_served_on_paper_is_owed_from_that_day_on(world: World) -> None:
    found, by = signed(world), world.user("coordinator")
    words = {"expected_version": 1, "how": "办公室主任签收"}
    for day in (date(2026, 3, 1), date(2026, 3, 3)):
        with pytest.raises(DaysInWrongOrder):
            recommendations.serve_on_paper(by, found.pk, on=day, **words)
    with pytest.raises(NotAllowed):
        recommendations.serve_on_paper(world.user("leader"), found.pk, on=date(2026, 3, 2), **words)
    served = recommendations.serve_on_paper(by, found.pk, on=date(2026, 3, 2), **words)
    assert served.obligation is not None
    assert (served.state, served.obligation.due_on) == (STATES.SERVED, date(2026, 5, 2))
    assert Notice.objects.filter(kind="recommendation_served", recipient=world.users["leader"]).exists()
    with pytest.raises(StepNotOpen):
        recommendations.serve_on_paper(by, found.pk, on=date(2026, 3, 2), **words)
