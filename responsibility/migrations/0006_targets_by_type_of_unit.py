"""Targets for a type of unit, evidence in both languages, published versions kept by the database.

The first version of a new site gets the township's own targets, which had been reduced to a clause. Where letters were
issued from that version it stays as it was: the coordinator adds them to the next one. Documents of letters replaced
before now are marked as ended on the day their successor was issued.
"""

import json
from pathlib import Path

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

DATA = Path(__file__).resolve().parent.parent / "data"
EVIDENCE = {
    "plan": "年度计划",
    "minutes": "会议纪要",
    "account handover lists": "账目移交清单",
    "publication records": "公布记录",
}
REDUCED = "Village accounts deposited and published monthly"
END_DOCUMENTS = """
    UPDATE documents_sealeddocument d
    SET ended_on = (successor.issued_at AT TIME ZONE 'Asia/Shanghai')::date, ended_reason = 'replaced'
    FROM responsibility_letter old JOIN responsibility_letter successor ON successor.replaces_id = old.id
    WHERE d.kind = 'letter' AND d.about = 'letter:' || old.id AND old.state = 'superseded' AND d.ended_on IS NULL
"""


def fill(apps, schema_editor):
    """Give the first version, where no letter was issued from it, its targets by type; say evidence in both languages."""
    targets = apps.get_model("responsibility", "Target").objects
    first = apps.get_model("responsibility", "LetterTemplate").objects.filter(version=1).first()
    if first is not None and not apps.get_model("responsibility", "Letter").objects.filter(template=first).exists():
        section = apps.get_model("responsibility", "Section").objects.get(template=first, code="tasks")
        apps.get_model("responsibility", "Clause").objects.filter(section=section, text_en__startswith=REDUCED).delete()
        _targets(apps, section)
    for target in targets.all():
        if any(isinstance(proof, str) for proof in target.evidence):
            target.evidence = [_both(proof) if isinstance(proof, str) else proof for proof in target.evidence]
            target.save(update_fields=["evidence"])


def _targets(apps, section):
    data = json.loads((DATA / "letter_template.json").read_text(encoding="utf-8"))
    model = apps.get_model("responsibility", "Target")
    last = model.objects.filter(section=section).count()
    for code, variant in data["variants"].items():
        for place, entry in enumerate(variant.get("targets", ()), start=1):
            common = model.objects.filter(section=section, unit_type=None, code=entry["code"]).first()
            month, day = entry["due"].split("-")
            model.objects.create(
                section=section,
                unit_type=apps.get_model("organisation", "UnitType").objects.get(code=code),
                code=entry["code"],
                name_en=entry["name_en"],
                name_zh=entry["name_zh"],
                weight=entry["weight"],
                measure=entry["measure"],
                goal=str(entry.get("goal", "")),
                unit=entry.get("unit", ""),
                unit_zh="",
                evidence=entry.get("evidence", []),
                due_month=int(month),
                due_day=int(day),
                order=common.order if common else last + place,
            )


def _both(proof):
    return {"en": proof, "zh-hans": EVIDENCE.get(proof, proof)}


def leave(apps, schema_editor):
    """Letters know no types of targets any more: those of a type go, evidence is said in English alone."""
    targets = apps.get_model("responsibility", "Target").objects
    targets.exclude(unit_type=None).delete()
    for target in targets.all():
        target.evidence = [proof["en"] if isinstance(proof, dict) else proof for proof in target.evidence]
        target.save(update_fields=["evidence"])


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0002_end_of_documents"),
        ("organisation", "0003_look_at_the_row_again"),
        ("responsibility", "0005_report_part_versions"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="target",
            options={"ordering": ("section", "order", "pk")},
        ),
        migrations.RemoveConstraint(
            model_name="target",
            name="target_once",
        ),
        migrations.AddField(
            model_name="target",
            name="unit_type",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisation.unittype",
            ),
        ),
        migrations.AlterField(
            model_name="letter",
            name="reason",
            field=models.TextField(blank=True, verbose_name="reason"),
        ),
        migrations.AlterField(
            model_name="target",
            name="evidence",
            field=models.JSONField(blank=True, default=list, verbose_name="evidence"),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.UniqueConstraint(
                fields=("section", "code", "unit_type"), name="target_once", nulls_distinct=False
            ),
        ),
        migrations.RunPython(fill, leave),
        migrations.RunSQL(END_DOCUMENTS, migrations.RunSQL.noop),
        # The rows written above are checked now: a table with checks still to come takes no trigger.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL IMMEDIATE"),
        pgtrigger.migrations.AddTrigger(
            model_name="clause",
            trigger=pgtrigger.compiler.Trigger(
                name="published_clause_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF (TG_OP <> 'INSERT' AND EXISTS (\n    SELECT FROM responsibility_section s JOIN responsibility_lettertemplate t ON t.id = s.template_id\n    WHERE s.id = OLD.section_id AND t.published_at IS NOT NULL\n))\n            OR (TG_OP <> 'DELETE' AND EXISTS (\n    SELECT FROM responsibility_section s JOIN responsibility_lettertemplate t ON t.id = s.template_id\n    WHERE s.id = NEW.section_id AND t.published_at IS NOT NULL\n)) THEN\n                RAISE EXCEPTION 'cannot change a published version of the letter: %', TG_TABLE_NAME;\n            END IF;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            RETURN NEW;\n        ",
                    hash="72115d35f53d8e90813f51f327c893d8826ec3f1",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_published_clause_is_kept_b94e9",
                    table="responsibility_clause",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lettertemplate",
            trigger=pgtrigger.compiler.Trigger(
                name="published_template_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."published_at" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="be161d02b5667bc4e08ffc579c823a09f8b5c17c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_published_template_is_kept_d009b",
                    table="responsibility_lettertemplate",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="section",
            trigger=pgtrigger.compiler.Trigger(
                name="published_section_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF (TG_OP <> 'INSERT' AND EXISTS (\n    SELECT FROM responsibility_lettertemplate t WHERE t.id = OLD.template_id AND t.published_at IS NOT NULL\n))\n            OR (TG_OP <> 'DELETE' AND EXISTS (\n    SELECT FROM responsibility_lettertemplate t WHERE t.id = NEW.template_id AND t.published_at IS NOT NULL\n)) THEN\n                RAISE EXCEPTION 'cannot change a published version of the letter: %', TG_TABLE_NAME;\n            END IF;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            RETURN NEW;\n        ",
                    hash="67ae6a6aa7f16fe58a8b6c63d8d477cdf7da8d67",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_published_section_is_kept_5a9b2",
                    table="responsibility_section",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="target",
            trigger=pgtrigger.compiler.Trigger(
                name="published_target_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF (TG_OP <> 'INSERT' AND EXISTS (\n    SELECT FROM responsibility_section s JOIN responsibility_lettertemplate t ON t.id = s.template_id\n    WHERE s.id = OLD.section_id AND t.published_at IS NOT NULL\n))\n            OR (TG_OP <> 'DELETE' AND EXISTS (\n    SELECT FROM responsibility_section s JOIN responsibility_lettertemplate t ON t.id = s.template_id\n    WHERE s.id = NEW.section_id AND t.published_at IS NOT NULL\n)) THEN\n                RAISE EXCEPTION 'cannot change a published version of the letter: %', TG_TABLE_NAME;\n            END IF;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            RETURN NEW;\n        ",
                    hash="1f0abdef521752f9198aca310135ed2b3baab012",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_published_target_is_kept_91e7b",
                    table="responsibility_target",
                    when="BEFORE",
                ),
            ),
        ),
    ]
