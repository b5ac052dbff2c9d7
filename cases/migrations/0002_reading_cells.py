"""The functions by which the database reads the cells of a file: numbers, days, amounts, yes and no."""

from django.db import migrations

# Full-width figures and signs as plain ones.
PLAIN = r"""
CREATE FUNCTION cases_plain(cell text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT btrim(translate(cell, '０１２３４５６７８９．，－／（）：　', '0123456789.,-/(): '), E' \t\r\n')
$$;
"""
# Official numbers are written with many kinds of brackets and spaces; 〔2026〕 is the right one.
NUMBER = r"""
CREATE FUNCTION cases_number(cell text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT translate(cell, E'（）()[]【】﹝﹞［］「」０１２３４５６７８９ 　\t\r\n', '〔〕〔〕〔〕〔〕〔〕〔〕〔〕0123456789')
$$;
"""
# 2024-03-05, 2024/3/5, 2024.3.5, 2024年3月5日, 20240305, 45356 (days since 1899-12-30), each with or without a time.
DAY = r"""
CREATE FUNCTION cases_day_patient(cell text) RETURNS date LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    plain text := translate(regexp_replace(cell, '[ T]+[0-9]{1,2}:.*$', ''), '年月./日号 ', '----');
    found date;
BEGIN
    IF plain ~ '^[0-9]{5}(-[0-9]+)?$' THEN
        found := date '1899-12-30' + split_part(plain, '-', 1)::int;
    ELSIF plain ~ '^[0-9]{8}$' THEN
        plain := left(plain, 4) || '-' || substr(plain, 5, 2) || '-' || right(plain, 2);
    END IF;
    IF found IS NULL AND plain ~ '^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}$' AND pg_input_is_valid(plain, 'date') THEN
        found := plain::date;
    END IF;
    RETURN CASE WHEN found BETWEEN date '1949-10-01' AND date '2100-12-31' THEN found END;
END $$;
CREATE FUNCTION cases_day(cell text) RETURNS date LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN cell = '' THEN NULL
        WHEN cell ~ '^(19[5-9]|20)[0-9]+-[0-9][0-9]-[0-9][0-9]$' AND pg_input_is_valid(cell, 'date') THEN cell::date
        ELSE cases_day_patient(cell)
    END
$$;
"""
# 12,600.50 · 1.26万元 · ¥300 · 2亿; under a heading in 万元 a bare figure counts ten thousands.
YUAN = r"""
CREATE FUNCTION cases_yuan_patient(cell text, per int) RETURNS numeric LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    plain text := regexp_replace(replace(cell, ',', ''), '^(人民币|RMB|CNY|[¥￥])\s*', '', 'i');
    times numeric := per;
BEGIN
    plain := regexp_replace(plain, '\s|整', '', 'g');
    IF plain IN ('无', '-', '—', '——', '/') THEN RETURN 0; END IF;
    IF plain ~ '(元|yuan)$' THEN times := 1; plain := regexp_replace(plain, '(元|yuan)$', ''); END IF;
    IF plain ~ '亿$' THEN times := 100000000; plain := left(plain, -1); END IF;
    IF plain ~ '万$' THEN times := 10000; plain := left(plain, -1); END IF;
    IF plain !~ '^[0-9]{1,13}([.][0-9]{1,8})?$' OR plain::numeric * times >= 1e13 THEN RETURN NULL; END IF;
    RETURN round(plain::numeric * times, 2);
END $$;
CREATE FUNCTION cases_yuan(cell text, per int) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN cell = '' THEN NULL
        WHEN cell ~ '^[0-9]{1,9}([.][0-9]{1,8})?$' THEN round(cell::numeric * per, 2)
        ELSE cases_yuan_patient(cell, per)
    END
$$;
"""
YES_NO = r"""
CREATE FUNCTION cases_yes_no(cell text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN cell = '' THEN NULL
        WHEN lower(cell) IN ('是', '已', '有', '1', 'y', 'yes', 'true', '√', '已移送', '移送', '已执行', '已履行', '执行完毕')
            THEN true
        WHEN lower(cell) IN ('否', '未', '无', '0', 'n', 'no', 'false', '×', '未移送', '不移送', '未执行', '未履行', '不涉及')
            THEN false
    END
$$;
"""
GONE = """
DROP FUNCTION cases_plain(text);
DROP FUNCTION cases_number(text);
DROP FUNCTION cases_day(text);
DROP FUNCTION cases_day_patient(text);
DROP FUNCTION cases_yuan(text, int);
DROP FUNCTION cases_yuan_patient(text, int);
DROP FUNCTION cases_yes_no(text);
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_punishments")]
    operations = [migrations.RunSQL(PLAIN + NUMBER + DAY + YUAN + YES_NO, GONE)]
