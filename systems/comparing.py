"""Two texts side by side, by paragraph, with the words that differ."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

# Chinese is compared sign by sign, English word by word.
PIECES = re.compile(r"[A-Za-z0-9]+|\s+|.")


class Piece(NamedTuple):
    """A piece of a line; `changed` where the other side has something else."""

    text: str
    changed: bool


class Line(NamedTuple):
    """A paragraph before and after; one of them is empty where it came or went."""

    kind: str
    before: list[Piece]
    after: list[Piece]


def compare(before: str, after: str) -> list[Line]:
    """What became of each paragraph: same, changed, gone, new."""
    old, new = _paragraphs(before), _paragraphs(after)
    found: list[Line] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [Line("same", [Piece(text, False)], [Piece(text, False)]) for text in old[i1:i2]]
        else:
            found += _changed(old[i1:i2], new[j1:j2])
    return found


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _changed(old: list[str], new: list[str]) -> Iterator[Line]:
    for place in range(max(len(old), len(new))):
        first = old[place] if place < len(old) else ""
        second = new[place] if place < len(new) else ""
        if first and second:
            yield Line("changed", *_words(first, second))
        elif first:
            yield Line("gone", [Piece(first, True)], [])
        else:
            yield Line("new", [], [Piece(second, True)])


def _words(first: str, second: str) -> tuple[list[Piece], list[Piece]]:
    a, b = PIECES.findall(first), PIECES.findall(second)
    left, right = [], []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if i2 > i1:
            left.append(Piece("".join(a[i1:i2]), tag != "equal"))
        if j2 > j1:
            right.append(Piece("".join(b[j1:j2]), tag != "equal"))
    return left, right
