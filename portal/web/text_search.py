"""Looking for words in Chinese and English texts: pairs of characters and whole words in a `tsvector`.

The database function `portal_words(text)` turns a text into its words: of a run of Chinese characters every pair, of Latin
letters and figures every word, in lower case and usual width. A word of two characters is found by its pair; a longer one
by all of its pairs and a second look at the text itself; the same with a phrase in quotation marks.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db.models import F, Func, Lookup, Q, TextField, Value
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

RUNS = re.compile(r"[a-z0-9]+|[\u3400-\u4dbf\u4e00-\u9fff]+")
PHRASES = re.compile(r"[\"“”„「」『』]([^\"“”„「」『』]+)[\"“”„「」『』]")
# How much of a text stands around what was found, and how long a search may be.
AROUND, WORDS_MAX = 60, 100


class Words(Func):
    """The words of a text, as the database keeps them."""

    function = "portal_words"
    output_field = SearchVectorField()


class Folded(Func):
    """A text in lower case and usual width, as searches compare it."""

    function = "portal_folded"
    output_field = TextField()


@SearchVectorField.register_lookup
class Holds(Lookup):  # type: ignore[type-arg]
    """`words__holds="'采购' & 'audit'"`: the words are there. The text of the query comes from `Search.query`."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """The condition that the index answers."""
        column, params = self.process_lhs(compiler, connection)
        return f"{column} @@ %s::tsquery", [*params, self.rhs]


def folded(text: str) -> str:
    """As `portal_folded` has it."""
    return unicodedata.normalize("NFKC", text).lower()


@dataclass(frozen=True)
class Search:
    """What somebody looks for: `query` for the index, `phrases` that the text itself must have.

    `is_empty` where nothing of it can be looked for, as with a single sign.
    """

    query: str
    phrases: tuple[str, ...]
    terms: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for."""
        return not self.query

    def q(self, words: str, text: str) -> Q:
        """The condition on a column of `portal_words` and one of `portal_folded`, both of the same text."""
        if self.is_empty:
            return Q(pk__in=())
        condition = Q(**{f"{words}__holds": self.query})
        for phrase in self.phrases:
            condition &= Q(Contains(F(text), Value(phrase)))
        return condition


class Contains(Func):
    """Whether a text has another one in it; neither is a pattern."""

    template = "(position(%(expressions)s) > 0)"
    arg_joiner = " in "
    conditional = True

    def __init__(self, text: Any, part: Any) -> None:
        from django.db.models import BooleanField

        super().__init__(part, text, output_field=BooleanField())


def parse(typed: str) -> Search:
    """What was typed, as a search. Words are joined by "and"; quotation marks keep words together."""
    text = folded(typed)[:WORDS_MAX]
    phrases = [" ".join(found.split()) for found in PHRASES.findall(text)]
    lexemes: list[str] = []
    terms: list[str] = []
    longer: list[str] = [phrase for phrase in phrases if phrase]
    for run in RUNS.findall(text):
        if run.isascii():
            lexemes.append(run)
        else:
            lexemes += [run[i : i + 2] for i in range(max(len(run) - 1, 1))]
            if len(run) > 2:
                longer.append(run)
        terms.append(run)
    single = [run for run in lexemes if len(run) == 1 and not run.isascii()]
    usable = [lexeme for lexeme in lexemes if lexeme not in single] or [f"{one}:*" for one in single]
    query = " & ".join(_quoted(lexeme) for lexeme in dict.fromkeys(usable))
    return Search(query, tuple(dict.fromkeys(longer)), tuple(dict.fromkeys([*longer, *terms])))


def _quoted(lexeme: str) -> str:
    """A word of letters, figures and characters needs no escape; a beginning keeps its mark."""
    word, colon, mark = lexeme.partition(":")
    return f"'{word}'{colon}{mark}"


def passage(text: str, search: Search) -> SafeString:
    """The place where the search is found, with the words marked; the beginning where none of them stands in the text."""
    plain = " ".join(text.split())
    low = folded(plain)
    # A sign may be longer once folded; then the marks would stand beside the words.
    comparable = low if len(low) == len(plain) else plain.lower()
    places = [comparable.find(term) for term in search.terms]
    first = min((place for place in places if place >= 0), default=0)
    start, end = max(first - AROUND, 0), min(first + 3 * AROUND, len(plain))
    cut = plain[start:end]
    marked = _marked(cut, comparable[start:end], search.terms)
    return format_html("{}{}{}", "…" if start else "", marked, "…" if end < len(plain) else "")


def _marked(cut: str, low: str, terms: tuple[str, ...]) -> SafeString:
    if not terms:
        return mark_safe(escape(cut))
    pattern = re.compile("|".join(re.escape(term) for term in sorted(terms, key=len, reverse=True)))
    parts, at = [], 0
    for found in pattern.finditer(low):
        parts += [escape(cut[at : found.start()]), f"<mark>{escape(cut[found.start() : found.end()])}</mark>"]
        at = found.end()
    parts.append(escape(cut[at:]))
    return mark_safe("".join(parts))
