"""The statements that read a raw row: which column says what, and what is wrong with it. Text of SQL only.

Every cell becomes a value by a function of the database (`cases_day`, `cases_yuan` …); what a cell says and no function
understands is a problem, written as `code:reason`. Nothing that was typed stands in these texts: places and codes are ours.
"""

from collections.abc import Mapping

from cases.punishments.columns import BY_CODE, COLUMNS, Form, factor

# Text columns of the table, in the order in which they are compared.
TEXTS = ("title", "party", "representative", "facts", "basis", "kinds", "content", "handler", "reply", "remark")
DAYS = ("filed_on", "decided_on", "transferred_on")
YUAN = ("fine", "confiscated", "amount")
YES_NO = ("executed", "transferred")
WRITTEN = ("number", *TEXTS, "party_code", *DAYS, *YUAN, *YES_NO)
NUMBER_MAX, SHORT = 80, {"representative": 120, "kinds": 200, "handler": 120, "reply": 300}
# A row of sums is no decision.
TOTALS = "^(合计|总计|小计|共计|total|sum)"


def _cells(columns: Mapping[int, str], headings: list[str]) -> str:
    """The values that the cells of a raw row hold; beside those that may be misread, the cell itself."""
    places = {code: place for place, code in columns.items()}
    found = []
    for column in COLUMNS:
        cell = f"c{places[column.code]}" if column.code in places else "''"
        if column.code == "number":
            found.append(f"cases_number({cell}) AS number")
        elif column.form == Form.TEXT:
            found.append(f"btrim({cell}) AS {column.code}")
        else:
            raw = f"cases_plain({cell})"
            value = f"cases_{column.form}({raw})"
            if column.form == Form.YUAN:
                by = factor(headings[places[column.code]]) if column.code in places else 1
                value = f"cases_yuan({raw}, {by})"
            found.append(f"{raw} AS raw_{column.code}, {value} AS {column.code}")
    return ", ".join(found)


def _problems(*, may_be_broken: bool) -> str:
    """What is wrong with a row, as codes parted by spaces. Broken bytes have become the sign for them."""
    cases = [
        f"CASE WHEN number = '' THEN 'number:missing' WHEN length(number) > {NUMBER_MAX} THEN 'number:long' END",
        "CASE WHEN party = '' THEN 'party:missing' END",
        "CASE WHEN extra <> '' THEN 'row:extra' END",
    ]
    for code in (*DAYS, *YUAN, *YES_NO):
        missing = f"WHEN raw_{code} = '' THEN '{code}:missing'" if BY_CODE[code].required else ""
        wrong = f"WHEN raw_{code} <> '' AND {code} IS NULL THEN '{code}:{BY_CODE[code].form}'"
        cases.append(f"CASE {missing} {wrong} END")
    cases.append(
        "CASE WHEN decided_on > %(today)s::date THEN 'decided_on:future'"
        " WHEN filed_on > decided_on THEN 'filed_on:after' END"
    )
    if may_be_broken:
        cases.append(
            "CASE WHEN strpos(number || party || facts || title || content, chr(65533)) > 0 THEN 'row:broken' END"
        )
    cases += [f"CASE WHEN length({code}) > {size} THEN '{code}:long' END" for code, size in SHORT.items()]
    return f"concat_ws(' ', {', '.join(cases)})"


def staged(raw: str, table: str, columns: Mapping[int, str], headings: list[str], *, may_be_broken: bool = True) -> str:
    """The statement that makes a table of parsed rows out of the raw ones. Takes: today.

    `state`: r ready, m to mend, s the same as an earlier row of the file. Rows of sums and empty rows are left out.
    """
    kept = ", ".join(code for code in WRITTEN if code != "party_code")
    digested = ", ".join(f"coalesce({code}::text, '')" if code in (*DAYS, *YUAN, *YES_NO) else code for code in WRITTEN)
    return f"""
        CREATE UNLOGGED TABLE {table} AS
        SELECT line, {kept}, party_code, hashtextextended(coalesce(nullif(party_code, ''), party), 0) AS party_key,
            md5(concat_ws(chr(31), {digested}))::uuid AS digest, problems,
            CASE WHEN problems = '' THEN 'r' ELSE 'm' END::"char" AS state
        FROM (
            SELECT line, {kept}, left(coalesce(nullif(cases_number(party_code), ''), cases_number(id_number)), 40)
                AS party_code, {_problems(may_be_broken=may_be_broken)} AS problems
            FROM (SELECT line, extra, {_cells(columns, headings)} FROM {raw} OFFSET 0) cells
            WHERE NOT (raw_decided_on = '' AND (number ~* '{TOTALS}' OR cases_number(party) ~* '{TOTALS}'))
                AND NOT (number = '' AND party = '' AND raw_decided_on = '')
            OFFSET 0
        ) judged
    """  # noqa: S608 - places and codes of our own


