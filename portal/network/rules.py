"""What typed words may mean, and what a corrected value must look like: decided on plain values."""

import re
import unicodedata
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

# Typed words are cut here; no name is longer.
WORDS_MAX = 100
# Fewer digits than this begin half of all phone numbers.
PHONE_DIGITS_MIN, PHONE_DIGITS_MAX = 3, 20
_PHONE = re.compile(r"\A[0-9+()\-/ .]+\Z")
_CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_LETTER = re.compile(r"[A-Za-z]")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Words:
    """Typed words as they are searched for."""

    plain: str

    @property
    def squeezed(self) -> str:
        """Without spaces, as a Chinese name, a code or pinyin is written."""
        return self.plain.replace(" ", "")

    @property
    def is_chinese(self) -> bool:
        """Whether there is a Chinese character, so that a Chinese name is meant."""
        return bool(_CHINESE.search(self.plain))

    @property
    def is_latin(self) -> bool:
        """Whether pinyin, initials, an English name or a code may be meant."""
        return not self.is_chinese and bool(_LETTER.search(self.plain))

    @property
    def is_phone(self) -> bool:
        """Whether a phone number may be meant: figures with the marks that people put between them."""
        figures = sum(sign.isdigit() for sign in self.plain)
        return bool(_PHONE.match(self.plain)) and figures >= PHONE_DIGITS_MIN

    @property
    def may_be_a_number(self) -> bool:
        """Whether an employee number may be meant: it has a figure and no Chinese character."""
        return not self.is_chinese and any(sign.isdigit() for sign in self.plain)

    def __bool__(self) -> bool:
        return bool(self.plain)


def read(text: str) -> Words:
    """Typed words with single spaces; full-width letters and figures become plain ones."""
    return Words(_SPACE.sub(" ", unicodedata.normalize("NFKC", text)).strip()[:WORDS_MAX].strip())


def tidy(text: str) -> str:
    """A value as it is stored: single spaces, none around it."""
    return _SPACE.sub(" ", text).strip()


def is_phone(text: str) -> bool:
    """Whether a text can be dialled: five to twenty digits, with spaces, dashes, brackets or a country's prefix."""
    figures = sum(sign.isdigit() for sign in text)
    return bool(_PHONE.match(text)) and 5 <= figures <= PHONE_DIGITS_MAX


def is_email(text: str) -> bool:
    """Whether a text is an e-mail address."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
