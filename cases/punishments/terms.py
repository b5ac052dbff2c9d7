"""Words of Chinese and English texts as an index keeps them, and words typed into a box of search. Pure.

A run of Chinese characters is kept as its pairs, any other word as a whole in small letters: so a word of two characters is
one entry of the index, a longer one several that must all be there, after which the text itself is asked.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from portal.web.text_search import folded

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\u3007"
RUN = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
TYPED = re.compile(r'"([^"]+)"|“([^”]+)”|(\S+)')
# What is typed beyond this is not looked for.
WORDS_MAX, TYPED_MAX, LEXEME_MAX = 10, 200, 100
MARGIN, PASSAGE = 24, 110


class Word(NamedTuple):
    """A word that was typed: as it must stand in the text, what of it the index keeps, whether the text must be asked too."""

    text: str
    lexemes: tuple[str, ...]
    is_phrase: bool


class Query(NamedTuple):
    """What was typed; `too_short` names a single character, which half of all texts would hold."""

    words: tuple[Word, ...]
    too_short: str = ""

    def tsquery(self, shares: Mapping[str, float] | None = None) -> str:
        """What the index is asked: letters and figures only, so that nothing typed has a meaning of its own there.

        `shares` says of common pairs in what share of the texts they stand. Of a phrase its rarest pair is asked alone: pairs
        of one phrase stand together, and the database, which takes them for independent, would expect far too few matches.
        """
        known = shares or {}
        lexemes = dict.fromkeys(min(word.lexemes, key=lambda lexeme: known.get(lexeme, 0.0)) for word in self.words)
        return " & ".join(f"'{lexeme}'" for lexeme in lexemes)


def _lexemes(text: str) -> Iterator[str]:
    for run in RUN.findall(text):
        if run[0] < "\u3007":
            yield run[:LEXEME_MAX]
        elif len(run) == 1:
            yield run
        else:
            yield from map("".join, pairwise(run))


def lexemes(texts: Iterable[str]) -> set[str]:
    """What the index keeps of some texts; no pair reaches from one into the next."""
    return set(_lexemes(folded("\n".join(texts))))


def vector(texts: Iterable[str]) -> str:
    """The same as a `tsvector` is written."""
    return " ".join(lexemes(texts))


def parse(typed: str) -> Query:
    """Read what was typed: words parted by spaces, phrases between quotation marks."""
    words = []
    for found in list(TYPED.finditer(typed[:TYPED_MAX]))[:WORDS_MAX]:
        text = next(part for part in found.groups() if part).strip()
        kept = tuple(dict.fromkeys(_lexemes(folded(text))))
        if not kept:
            continue
        if len(kept) == 1 and len(kept[0]) == 1 and kept[0] >= "\u3007":
            return Query((), text)
        words.append(Word(text, kept, is_phrase=kept != (folded(text),)))
    return Query(tuple(words))


class Piece(NamedTuple):
    """A piece of a passage; marked where it is a word that was looked for."""

    text: str
    marked: bool


def marked(text: str, words: Iterable[Word]) -> list[Piece]:
    """The whole text, the words in it marked."""
    pattern = _pattern(words)
    if pattern is None:
        return [Piece(text, marked=False)]
    return _pieces(text, pattern, 0, len(text))


def _pattern(words: Iterable[Word]) -> re.Pattern[str] | None:
    patterns = sorted({re.escape(word.text) for word in words}, key=len, reverse=True)
    return re.compile("|".join(patterns), re.IGNORECASE) if patterns else None


def _pieces(text: str, pattern: re.Pattern[str], start: int, end: int) -> list[Piece]:
    pieces, at = [], start
    for match in pattern.finditer(text, start, end):
        pieces += [Piece(text[at : match.start()], marked=False), Piece(match.group(), marked=True)]
        at = match.end()
    pieces.append(Piece(text[at:end], marked=False))
    return [piece for piece in pieces if piece.text]


def passage(text: str, words: Iterable[Word]) -> list[Piece]:
    """The part of a text in which the first of the words stands, the words in it marked; empty where none does."""
    pattern = _pattern(words)
    first = pattern.search(text) if pattern is not None else None
    if pattern is None or first is None:
        return []
    start = max(first.start() - MARGIN, 0)
    end = min(max(start + PASSAGE, first.end()), len(text))
    before = [Piece("……", marked=False)] if start else []
    after = [Piece("……", marked=False)] if end < len(text) else []
    return [*before, *_pieces(text, pattern, start, end), *after]
