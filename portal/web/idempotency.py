"""A form that changes something works once, however often it is posted.

The row that stands for the post commits together with what the post did: when the deed fails, the row is gone with it,
and when a second post comes while the first is at work, the unique index makes it wait for the first to end.
"""

import uuid

from django.db import connection

from portal.web.models import SubmittedForm
from portal.workdays import clock

_INSERT = """
    INSERT INTO web_submittedform (user_id, purpose, key, result_url, at) VALUES (%s, %s, %s, '', %s)
    ON CONFLICT ON CONSTRAINT form_submitted_once DO NOTHING
"""


def begin(user_id: int, purpose: str, key: uuid.UUID) -> str | None:
    """Claim a post. None: go on. Otherwise the address that answered it. Must be called inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [user_id, purpose, key, clock.now()])
        if cursor.rowcount:
            return None
    return SubmittedForm.objects.get(user_id=user_id, purpose=purpose, key=key).result_url


def finish(user_id: int, purpose: str, key: uuid.UUID, result_url: str) -> None:
    """Keep where the answer to a post is."""
    SubmittedForm.objects.filter(user_id=user_id, purpose=purpose, key=key).update(result_url=result_url)
