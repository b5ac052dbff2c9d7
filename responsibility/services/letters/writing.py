"""One statement that writes a chunk of letters."""

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection

from portal.accounts.models import User
from portal.workdays import clock
from responsibility.letter_content import Words

# What letters of a type have in common travels once and is put together with each letter's own words in the database:
# a content is some 8 kB, the own part a tenth of it.
_INSERT = """
    INSERT INTO responsibility_letter (
        version, year, serial, unit_id, group_id, template_id, tenure_id, obligation_id, replaces_id, state, content,
        content_sha256, issued_at, issued_by_id, reason
    )
    SELECT 0, %(year)s, own.serial, own.unit_id, own.group_id, %(template)s, own.tenure_id, own.obligation_id,
        own.replaces_id, 'issued', common.value || own.content, own.content_sha256, %(now)s, %(by)s, ''
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS own (
        serial integer, unit_id bigint, type_id text, group_id bigint, tenure_id bigint, obligation_id bigint,
        replaces_id bigint, content jsonb, content_sha256 text
    )
    JOIN jsonb_each(%(common)s::jsonb) AS common ON common.key = own.type_id
    ORDER BY own.serial
"""


def insert(rows: Sequence[dict[str, Any]], words: Words, *, issued_by: User | None) -> None:
    """Write the letters; each row has its keys, its own content and the fingerprint of the whole."""
    common = {row["type_id"]: words.common(row["type_id"]).values for row in rows}
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            {
                "year": words.year,
                "template": words.template.pk,
                "now": clock.now(),
                "by": issued_by.pk if issued_by is not None else None,
                "rows": json.dumps(rows, ensure_ascii=False),
                "common": json.dumps(common, ensure_ascii=False),
            },
        )