def twice(table: str) -> str:
    """The statement that finds decision numbers which stand in the file more than once: the first row counts."""
    return f"""
        WITH twice AS (SELECT number FROM {table} WHERE state = 'r' GROUP BY number HAVING count(*) > 1),
        found AS (
            SELECT line, digest, first_value(line) OVER same AS first, first_value(digest) OVER same AS said
            FROM {table} JOIN twice USING (number) WHERE state = 'r'
            WINDOW same AS (PARTITION BY number ORDER BY line)
        )
        UPDATE {table} s SET state = CASE WHEN f.digest = f.said THEN 's' ELSE 'm' END::"char",
            problems = CASE WHEN f.digest = f.said THEN '' ELSE 'number:twice:' || f.first END
        FROM found f WHERE f.line = s.line AND f.first <> f.line
    """  # noqa: S608 - a name of our own


def faulty(raw: str, table: str, wide: int) -> str:
    """The statement that keeps the rows to mend as they stood in the file. Takes: run, skip."""
    cells = ", ".join(f"c{place}" for place in range(wide))
    return f"""
        INSERT INTO cases_faultyrow (run_id, number, cells, problems)
        SELECT %(run)s, line + %(skip)s, to_jsonb(ARRAY[{cells}]), left(problems, 400)
        FROM {raw} JOIN {table} USING (line) WHERE state = 'm'
    """  # noqa: S608 - names of our own


def counted(table: str) -> str:
    """The statement that counts what the rows would do. Takes: agency. Gives new, changed, unchanged, mend."""
    return f"""
        SELECT count(*) FILTER (WHERE s.state = 'r' AND p.id IS NULL),
            count(*) FILTER (WHERE s.state = 'r' AND p.digest <> s.digest),
            count(*) FILTER (WHERE s.state = 's' OR (s.state = 'r' AND p.digest = s.digest)),
            count(*) FILTER (WHERE s.state = 'm')
        FROM {table} s LEFT JOIN cases_punishment p
            ON p.agency_id = %(agency)s AND p.number = s.number AND p.is_current AND s.state = 'r'
    """  # noqa: S608 - a name of our own


def write(table: str) -> str:
    """The statement that writes the ready rows of some lines: new decisions, and corrections as new versions.

    Takes: agency, run, first, last, skip. Gives how many are new and how many changed.
    """
    columns = ", ".join((*WRITTEN, "party_key", "digest"))
    chosen = ", ".join(f"s.{code}" for code in (*WRITTEN, "party_key", "digest"))
    return f"""
        WITH incoming AS MATERIALIZED (
            SELECT s.line, {chosen}, p.id AS old_id, p.version AS old_version
            FROM {table} s LEFT JOIN cases_punishment p
                ON p.agency_id = %(agency)s AND p.number = s.number AND p.is_current
            WHERE s.state = 'r' AND s.line > %(first)s AND s.line <= %(last)s
                AND (p.id IS NULL OR p.digest <> s.digest)
        ), old AS (
            UPDATE cases_punishment p SET is_current = false FROM incoming i WHERE p.id = i.old_id
        ), unsearched AS (
            DELETE FROM cases_searchentry e USING incoming i WHERE e.punishment_id = i.old_id
        ), written AS (
            INSERT INTO cases_punishment (agency_id, version, is_current, run_id, row, {columns})
            SELECT %(agency)s, coalesce(old_version, 0) + 1, true, %(run)s, line + %(skip)s, {columns} FROM incoming
        )
        SELECT count(*) FILTER (WHERE old_id IS NULL), count(old_id) FROM incoming
    """  # noqa: S608 - a name of our own
