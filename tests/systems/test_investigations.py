"""Investigations: questions, units, answers, results; research reports."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from python_calamine import CalamineWorkbook

from portal.obligations import services as obligations
from portal.obligations.models import Obligation
from portal.web.errors import Conflict, NotAllowed
from portal.workdays import clock
from systems.errors_programme import (
    AnswersMissing,
    AnswerUnfit,
    DueInPast,
    InvestigationNotOpen,
    InvestigationOpened,
    NobodyAsked,
    NoQuestions,
    NotToAnswer,
    OptionsMissing,
    ReportPublished,
)
from systems.investigation_results import results
from systems.investigation_rules import Asked, Given, fits
from systems.models.investigations import Answer, Question, QuestionKind, Questionnaire, QuestionnaireState
from systems.services import investigations
from systems.services.investigations import InvestigationPlan, QuestionText
from tests.queries import count_queries
from tests.systems.experience import ALL, DUE, asked, draft, hand_in, opened, report
from tests.world import World

DUTIES = Obligation.objects.filter(kind="questionnaire")


def test_an_opened_investigation_is_one_duty_for_each_unit(world: World) -> None:
    """Discharged when the unit hands in; closing ends those of the others."""
    made = opened(world)
    assert set(DUTIES.open().values_list("unit__code", "due_on")) == {("B", DUE), ("O", DUE)}
    assert hand_in(world, asked(made)).state == QuestionnaireState.ANSWERED
    assert DUTIES.open().get().unit.code == "O"
    closed = investigations.close(world.user("coordinator"), made.pk, expected_version=made.version)
    assert not DUTIES.open().exists()
    assert asked(made, "O").state == QuestionnaireState.ENDED
    with pytest.raises(InvestigationNotOpen), transaction.atomic():
        hand_in(world, asked(made, "O"), "other_leader")
    with pytest.raises(InvestigationNotOpen), transaction.atomic():
        investigations.close(world.user("coordinator"), made.pk, expected_version=closed.version)


def test_an_investigation_opens_with_questions_units_and_a_day_to_come(world: World) -> None:
    """Each sentence says what is missing."""
    by = world.user("coordinator")
    made = investigations.draft(by, InvestigationPlan("调查", "x", DUE))
    with pytest.raises(NoQuestions), transaction.atomic():
        investigations.open_(by, made.pk, expected_version=0)
    with pytest.raises(OptionsMissing), transaction.atomic():
        investigations.add_question(by, made.pk, QuestionText(QuestionKind.ONE, "问", options=(("是", ""),)))
    investigations.add_question(by, made.pk, QuestionText(QuestionKind.TEXT, "问"))
    with pytest.raises(NobodyAsked), transaction.atomic():
        investigations.open_(by, made.pk, expected_version=0)
    investigations.address(by, made.pk, [world.unit("B")])
    with clock.frozen(DUE + timedelta(days=1)), pytest.raises(DueInPast), transaction.atomic():
        investigations.open_(by, made.pk, expected_version=0)
    investigations.open_(by, made.pk, expected_version=0)


def test_the_questions_are_kept_once_units_answer(world: World) -> None:
    """By the services and by the database."""
    made, by = opened(world), world.user("coordinator")
    question = made.questions.all()[0]
    text = QuestionText(QuestionKind.TEXT, "另一问")
    for deed in (
        lambda: investigations.add_question(by, made.pk, text),
        lambda: investigations.edit_question(by, made.pk, question.pk, text),
        lambda: investigations.remove_question(by, made.pk, question.pk),
        lambda: investigations.address(by, made.pk, [world.unit("V")]),
        lambda: investigations.open_(by, made.pk, expected_version=made.version),
    ):
        with pytest.raises(InvestigationOpened), transaction.atomic():
            deed()
    with pytest.raises(DatabaseError), transaction.atomic():
        Question.objects.filter(pk=question.pk).update(text_zh="改")


def test_answers_are_kept_with_gaps_and_handed_in_without(world: World) -> None:
    """Once handed in, they are as they were."""
    one = asked(opened(world))
    leader = world.user("leader")
    one = investigations.save(leader, one.pk, {1: Given((0,))}, expected_version=0)
    with pytest.raises(AnswersMissing, match="2, 3, 4"), transaction.atomic():
        hand_in(world, one, given={1: Given((0,))})
    one.refresh_from_db()
    assert one.state == QuestionnaireState.OWED
    with pytest.raises(Conflict), transaction.atomic():
        investigations.save(world.user("liaison"), one.pk, ALL, expected_version=0)
    with pytest.raises(AnswerUnfit, match="2"), transaction.atomic():
        hand_in(world, one, given=ALL | {2: Given((7,))})
    one = hand_in(world, one)
    with pytest.raises(NotToAnswer), transaction.atomic():
        hand_in(world, one)
    with pytest.raises(DatabaseError), transaction.atomic():
        Answer.objects.filter(questionnaire=one).delete()


def test_only_leader_and_liaison_answer_for_their_unit(world: World) -> None:
    """The coordinator asks and does not answer; another unit finds nothing."""
    made = opened(world)
    for who in ("coordinator", "head", "staff"):
        with pytest.raises(NotAllowed), transaction.atomic():
            hand_in(world, asked(made), who)
    with pytest.raises(Questionnaire.DoesNotExist), transaction.atomic():
        hand_in(world, asked(made), "other_leader")
    assert hand_in(world, asked(made), "liaison").answered_by == world.users["liaison"]


def test_a_unit_that_is_no_more_is_no_longer_asked(world: World) -> None:
    """Its questionnaire ends with its duty."""
    one = asked(opened(world))
    obligations.cancel(one.obligation_id or 0, reason="merged", by=None)
    one.refresh_from_db()
    assert one.state == QuestionnaireState.ENDED


def test_results_count_what_the_reader_sees(world: World) -> None:
    """Shares of options, figures, words; of a leader only the own unit."""
    made = opened(world)
    hand_in(world, asked(made))
    hand_in(world, asked(made, "O"), "other_leader", ALL | {1: Given((1,)), 4: Given((), Decimal(5)), 5: Given()})
    whole = results(made, Questionnaire.objects.visible_to(world.user("coordinator")))
    assert [share.chosen for share in whole[0].shares] == [1, 1]
    assert [share.percent for share in whole[2].shares] == [100, 0, 100]
    assert (whole[3].lowest, whole[3].mean, whole[3].highest) == (3, 4, 5)
    assert whole[4].words == (("Finance Bureau", "more training"),)
    own = results(made, Questionnaire.objects.visible_to(world.user("leader")))
    assert [share.chosen for share in own[0].shares] == [1, 0]


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        ("one", Given((0, 1)), False),
        ("many", Given((0, 0)), False),
        ("yes_no", Given((1,)), True),
        ("number", Given((0,)), False),
        ("number", Given((), Decimal("1e20")), False),
        ("text", Given((), Decimal(1)), False),
        ("text", Given((), None, "words"), True),
        ("one", Given(), True),
    ],
)
def test_an_answer_fits_its_question(kind: str, given: Given, expected: bool) -> None:
    """Nothing answered fits; whether it may be left out is another question."""
    assert fits(Asked(1, kind, 2, True), given) is expected


def test_a_published_report_is_kept(world: World) -> None:
    """Others read it from then on."""
    by, made = world.user("coordinator"), report(world)
    assert world.client("leader").get(made.get_absolute_url()).status_code == 404
    made = investigations.publish(by, made.pk, expected_version=made.version)
    assert world.client("leader").get(made.get_absolute_url()).status_code == 200
    with pytest.raises(ReportPublished), transaction.atomic():
        investigations.publish(by, made.pk, expected_version=made.version)
    with pytest.raises(ReportPublished), transaction.atomic():
        investigations.write_report(by, title_zh="x", summary="x", text="x", report_id=made.pk, expected_version=1)


# --- Pages ------------------------------------------------------------------------------------------------------------


def test_a_questionnaire_is_answered_in_the_browser(world: World) -> None:
    """Kept, then refused with a sentence at the gap, then handed in once."""
    made = opened(world)
    client, url = world.client("leader"), f"{made.get_absolute_url()}units/B/answer/"
    assert client.post(url, {"q1": "0", "version": 0}).status_code == 302
    page = client.post(url, {"q1": "0", "version": 1, "hand_in": "1"})
    assert page.status_code == 422
    assert "This question must be answered before you hand in." in page.content.decode()
    typed = {
        "q1": "0",
        "q2": "1",
        "q3": ["0", "2"],
        "q4": "0",
        "version": 1,
        "hand_in": "1",
        "idempotency_key": uuid4(),
    }
    for _again in range(2):
        assert client.post(url, typed).status_code == 302
    assert asked(made).state == QuestionnaireState.ANSWERED
    assert client.post(url, typed | {"idempotency_key": uuid4(), "version": 3}).status_code == 409


def test_an_investigation_is_written_and_opened_in_the_browser(world: World) -> None:
    """Options are typed one in each line."""
    client = world.client("coordinator")
    typed = {"title_zh": "调查", "aim": "x", "due_on": "2026-04-10"}
    url = client.post("/investigations/new/", typed)["Location"]
    question = {"position": 1, "text_zh": "多久一次", "kind": "one", "options": "从不 / never\n每年 / yearly"}
    assert client.post(f"{url}questions/", question).status_code == 302
    assert client.post(f"{url}questions/", question | {"options": "从不"}).status_code == 400
    assert client.post(f"{url}units/", {"named": "B"}).status_code == 302
    assert "1 unit owes its answers" in client.get(f"{url}open/").content.decode()
    assert client.post(f"{url}open/", {"version": 0}).status_code == 302
    assert "yearly" in client.get(url).content.decode()


def test_all_answers_are_a_workbook(world: World) -> None:
    """A row for each unit, a column for each question."""
    made = opened(world)
    hand_in(world, asked(made))
    answer = world.client("auditor").get(f"{made.get_absolute_url()}answers/")
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[1][:3] == ["B", "Finance Bureau", "Yes"] and rows[1][4] == "never; quarterly" and rows[1][5] == 3.0


def test_the_pages_ask_no_more_for_more_rows(world: World) -> None:
    """For more investigations, for more units that answered."""
    client = world.client("coordinator")
    made = opened(world, "BT")
    hand_in(world, asked(made))
    few = count_queries(client, "/investigations/"), count_queries(client, made.get_absolute_url())
    made = opened(world, "BOVX")
    hand_in(world, asked(made))
    hand_in(world, asked(made, "O"), "other_leader")
    draft(world)
    more = count_queries(client, "/investigations/"), count_queries(client, made.get_absolute_url())
    assert more <= few
