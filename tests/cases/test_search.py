"""Finding decisions: words of Chinese and English, numbers, phrases, filters with counts, passages, export."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from cases import searching
from cases.models import SearchEntry
from cases.punishments import finding, indexing, terms
from cases.punishments.finding import Filters
from cases.searching import Asked
from cases.services import recommendations
from portal.audit.models import Entry
from tests.cases.crimes import accused, deed, filed
from tests.cases.files import csv, current, imported, row
from tests.world import World

URL = "/cases/search/"


@pytest.fixture
def decisions(world: World) -> World:
    lines = [
        row(),
        row(
            处罚决定书文号="青市监罚〔2024〕88号",
            案件名称="河口建材公司虚开发票案",
            当事人="河口建材有限公司",
            违法事实="虚开增值税专用发票，ABC Trading Ltd 收取手续费。",
            处罚决定日期="2024-06-01",
            立案日期="2024-03-01",
            **{"涉案金额（元）": "20000"},
        ),
        row(
            处罚决定书文号="青市监罚〔2026〕5号",
            案件名称="石桥采购拆",
            当事人="石桥公司",
            违法事实="分散采购。",
            处罚决定日期="2026-01-05",
            立案日期="2025-12-01",
            是否移送司法机关="是",
            **{"涉案金额（元）": ""},
        ),
    ]
    imported(world, csv(*lines))
    return world


def found(world: World, typed: str, who: str = "coordinator", **filters: Any) -> list[str]:
    ids = finding.find(world.user(who), terms.parse(typed), Filters(**filters)).ids
    numbers = dict(SearchEntry.objects.values_list("pk", "punishment__number"))
    return [numbers[pk] for pk in ids]


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("拆分", ["青市监罚〔2025〕1号"]),
        ("采购", ["青市监罚〔2026〕5号", "青市监罚〔2025〕1号"]),
        ("采购 十一份", ["青市监罚〔2025〕1号"]),
        ("虚开增值税专用发票", ["青市监罚〔2024〕88号"]),
        ("trading", ["青市监罚〔2024〕88号"]),
        ('"ABC Trading"', ["青市监罚〔2024〕88号"]),
        ('"Trading ABC"', []),
        ("青市监罚〔2024〕88号", ["青市监罚〔2024〕88号"]),
        ("91410600ma3x9y0001 虚开", ["青市监罚〔2024〕88号"]),
        ("２０２４", ["青市监罚〔2024〕88号"]),
        ("没有的词", []),
    ],
)
def test_words_numbers_and_phrases_are_found(decisions: World, typed: str, numbers: list[str]) -> None:
    assert found(decisions, typed) == numbers


def test_no_pair_reaches_from_one_text_into_the_next(decisions: World) -> None:
    assert found(decisions, "拆石") == []


def test_filters_narrow_and_are_counted(decisions: World) -> None:
    assert found(decisions, "", years=(2024,)) == ["青市监罚〔2024〕88号"]
    assert found(decisions, "", classes=("unknown",)) == ["青市监罚〔2026〕5号"]
    assert found(decisions, "", transferred=("yes",)) == ["青市监罚〔2026〕5号"]
    assert found(decisions, "采购", agencies=(decisions.unit("B").pk,)) == []
    counts = finding.counts(finding.find(decisions.user("coordinator"), terms.parse(""), Filters()).ids)
    assert counts.years == {2024: 1, 2025: 1, 2026: 1}
    assert counts.classes == {"unknown": 1, "under-30k": 1, "200k-3m": 1}
    assert counts.transferred == {"yes": 1, "no": 2}


def test_the_best_match_comes_first_by_rank(decisions: World) -> None:
    user, query = decisions.user("coordinator"), terms.parse("拆分 采购")
    ids = finding.find(user, query, Filters(), by_rank=True).ids
    assert ids == [current().pk]


def test_nobody_finds_decisions_of_another_part_of_the_tree(decisions: World) -> None:
    assert found(decisions, "采购", who="town_head") == []
    assert decisions.client("town_head").get(current().get_absolute_url()).status_code == 404


def test_the_page_shows_the_passage_and_marks_the_words(decisions: World) -> None:
    page = decisions.client("coordinator").get(URL, {"q": "拆分"}).content.decode()
    assert "<mark>拆分</mark>" in page
    assert "青石医药公司<mark>拆分</mark>采购案" in page


def test_one_character_is_refused_with_a_sentence(decisions: World) -> None:
    page = decisions.client("coordinator").get(URL, {"q": "采"}).content.decode()
    assert "at least two characters" in page


@pytest.mark.parametrize("query", ["agency=x", "year=abc", "since=2026-13-01", "amount=all", "page=999", "q=%00'\\"])
def test_a_filter_that_is_none_breaks_nothing(decisions: World, query: str) -> None:
    assert decisions.client("coordinator").get(f"{URL}?{query}").status_code == 200


def test_a_result_is_exported_and_the_export_is_logged(decisions: World) -> None:
    answer = decisions.client("coordinator").get(URL, {"q": "采购", "export": "csv"})
    text = answer.getvalue().decode("utf-8-sig")
    assert len(text.splitlines()) == 3
    assert "青石医药有限公司" in text
    assert Entry.objects.get(action="punishments.exported").data == {"words": "采购", "file": "csv"}


# --- Everything that the room keeps -----------------------------------------------------------------------------------


def everything(world: World, typed: str, who: str = "coordinator", **asked: Any) -> searching.Result:
    return searching.search(world.user(who), terms.parse(typed), Asked(**asked))


def test_cases_and_recommendations_are_found_beside_decisions(decisions: World) -> None:
    case = filed(decisions, accused=[accused("王志新")])
    sent = recommendations.draft(
        decisions.user("coordinator"),
        number="7",
        unit=decisions.unit("B"),
        facts="采购无人监督",
        basis="b",
        measures="m",
    )
    found = everything(decisions, "采购")
    assert found.counts.records == {"crime": 1, "recommendation": 1, "penalty": 2}
    assert [item.record for item in found.items] == ["recommendation", "crime", "penalty", "penalty"]
    assert [item.pk for item in everything(decisions, "王志新").items] == [case.pk]
    assert [item.pk for item in everything(decisions, "无人监督").items] == [sent.pk]


def test_the_filters_of_cases_are_counted_and_leave_decisions_out(decisions: World) -> None:
    case = filed(decisions, accused=[accused("王志新")], deeds=[deed("50000"), deed("4000", "CL382")])
    charge, suspect = case.charges.get(law__offence__code="CL385"), case.suspects.get()
    found = everything(decisions, "", offences=[charge.law.offence_id])
    assert [item.record for item in found.items] == ["crime"]
    assert found.counts.offences == {each.law.offence_id: 1 for each in case.charges.all()}
    assert (found.counts.ranks, found.counts.classes) == ({suspect.rank_id: 1}, {"30k-200k": 1})
    assert everything(decisions, "", ranks=[suspect.rank_id + 1]).items == []
    assert everything(decisions, "", loopholes=[case.loophole_id]).counts.loopholes == {case.loophole_id: 1}
    assert everything(decisions, "", penalties=Filters(transferred=("yes",))).counts.records["crime"] == 0
    assert everything(decisions, "", penalties=Filters(classes=("3m",))).items == []


@given(st.sampled_from([None, "0", "29999.99", "30000", "199999", "200000", "2999999.99", "3000000", "99999999"]))
def test_every_amount_has_one_class(amount: str | None) -> None:
    value = Decimal(amount) if amount else None
    expected = {None: "unknown", "0": "under-30k", "29999.99": "under-30k", "30000": "30k-200k", "199999": "30k-200k"}
    expected |= {"200000": "200k-3m", "2999999.99": "200k-3m", "3000000": "3m", "99999999": "3m"}
    assert searching.class_of(value) == expected[amount]


def test_another_part_of_the_tree_finds_nothing_of_it(decisions: World) -> None:
    filed(decisions)
    assert everything(decisions, "", who="town_head").items == []


def test_the_page_shows_where_the_words_stand_in_a_case(decisions: World) -> None:
    filed(decisions)
    page = decisions.client("coordinator").get(URL, {"q": "分别报批"}).content.decode()
    assert "<mark>分别报批</mark>" in page


def test_the_page_asks_no_more_for_more_cases(decisions: World) -> None:
    client = decisions.client("coordinator")
    for number in range(8):
        filed(decisions, f"more-{number}")
        recommendations.draft(
            decisions.user("coordinator"),
            number=str(number),
            unit=decisions.unit("B"),
            facts="f",
            basis="b",
            measures="m",
        )
    client.get(URL)
    with CaptureQueriesContext(connection) as many:
        client.get(URL)
    # A page with cases and recommendations asks for them, however many there are.
    filed(decisions, "one more")
    with CaptureQueriesContext(connection) as more:
        client.get(URL)
    assert len(more) == len(many)


def test_a_decision_is_found_by_its_words_only_once_they_are_written(world: World) -> None:
    imported(world, csv(row()))
    SearchEntry.objects.all().delete()
    assert found(world, "拆分") == []
    assert indexing.missing() == 1
    assert "found by its words as soon" in world.client("coordinator").get(URL).content.decode()
    indexing.write_all()
    assert found(world, "拆分") == ["青市监罚〔2025〕1号"]


def test_the_page_asks_as_many_questions_for_many_as_for_few(world: World) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            world.client("coordinator").get(URL, {"q": "采购"})
        return len(queries)

    imported(world, csv(row()))
    asked()
    few = asked()
    imported(world, csv(*(row(处罚决定书文号=f"甲{n}") for n in range(30))))
    assert asked() == few


@given(st.text(alphabet="采购拆分一二ab12 。\n", max_size=40), st.integers(0, 38), st.integers(2, 6))
def test_what_stands_in_a_text_is_found_by_it(text: str, start: int, length: int) -> None:
    piece = text[start : start + length]
    if piece.isalnum() and len(piece) >= 2 and all("\u4e00" <= char <= "\u9fff" for char in piece):
        query = terms.parse(piece)
        kept = terms.lexemes([text])
        assert set(query.words[0].lexemes) <= kept


def test_the_rarest_pair_of_a_phrase_is_asked() -> None:
    query = terms.parse("东湾市 采购")
    assert query.tsquery({"东湾": 0.1, "湾市": 0.02, "采购": 0.5}) == "'湾市' & '采购'"


@given(st.text(max_size=60))
def test_whatever_is_typed_asks_the_index_for_letters_and_figures_alone(typed: str) -> None:
    asked = terms.parse(typed).tsquery()
    assert not set(asked.replace("'", "").replace(" & ", "")) & set("\\&|!():*<> ")
