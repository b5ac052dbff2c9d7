"""The catalogue with which the programme starts; a site extends it."""

import json
from datetime import UTC, datetime
from pathlib import Path

from django.db import migrations

from systems.model_text import compose

DATA = Path(__file__).resolve().parent.parent / "data" / "required_systems.json"
# The first year of which the portal knows; whatever year is asked for, this version is older.
FIRST_YEAR = 2000


def fill(apps, schema_editor):
    System = apps.get_model("systems", "RequiredSystem")
    Requirement = apps.get_model("systems", "Requirement")
    types = {kind.code: kind for kind in apps.get_model("organisation", "UnitType").objects.all()}
    for order, entry in enumerate(json.loads(DATA.read_text(encoding="utf-8"))):
        system = System.objects.create(
            code=entry["code"], name_en=entry["name_en"], name_zh=entry["name_zh"], level=entry["level"], order=order
        )
        requirement = Requirement.objects.create(
            system=system,
            number=1,
            year=FIRST_YEAR,
            purpose_en=entry["purpose_en"],
            purpose_zh=entry["purpose_zh"],
            risk_points=_both(entry, "risk_points"),
            checklist=_both(entry, "checklist"),
            review_months=entry["review_cycle_months"],
            made_at=datetime(FIRST_YEAR, 1, 1, tzinfo=UTC),
            **compose(entry),
        )
        requirement.types.set([types[code] for code in entry["required_of"] if code in types])


def _both(entry, field):
    return [{"en": en, "zh-hans": zh} for en, zh in zip(entry[f"{field}_en"], entry[f"{field}_zh"], strict=True)]


class Migration(migrations.Migration):
    dependencies = [("systems", "0001_catalogue"), ("organisation", "0010_people")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
