"""The screening rules: one statement for each kind over all decisions, and the sentence that explains a hit.

A statement gives the decisions that a rule points at and the figures that it saw; a hit is written once for each decision and
rule, whatever became of it. Nothing is decided here: a person makes a clue of a hit, or dismisses it with a reason.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from cases.models import OffenceVersion, RuleKind, ScreeningHit, ScreeningRule
from cases.punishments.wording import amount
from portal.audit import services as audit
from portal.web import jobs
from portal.web.dates import full_day
from portal.web.models import Job
from portal.workdays import clock

JOB = "screen-punishments"
Statement = tuple[str, list[Any]]

_INSERT = """
    INSERT INTO cases_screeninghit (rule_id, punishment_id, seen, found_at, state, reason, version)
    SELECT %s, found.id, found.seen, %s, 'open', '', 0 FROM ({found}) found
    ON CONFLICT ON CONSTRAINT screening_hit_once DO NOTHING
"""


def _thresholds(rule: ScreeningRule) -> Statement:
    """Amounts at or over the threshold of a crime whose words stand in the case, on the day of the decision.

    The rows are narrowed by the lowest threshold first: only these are asked for the words.
    """
    matches = rule.figures["matches"]
    versions = OffenceVersion.objects.filter(offence__code__in=[m["offence"] for m in matches if "offence" in m])
    amounts: list[Any] = []
    for number, match in enumerate(matches):
        if "offence" in match:
            own = [v for v in versions.select_related("offence") if v.offence.code == match["offence"]]
            amounts += [
                (number, match["pattern"], v.relatively_large, v.in_force_from, v.in_force_until)
                for v in own
                if v.relatively_large is not None
            ]
        else:
            amounts.append((number, match["pattern"], match["yuan"], None, None))
    values = ", ".join("(%s::int, %s::text, %s::numeric, %s::date, %s::date)" for _amount in amounts)
    lowest = min((amount[2] for amount in amounts), default=0)
    only = "p.transferred IS NOT TRUE" if rule.kind == RuleKind.THRESHOLD else _ONLY_WARNED
    sql = f"""
        SELECT DISTINCT ON (p.id) p.id, jsonb_build_object('amount', p.amount::text, 'over', m.yuan::text, 'match', m.n) AS seen
        FROM cases_punishment p JOIN (VALUES {values}) m (n, pattern, yuan, since, until)
            ON p.amount >= m.yuan AND p.decided_on >= coalesce(m.since, '-infinity')
            AND p.decided_on <= coalesce(m.until, 'infinity') AND p.title ~ m.pattern
        WHERE p.is_current AND p.amount >= %s AND {only} ORDER BY p.id, m.yuan
    """  # noqa: S608 - placeholders only
    return sql, [value for amount in amounts for value in amount] + [lowest]


_ONLY_WARNED = " AND ".join(
    ("p.kinds LIKE '%%警告%%'", *(f"p.kinds NOT LIKE '%%{other}%%'" for other in ("罚款", "没收", "吊销", "拘留")))
)


def _repeated(rule: ScreeningRule) -> Statement:
    """The decision by which a party reached so many within so many months; parties with fewer are left out by one pass."""
    times, months = int(rule.figures["times"]), int(rule.figures["months"])
    sql = """
        SELECT id, jsonb_build_object('first', since::text, 'times', %s::int) AS seen FROM (
            SELECT id, decided_on, lag(decided_on, %s) OVER party AS since
            FROM cases_punishment
            WHERE is_current AND party_key IN (
                SELECT party_key FROM cases_punishment WHERE is_current GROUP BY party_key HAVING count(*) >= %s
            ) WINDOW party AS (PARTITION BY party_key ORDER BY decided_on, id)
        ) walked WHERE since >= decided_on - make_interval(months => %s)
    """
    return sql, [times, times - 1, times, months]


def _across(rule: ScreeningRule) -> Statement:
    """A decision about a party that another agency punished within so many months before."""
    agencies, months = int(rule.figures["agencies"]), int(rule.figures["months"])
    sql = """
        WITH several AS MATERIALIZED (
            SELECT party_key FROM cases_punishment WHERE is_current GROUP BY party_key
            HAVING count(*) > 1 AND min(agency_id) <> max(agency_id)
        ), theirs AS MATERIALIZED (
            SELECT id, party_key, agency_id, decided_on FROM cases_punishment JOIN several USING (party_key) WHERE is_current
        )
        SELECT a.id, jsonb_build_object('agencies', count(DISTINCT b.agency_id), 'first', min(b.decided_on)::text) AS seen
        FROM theirs a JOIN theirs b ON b.party_key = a.party_key AND b.decided_on <= a.decided_on
            AND b.decided_on >= a.decided_on - make_interval(months => %s)
        GROUP BY a.id HAVING count(DISTINCT b.agency_id) >= %s
    """
    return sql, [months, agencies]


def _low_fine(rule: ScreeningRule) -> Statement:
    """A fine under a share of the amount involved; nothing confiscated that would make up for it."""
    sql = """
        SELECT id, jsonb_build_object('fine', fine::text, 'amount', amount::text) AS seen FROM cases_punishment
        WHERE is_current AND amount > 0 AND fine > 0 AND fine + coalesce(confiscated, 0) < amount * %s
    """
    return sql, [str(rule.figures["share"])]


def _same_handler(rule: ScreeningRule) -> Statement:
    """The decision by which one person handled so many cases of a party within so many months."""
    times, months = int(rule.figures["times"]), int(rule.figures["months"])
    sql = """
        SELECT id, jsonb_build_object('first', since::text, 'times', %s::int, 'handler', handler) AS seen FROM (
            SELECT id, decided_on, handler, lag(decided_on, %s) OVER party AS since
            FROM cases_punishment
            WHERE is_current AND handler <> '' AND party_key IN (
                SELECT party_key FROM cases_punishment WHERE is_current GROUP BY party_key HAVING count(*) >= %s
            ) WINDOW party AS (PARTITION BY party_key, handler ORDER BY decided_on, id)
        ) walked WHERE since >= decided_on - make_interval(months => %s)
    """
    return sql, [times, times - 1, times, months]


def _late(rule: ScreeningRule) -> Statement:
    """Decided more than so many days after filing."""
    sql = """
        SELECT id, jsonb_build_object('filed', filed_on::text, 'days', decided_on - filed_on) AS seen FROM cases_punishment
        WHERE is_current AND decided_on - filed_on > %s
    """
    return sql, [int(rule.figures["days"])]


STATEMENTS: Mapping[str, Callable[[ScreeningRule], Statement]] = {
    RuleKind.THRESHOLD: _thresholds,
    RuleKind.WARNED: _thresholds,
    RuleKind.REPEATED: _repeated,
    RuleKind.ACROSS: _across,
    RuleKind.LOW_FINE: _low_fine,
    RuleKind.SAME_HANDLER: _same_handler,
    RuleKind.LATE: _late,
}


@transaction.atomic
def apply(rule: ScreeningRule) -> int:
    """Ask one rule of all decisions; how many new hits it has."""
    sql, params = STATEMENTS[rule.kind](rule)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute(_INSERT.format(found=sql), [rule.pk, clock.now(), *params])
        return int(cursor.rowcount)


def run(job: Job) -> dict[str, Any]:
    """Ask every rule in use, each in a transaction of its own; a killed job asks the rest."""
    rules = list(ScreeningRule.objects.filter(is_active=True))
    found = dict(job.result)
    for rule in rules[job.done :]:
        with transaction.atomic():
            found[rule.code] = apply(rule)
            Job.objects.filter(pk=job.pk).update(result=found)
            jobs.advance(job, 1)
    with transaction.atomic():
        audit.record(job.owner, "punishments.screened", data=found)
    return found


def explain(hit: ScreeningHit) -> str:
    """What the rule saw, as a sentence."""
    seen, kind = hit.seen, hit.rule.kind
    if kind in (RuleKind.THRESHOLD, RuleKind.WARNED):
        match = hit.rule.figures["matches"][seen["match"]]
        words = {"amount": amount(seen["amount"]), "over": amount(seen["over"]), "law": match["law"]}
        if kind == RuleKind.WARNED:
            return _("Only a warning, though %(amount)s is at or over %(over)s, from where %(law)s applies.") % words
        return (
            _("%(amount)s is at or over %(over)s, from where %(law)s applies; nothing says it was transferred.") % words
        )
    if kind == RuleKind.LOW_FINE:
        words = {"fine": amount(seen["fine"]), "amount": amount(seen["amount"])}
        return _("A fine of %(fine)s for an amount of %(amount)s.") % words
    if kind == RuleKind.LATE:
        words = {"days": seen["days"], "day": _day(seen["filed"])}
        return _("Filed on %(day)s, decided %(days)s days later.") % words
    if kind == RuleKind.ACROSS:
        words = {"agencies": seen["agencies"], "day": _day(seen["first"])}
        return _("%(agencies)s agencies punished this party since %(day)s.") % words
    words = {"times": seen["times"], "day": _day(seen["first"]), "handler": seen.get("handler", "")}
    if kind == RuleKind.SAME_HANDLER:
        return _("%(handler)s handled %(times)s cases of this party since %(day)s.") % words
    return _("The %(times)s decisions about this party since %(day)s, this one included.") % words


def _day(text: str) -> str:
    return full_day(date.fromisoformat(text))
