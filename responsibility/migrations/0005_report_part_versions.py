"""Each part of a report knows the version in which it was last written.

Parts that were written before count as written in the version that stands: a page opened earlier conflicts rather than
overwrites.
"""

from django.db import migrations, models
from django.db.models import F

PARTS = ("work", "targets", "clean")


def as_it_stands(apps, schema_editor):
    apps.get_model("responsibility", "Report").objects.update(**{f"{part}_version": F("version") for part in PARTS})


class Migration(migrations.Migration):
    dependencies = [("responsibility", "0004_raising_and_referral")]
    operations = [
        *(migrations.AddField("report", f"{part}_version", models.PositiveIntegerField(default=0)) for part in PARTS),
        migrations.RunPython(as_it_stands, migrations.RunPython.noop),
    ]
