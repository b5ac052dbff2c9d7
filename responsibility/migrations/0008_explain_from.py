from django.db import migrations, models

# Counted from the opening; anew from the last raising where something had been decided before it.
FILL = """
    UPDATE responsibility_accountabilitycase c SET explain_from = coalesce(
        (
            SELECT (max(r.made_at) AT TIME ZONE 'Asia/Shanghai')::date FROM responsibility_caseentry r
            WHERE r.case_id = c.id AND r.kind = 'raised' AND EXISTS (
                SELECT FROM responsibility_caseentry d
                WHERE d.case_id = c.id AND d.kind = 'decision' AND d.made_at < r.made_at
            )
        ),
        c.opened_on
    )
"""


class Migration(migrations.Migration):
    dependencies = [
        ("responsibility", "0007_signing_obstacles"),
    ]

    operations = [
        migrations.AddField(
            model_name="accountabilitycase",
            name="explain_from",
            field=models.DateField(null=True),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
