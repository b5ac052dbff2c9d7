"""Saying what carries an article out."""

from collections.abc import Collection
from typing import NamedTuple

from django.db import transaction

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.audit import services as audit
from portal.obligations.policies import require
from portal.workdays import clock
from systems.errors_programme import TieUnknown
from systems.models import RequiredSystem
from systems.models.regulations import Article, ArticleTie, TieKind
from systems.policies_programme import may_keep_regulations
from systems.regulation_evidence import duty_names


class Ties(NamedTuple):
    """The codes of the kinds of duty, the systems and the roles that carry an article out."""

    duties: Collection[str] = ()
    systems: Collection[str] = ()
    roles: Collection[str] = ()


def choices() -> dict[str, list[tuple[str, str]]]:
    """What an article can be tied to, by kind: code and name."""
    systems = RequiredSystem.objects.in_force(clock.today().year)
    return {
        "duties": sorted(duty_names().items(), key=lambda pair: pair[1]),
        "systems": [(system.code, system.name) for system in systems],
        "roles": [(role.value, str(role.label)) for role in Role],
    }


@transaction.atomic
def tie(by: User, article_id: int, ties: Ties) -> Article:
    """Tie an article, issued or not, to exactly these. Raises TieUnknown, NotAllowed."""
    require(may_keep_regulations(by))
    article = Article.objects.select_for_update(of=("self",), no_key=True).get(pk=article_id)
    wanted = _known(article, ties)
    held = {(row.kind, row.code): row for row in article.ties.all()}
    ArticleTie.objects.filter(pk__in=[row.pk for key, row in held.items() if key not in wanted]).delete()
    ArticleTie.objects.bulk_create(row for key, row in wanted.items() if key not in held)
    codes = {"duties": sorted(ties.duties), "systems": sorted(ties.systems), "roles": sorted(ties.roles)}
    audit.record(by, "regulations.tied", article, data=codes)
    return article


def _known(article: Article, ties: Ties) -> dict[tuple[str, str], ArticleTie]:
    """The rows to be. A system that was repealed since stays tied: it is in the catalogue still."""
    systems = {system.code: system for system in RequiredSystem.objects.filter(code__in=ties.systems)}
    known = set(ties.duties) <= duty_names().keys() and set(ties.roles) <= set(Role.values)
    if not known or set(ties.systems) != systems.keys():
        raise TieUnknown
    rows = [ArticleTie(article=article, kind=TieKind.DUTY, code=code) for code in ties.duties]
    rows += [ArticleTie(article=article, kind=TieKind.ROLE, code=code) for code in ties.roles]
    rows += [ArticleTie(article=article, kind=TieKind.SYSTEM, code=code, system=systems[code]) for code in ties.systems]
    return {(row.kind, row.code): row for row in rows}
