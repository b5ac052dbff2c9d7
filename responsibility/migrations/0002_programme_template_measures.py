"""What a site starts with: the programme's row to fill in, the letter's first version, the measures."""

import json
import re
from pathlib import Path

from django.db import migrations
from django.utils import timezone

DATA = Path(__file__).resolve().parent.parent / "data"
MEASURES = (
    ("reminder_talk", "Reminder talk", "提醒谈话", "coordinator", 0, False),
    ("ordered_correction", "Ordered correction", "责令整改", "group_head", 0, False),
    ("admonishing_talk", "Admonishing talk", "诫勉谈话", "group_head", 0, False),
    ("self_examination", "Written self-examination", "书面检查", "group_head", 0, False),
    ("circulated_criticism", "Circulated criticism", "通报批评", "leading_group", 5, False),
    ("no_commendation", "No commendation this year", "取消评优资格", "leading_group", 0, False),
    ("veto", "One-vote veto", "一票否决", "leading_group", 0, True),
    ("referral", "Referral for discipline", "移送处理", "leading_group", 0, False),
)
PROGRAMME = {
    "name_en": "Programme for the prevention of duty crimes",
    "name_zh": "预防职务犯罪工作",
    "site_name_en": "Prevention Portal",
    "site_name_zh": "预防职务犯罪工作平台",
    "body_en": "People's Procuratorate",
    "body_zh": "人民检察院",
    "seal_en": "Leading Group for the Prevention of Duty Crimes",
    "seal_zh": "预防职务犯罪工作领导小组",
    "referral_en": "the competent supervisory commission",
    "referral_zh": "有管辖权的监察委员会",
    "regulations_en": "Regulations on the Prevention of Duty Crimes",
    "regulations_zh": "预防职务犯罪工作规定",
    "letter_prefix_en": "YZ",
    "letter_prefix_zh": "预责",
    "case_prefix_en": "ZZ",
    "case_prefix_zh": "责追",
}


def fill(apps, schema_editor):
    apps.get_model("responsibility", "Programme").objects.create(pk=1, **PROGRAMME)
    for severity, (code, en, zh, decider, points, veto) in enumerate(MEASURES, start=1):
        apps.get_model("responsibility", "Measure").objects.create(
            code=code, severity=severity, name_en=en, name_zh=zh, decider=decider, points=points, is_veto=veto
        )
    _template(apps, json.loads((DATA / "letter_template.json").read_text(encoding="utf-8")))


def _template(apps, data):
    template = apps.get_model("responsibility", "LetterTemplate").objects.create(
        version=1, name_en=data["title_en"], name_zh=data["title_zh"], published_at=timezone.now()
    )
    for order, entry in enumerate(data["sections"], start=1):
        section = apps.get_model("responsibility", "Section").objects.create(
            template=template, code=entry["code"], name_en=entry["name_en"], name_zh=entry["name_zh"], order=order
        )
        _clauses(apps, section, entry, None)
        for place, target in enumerate(entry.get("targets", ()), start=1):
            month, day = target["due"].split("-")
            apps.get_model("responsibility", "Target").objects.create(
                section=section,
                code=target["code"],
                name_en=target["name_en"],
                name_zh=target["name_zh"],
                weight=target["weight"],
                measure=target["measure"],
                goal=str(target.get("goal", "")),
                unit=target.get("unit", ""),
                evidence=target.get("evidence", []),
                due_month=int(month),
                due_day=int(day),
                order=place,
            )
        if entry["code"] == "tasks":
            for code, variant in data["variants"].items():
                unit_type = apps.get_model("organisation", "UnitType").objects.get(code=code)
                _clauses(apps, section, variant, unit_type)


def _clauses(apps, section, entry, unit_type):
    texts = zip(entry.get("clauses_en", ()), entry.get("clauses_zh", ()), strict=True)
    for order, (en, zh) in enumerate(texts, start=1):
        # A figure's code is for machines; on paper stands what it means.
        plain = re.sub(r": [a-z]+\.[a-z_]+ goal (\d+) ?%", r" (\1%)", en)
        apps.get_model("responsibility", "Clause").objects.create(
            section=section,
            unit_type=unit_type,
            text_en=plain[0].upper() + plain[1:] + ".",
            text_zh=zh + "。",
            order=order,
        )


def empty(apps, schema_editor):
    for model in ("Measure", "Target", "Clause", "Section", "LetterTemplate", "Programme"):
        apps.get_model("responsibility", model).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("responsibility", "0001_initial"), ("organisation", "0002_catalogues")]
    operations = [migrations.RunPython(fill, empty)]
