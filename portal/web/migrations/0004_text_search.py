"""The functions by which texts in Chinese and English are searched, see `portal.web.text_search`."""

from django.db import migrations

CREATE = r"""
CREATE FUNCTION portal_folded(body text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT lower(normalize(body, NFKC))
$$;

CREATE FUNCTION portal_words(body text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_to_tsvector(array_agg(DISTINCT word)), ''::tsvector)
    FROM (
        SELECT CASE WHEN run ~ '^[a-z0-9]' THEN left(run, 100) ELSE substr(run, place, 2) END AS word
        FROM (
            SELECT found[1] AS run
            FROM regexp_matches(
                lower(normalize(coalesce(body, ''), NFKC)), '[a-z0-9]+|[㐀-䶿一-鿿]+', 'g'
            ) AS found
        ) runs,
        generate_series(1, CASE WHEN run ~ '^[a-z0-9]' THEN 1 ELSE greatest(char_length(run) - 1, 1) END) AS place
    ) pairs
$$;
"""
DROP = "DROP FUNCTION portal_words(text); DROP FUNCTION portal_folded(text);"


class Migration(migrations.Migration):
    dependencies = [("web", "0003_imports_in_the_background")]
    operations = [migrations.RunSQL(CREATE, DROP)]
