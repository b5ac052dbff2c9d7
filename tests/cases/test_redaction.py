"""What the rules of redaction find in labelled sentences, by kind; and what they must leave alone.

A file of `data/` has a sentence a line; `[kind:text]` is what must not be published. `python -m tests.cases.test_redaction`
lists what is missed.
"""

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import redaction
from cases.redaction import Mask

LABEL = re.compile(r"\[(\w+):([^\]]+)\]")
DATA = Path(__file__).parent / "data"
# The rules were made with these before the eyes: each form of sentence stands there with three sets of names and numbers.
LINES = (DATA / "redaction.txt").read_text(encoding="utf-8").splitlines()
# These are of other forms; the last fourteen were written after the last rule: what to expect of a new text.
UNSEEN = (DATA / "redaction_unseen.txt").read_text(encoding="utf-8").splitlines()
# The share of what must be masked that is; a rule that finds less than it did fails here.
RECALL = {"name": 0.97, "address": 0.95, "minor": 0.95} | dict.fromkeys(
    ("id", "code", "phone", "account", "plate", "contact"), 1.0
)
UNSEEN_RECALL = 0.9
# Sentences in which nothing is to be masked.
CLEAN = (
    "任何单位和个人不得违反规定使用财政资金。",
    "设备采购应当公开招标，由采购和验收人员分别签字。",
    "全部赃款已上缴国库，判决已于2025年3月5日生效。",
    "高度重视廉政建设，严格执行中央八项规定精神。",
    "项目资金共计126万元，分三批拨付。",
    "该局成立于1998年，现有职工一百二十人。",
    "法院判处有期徒刑三年六个月，并处罚金二十万元。",
    "采购计划编制、审批、验收三个岗位应当分设。",
    "时任局领导班子未履行监督职责。",
    "单位应当在两个月内书面回复整改情况。",
)


def labelled(line: str) -> tuple[str, list[tuple[str, int, int]]]:
    """The sentence without its labels, and where they stood."""
    text, spans, at = "", [], 0
    for match in LABEL.finditer(line):
        text += line[at : match.start()]
        spans.append((match.group(1), len(text), len(text) + len(match.group(2))))
        text += match.group(2)
        at = match.end()
    return text + line[at:], spans


def covered(masks: list[Mask], start: int, end: int) -> bool:
    """Whether every character of a stretch is masked."""
    return all(any(mask.start <= place < mask.end for mask in masks) for place in range(start, end))


def missed(lines: list[str]) -> tuple[Counter[str], list[str]]:
    """How many there are of each kind, and what is missed."""
    every: Counter[str] = Counter()
    left = []
    for line in lines:
        text, spans = labelled(line)
        masks = redaction.find(text)
        for kind, start, end in spans:
            every[kind] += 1
            if not covered(masks, start, end):
                left.append(f"{kind}: {text[start:end]} in {text}")
    return every, left


def test_there_are_enough_sentences() -> None:
    assert len(LINES) >= 200
    assert len(set(LINES)) == len(LINES)


@pytest.mark.parametrize("kind", RECALL)
def test_what_must_be_masked_is_found(kind: str) -> None:
    every, left = missed(LINES)
    of_kind = [each for each in left if each.startswith(f"{kind}:")]
    recall = 1 - len(of_kind) / every[kind]
    assert recall >= RECALL[kind], "\n".join(of_kind)


def test_most_of_what_stands_in_sentences_of_other_forms_is_found() -> None:
    every, left = missed(UNSEEN)
    assert 1 - len(left) / every.total() >= UNSEEN_RECALL, "\n".join(left)


@pytest.mark.parametrize("text", CLEAN)
def test_what_names_nobody_is_left_alone(text: str) -> None:
    assert redaction.find(text) == []


def test_names_of_one_surname_are_told_apart_and_stay_the_same() -> None:
    text = "被告人王志新、王明远等人合谋，王志新分得三万元。"
    assert redaction.apply(text, redaction.find(text)) == "被告人王某甲、王某乙等人合谋，王某甲分得三万元。"


def test_known_names_are_masked_wherever_they_stand() -> None:
    assert redaction.apply("翟天看了一眼", redaction.find("翟天看了一眼", ["翟天"])) == "翟某看了一眼"


@given(st.lists(st.sampled_from([labelled(line)[0] for line in LINES[:40]]), max_size=4))
def test_masks_never_overlap_and_stand_where_they_say(lines: list[str]) -> None:
    text = "".join(lines)
    masks = redaction.find(text)
    assert all(text[mask.start : mask.end] == mask.text and mask.instead for mask in masks)
    assert all(one.end <= two.start for one, two in pairwise(masks))


def main() -> None:
    """List what is missed of both files, and the recall of each kind."""
    for lines in (LINES, UNSEEN):
        counts, lost = missed(lines)
        print("\n".join(lost))  # noqa: T201 - the list of misses is what it is run for
        for name, count in counts.items():
            print(name, count, f"{1 - sum(each.startswith(f'{name}:') for each in lost) / count:.3f}")  # noqa: T201


if __name__ == "__main__":
    main()
