"""A case may be raised after its decision, and referred; each word in it knows its level and its leading group."""

import django.db.models.deletion
import pgtrigger
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

LEVELS = """
    UPDATE responsibility_caseentry e SET level = 1 + earlier.raised FROM (
        SELECT s.id, (SELECT count(*) FROM responsibility_caseentry r
                      WHERE r.case_id = s.case_id AND r.kind = 'raised' AND r.id <= s.id) AS raised
        FROM responsibility_caseentry s
    ) earlier
    WHERE earlier.id = e.id AND earlier.raised > 0
"""
# Cases that nobody could decide when they were opened had no group; who decides is now asked at the decision.
GROUPS = """
    UPDATE responsibility_accountabilitycase c SET group_id = (
        SELECT g.id FROM organisation_leadinggroup g
        JOIN organisation_unit seat ON seat.id = g.unit_id
        JOIN organisation_unit u ON u.id = c.unit_id
        WHERE seat.path @> u.path AND seat.id <> u.id
        ORDER BY nlevel(seat.path) DESC LIMIT 1
    )
    WHERE c.group_id IS NULL
"""


def fill(apps, schema_editor):
    with pgtrigger.ignore("responsibility.CaseEntry:case_entry_is_kept"):
        schema_editor.execute(LEVELS)
    schema_editor.execute(GROUPS)


class Migration(migrations.Migration):
    dependencies = [
        ("obligations", "0004_no_idle_indexes"),
        ("organisation", "0003_look_at_the_row_again"),
        ("responsibility", "0003_opening_and_units"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="accountabilitycase",
            name="accountability_moves_by_the_rules",
        ),
        migrations.RemoveConstraint(
            model_name="accountabilitycase",
            name="accountability_state_known",
        ),
        migrations.RemoveConstraint(
            model_name="caseentry",
            name="case_entry_once",
        ),
        migrations.AddField(
            model_name="accountabilitycase",
            name="at_top",
            field=models.BooleanField(default=False, verbose_name="no level above in this tree"),
        ),
        migrations.AddField(
            model_name="caseentry",
            name="group",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.leadinggroup"
            ),
        ),
        migrations.AddField(
            model_name="caseentry",
            name="level",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name="accountabilitycase",
            name="state",
            field=models.CharField(
                choices=[
                    ("opened", "Opened"),
                    ("explained", "Explained"),
                    ("proposed", "Measure proposed"),
                    ("decided", "Decided"),
                    ("objected", "Objected to"),
                    ("closed", "Closed"),
                    ("referred", "Referred to the body above"),
                ],
                default="opened",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="caseentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("opened", "Accountability opened"),
                    ("explanation", "Explanation given"),
                    ("proposal", "Measure proposed"),
                    ("decision", "Decision"),
                    ("raised", "Raised one level"),
                    ("objection", "Objection"),
                    ("answer", "Objection decided"),
                    ("closed", "Final: nobody objected in time"),
                    ("referred", "Referred to the body above"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddIndex(
            model_name="accountabilitycase",
            index=models.Index(
                condition=models.Q(("state", "decided")), fields=["object_until"], name="accountability_to_close"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="accountabilitycase",
            trigger=pgtrigger.compiler.Trigger(
                name="accountability_moves_by_the_rules",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{opened:explained,opened:proposed,opened:decided,explained:proposed,explained:decided,proposed:explained,proposed:decided,decided:objected,decided:closed,objected:closed,decided:opened,decided:explained,closed:opened,closed:explained,opened:objected,explained:objected,proposed:objected,objected:opened,objected:explained,objected:proposed,opened:referred,explained:referred,proposed:referred,objected:referred}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="05751f29d54b222ceda7bb60aa5b6c7009340b4e",
                    operation="UPDATE",
                    pgid="pgtrigger_accountability_moves_by_the_rules_24935",
                    table="responsibility_accountabilitycase",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="accountabilitycase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["opened", "explained", "proposed", "decided", "objected", "closed", "referred"])
                ),
                name="accountability_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="caseentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ("opened", "decision", "objection", "answer", "closed", "referred"))),
                fields=("case", "kind", "level"),
                name="case_entry_once",
            ),
        ),
        # Last: it changes a foreign key, after which the table cannot be altered in this transaction.
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
