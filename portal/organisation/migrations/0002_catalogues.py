"""The reference catalogues as the programme starts with them; a site extends them."""

import json
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).resolve().parent.parent / "data"
CATALOGUES = {
    "UnitType": "unit_types.json",
    "Sector": "sectors.json",
    "Rank": "ranks.json",
    "OfficialType": "official_types.json",
}


def fill(apps, schema_editor):
    for model, name in CATALOGUES.items():
        entries = json.loads((DATA / name).read_text(encoding="utf-8"))
        apps.get_model("organisation", model).objects.bulk_create(
            apps.get_model("organisation", model)(
                code=entry["code"], name_en=entry["name_en"], name_zh=entry["name_zh"], order=order
            )
            for order, entry in enumerate(entries)
        )


def empty(apps, schema_editor):
    for model in CATALOGUES:
        apps.get_model("organisation", model).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("organisation", "0001_initial")]
    operations = [migrations.RunPython(fill, empty)]
