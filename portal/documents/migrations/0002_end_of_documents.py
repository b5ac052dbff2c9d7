"""A document stays genuine when it is no longer in force: the day and the reason are kept beside it."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0001_initial"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="sealeddocument",
            name="sealed_is_kept",
        ),
        migrations.AddField(
            model_name="sealeddocument",
            name="ended_on",
            field=models.DateField(null=True, verbose_name="ended"),
        ),
        migrations.AddField(
            model_name="sealeddocument",
            name="ended_reason",
            field=models.CharField(
                blank=True, choices=[("replaced", "Replaced"), ("withdrawn", "Withdrawn")], max_length=10
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sealeddocument",
            trigger=pgtrigger.compiler.Trigger(
                name="sealed_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="2f92dfc3470a527117988c0ea8bfa32d74a80cc3",
                    operation="DELETE",
                    pgid="pgtrigger_sealed_is_kept_268f8",
                    table="documents_sealeddocument",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sealeddocument",
            trigger=pgtrigger.compiler.Trigger(
                name="sealed_words_are_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."title_en" IS DISTINCT FROM (NEW."title_en") OR OLD."title_zh" IS DISTINCT FROM (NEW."title_zh") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."about" IS DISTINCT FROM (NEW."about") OR OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."file" IS DISTINCT FROM (NEW."file") OR OLD."sha256" IS DISTINCT FROM (NEW."sha256") OR OLD."issued_at" IS DISTINCT FROM (NEW."issued_at") OR OLD."replaces_id" IS DISTINCT FROM (NEW."replaces_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="bc3ada3ede263d241198c9965cfc6cee67437410",
                    operation="UPDATE",
                    pgid="pgtrigger_sealed_words_are_kept_89217",
                    table="documents_sealeddocument",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sealeddocument",
            trigger=pgtrigger.compiler.Trigger(
                name="sealed_end_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."ended_on" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="46ebceecfeaa3256169b18850de5f61738131a00",
                    operation="UPDATE",
                    pgid="pgtrigger_sealed_end_is_kept_b24d9",
                    table="documents_sealeddocument",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="sealeddocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_on__isnull", True), ("ended_reason", "")),
                    models.Q(("ended_on__isnull", False), ("ended_reason__in", ["replaced", "withdrawn"])),
                    _connector="OR",
                ),
                name="sealed_end_has_its_reason",
            ),
        ),
    ]
