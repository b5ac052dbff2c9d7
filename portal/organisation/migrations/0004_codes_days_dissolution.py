from datetime import date

import django.core.validators
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisation", "0003_look_at_the_row_again"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="unit",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="unit",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="unit",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="unit",
            name="dissolution_reason",
            field=models.CharField(blank=True, max_length=300, verbose_name="reason for dissolving"),
        ),
        migrations.AddField(
            model_name="unitevent",
            name="dissolution_reason",
            field=models.CharField(blank=True, max_length=300, verbose_name="reason for dissolving"),
        ),
        migrations.AlterField(
            model_name="person",
            name="employee_no",
            field=models.CharField(
                max_length=40,
                unique=True,
                validators=[
                    django.core.validators.RegexValidator(
                        "\\A\\w[\\w.\\-]*\\Z",
                        "Only letters, figures, “.”, “-” and “_” can be used, and a letter or figure comes first.",
                    )
                ],
                verbose_name="employee number",
            ),
        ),
        migrations.AlterField(
            model_name="personevent",
            name="employee_no",
            field=models.CharField(
                max_length=40,
                validators=[
                    django.core.validators.RegexValidator(
                        "\\A\\w[\\w.\\-]*\\Z",
                        "Only letters, figures, “.”, “-” and “_” can be used, and a letter or figure comes first.",
                    )
                ],
                verbose_name="employee number",
            ),
        ),
        migrations.AlterField(
            model_name="unit",
            name="code",
            field=models.CharField(
                max_length=40,
                unique=True,
                validators=[
                    django.core.validators.RegexValidator(
                        "\\A\\w[\\w.\\-]*\\Z",
                        "Only letters, figures, “.”, “-” and “_” can be used, and a letter or figure comes first.",
                    )
                ],
                verbose_name="code",
            ),
        ),
        migrations.AlterField(
            model_name="unitevent",
            name="code",
            field=models.CharField(
                max_length=40,
                validators=[
                    django.core.validators.RegexValidator(
                        "\\A\\w[\\w.\\-]*\\Z",
                        "Only letters, figures, “.”, “-” and “_” can be used, and a letter or figure comes first.",
                    )
                ],
                verbose_name="code",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unit",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "organisation_unitevent" ("code", "dissolution_reason", "dissolved_on", "id", "initials", "level", "name_en", "name_zh", "parent_id", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sector_id", "sort_key", "type_id") SELECT new_values."code", new_values."dissolution_reason", new_values."dissolved_on", new_values."id", new_values."initials", new_values."level", new_values."name_en", new_values."name_zh", new_values."parent_id", new_values."path", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."sector_id", new_values."sort_key", new_values."type_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="bb0a6950c24420820d87522f47af7c679c4a57d5",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_52bc6",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="organisation_unit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unit",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "organisation_unitevent" ("code", "dissolution_reason", "dissolved_on", "id", "initials", "level", "name_en", "name_zh", "parent_id", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sector_id", "sort_key", "type_id") VALUES (NEW."code", NEW."dissolution_reason", NEW."dissolved_on", NEW."id", NEW."initials", NEW."level", NEW."name_en", NEW."name_zh", NEW."parent_id", NEW."path", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."sector_id", NEW."sort_key", NEW."type_id"); RETURN NULL;',
                    hash="dab8cd7fedfe5cd492ccb436e3cb05ce2fd4b7c2",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_4a72a",
                    table="organisation_unit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unit",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "organisation_unitevent" ("code", "dissolution_reason", "dissolved_on", "id", "initials", "level", "name_en", "name_zh", "parent_id", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sector_id", "sort_key", "type_id") VALUES (OLD."code", OLD."dissolution_reason", OLD."dissolved_on", OLD."id", OLD."initials", OLD."level", OLD."name_en", OLD."name_zh", OLD."parent_id", OLD."path", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."sector_id", OLD."sort_key", OLD."type_id"); RETURN NULL;',
                    hash="82e416142da8e6d84072d3dd0ac8a0c991917736",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_dc536",
                    table="organisation_unit",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="groupmembership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("starts_on__range", (date(1949, 1, 1), date(2100, 12, 31))),
                    models.Q(("ends_on__isnull", True), ("ends_on__lte", date(2100, 12, 31)), _connector="OR"),
                ),
                name="membership_days_within_reach",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(("employee_no__regex", "^[^/?#\\s]+$")), name="employee_no_fits_an_address"
            ),
        ),
        migrations.AddConstraint(
            model_name="tenure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("starts_on__range", (date(1949, 1, 1), date(2100, 12, 31))),
                    models.Q(("ends_on__isnull", True), ("ends_on__lte", date(2100, 12, 31)), _connector="OR"),
                ),
                name="tenure_days_within_reach",
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[^/?#\\s]+$")), name="unit_code_fits_an_address"
            ),
        ),
    ]
