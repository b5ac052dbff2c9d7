"""The limits of the Criminal Procedure Law (text of 2018), as the programme starts with them."""

import json
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).resolve().parent.parent / "data" / "stage_limits.json"


def fill(apps, schema_editor):
    Limit = apps.get_model("cases", "StageLimit")
    Limit.objects.bulk_create(Limit(**entry) for entry in json.loads(DATA.read_text(encoding="utf-8")))


def empty(apps, schema_editor):
    apps.get_model("cases", "StageLimit").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_crime_cases")]
    operations = [migrations.RunPython(fill, empty)]
