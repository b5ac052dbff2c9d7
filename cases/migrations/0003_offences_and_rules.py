"""The offences with the amounts in force, and the screening rules, as the programme starts with them."""

import json
from datetime import date
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).resolve().parent.parent / "data"
# Fa Shi [2016] 9, in force since this day, set the amounts of corruption and bribery; what a site knows of earlier or later
# texts it enters as further versions.
SINCE = date(2016, 4, 18)
LAW = "刑法；法释〔2016〕9号"


def _read(name):
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def fill(apps, schema_editor):
    Offence, Version = apps.get_model("cases", "Offence"), apps.get_model("cases", "OffenceVersion")
    for order, entry in enumerate(_read("offences.json")):
        offence = Offence.objects.create(
            code=entry["code"],
            name_en=entry["name_en"],
            name_zh=entry["name_zh"],
            article=entry["article"],
            category=entry["category"],
            order=order,
        )
        tiers = [*(entry["amount_tiers_yuan"] or []), None, None, None][:3]
        Version.objects.create(
            offence=offence,
            in_force_from=SINCE,
            relatively_large=tiers[0],
            huge=tiers[1],
            especially_huge=tiers[2],
            source=LAW,
        )
    Rule = apps.get_model("cases", "ScreeningRule")
    Rule.objects.bulk_create(Rule(order=order, **rule) for order, rule in enumerate(_read("screening_rules.json")))


def empty(apps, schema_editor):
    for name in ("ScreeningRule", "OffenceVersion", "Offence"):
        apps.get_model("cases", name).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_reading_cells")]
    operations = [migrations.RunPython(fill, empty)]
