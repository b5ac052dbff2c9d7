"""What is searched for by how it begins, as expressions that indexes and queries share."""

import re

from django.db.models import Func, TextField

_COUNTRY = re.compile(r"^\s*(\+|00)86")
_NO_DIGIT = re.compile(r"[^0-9]+")


class PhoneDigits(Func):
    """The digits of a phone number, without the country's prefix; `digits` does the same to what is typed."""

    template = r"REGEXP_REPLACE(REGEXP_REPLACE(%(expressions)s, '^\s*(\+|00)86', ''), '[^0-9]+', '', 'g')"
    output_field = TextField()


class GivenName(Func):
    """A Chinese name from its second character on: the given name behind a surname of one."""

    template = "SUBSTR(%(expressions)s, 2)"
    output_field = TextField()


class SecondWord(Func):
    """The second word of an English name, in lower case: names stand in Chinese order, so it is the given name."""

    template = "SPLIT_PART(LOWER(%(expressions)s), ' ', 2)"
    output_field = TextField()


def digits(phone: str) -> str:
    """The digits of a phone number as it is typed: with spaces, dashes, brackets, +86."""
    return _NO_DIGIT.sub("", _COUNTRY.sub("", phone))
