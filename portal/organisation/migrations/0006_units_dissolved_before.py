import pgtrigger
from django.db import migrations


def fill(apps, schema_editor):
    """Units that were dissolved before their changes were kept get the record of it; who decided is in the log alone."""
    Unit, UnitChange = apps.get_model("organisation", "Unit"), apps.get_model("organisation", "UnitChange")
    UnitChange.objects.bulk_create(
        UnitChange(
            kind="dissolve",
            unit=unit,
            effective_on=unit.dissolved_on,
            reason=unit.dissolution_reason,
            state="performed",
        )
        for unit in Unit.objects.filter(dissolved_on__isnull=False)
    )


def empty(apps, schema_editor):
    """Take the records out again."""
    with pgtrigger.ignore("organisation.UnitChange:unit_change_is_kept"):
        apps.get_model("organisation", "UnitChange").objects.filter(decided_by=None, kind="dissolve").delete()


class Migration(migrations.Migration):
    dependencies = [("organisation", "0005_unit_changes")]

    operations = [migrations.RunPython(fill, empty)]
