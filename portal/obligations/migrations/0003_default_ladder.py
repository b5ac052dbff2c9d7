"""The ladder of the programme, version 1: offsets in working days from the due day."""

from datetime import date

from django.db import migrations

RUNGS = (
    (-10, "remind", ["top_leader", "liaison"], 0),
    (-3, "remind", ["top_leader", "liaison"], 0),
    (0, "remind", ["top_leader"], 0),
    (1, "overdue_notice", ["top_leader", "coordinator"], 0),
    (5, "supervision_notice", ["top_leader", "group_head"], 2),
    (10, "open_accountability", ["top_leader", "coordinator", "group_head"], 0),
    (20, "raise_level", ["top_leader", "coordinator", "upper_head"], 0),
)


def fill(apps, schema_editor):
    ladder = apps.get_model("obligations", "Ladder").objects.create(
        code="default",
        version=1,
        name_en="Ladder of the programme",
        name_zh="督办追究阶梯",
        in_force_from=date(2020, 1, 1),
    )
    apps.get_model("obligations", "Rung").objects.bulk_create(
        apps.get_model("obligations", "Rung")(
            ladder=ladder, position=position, offset=offset, action=action, audience=audience, points=points
        )
        for position, (offset, action, audience, points) in enumerate(RUNGS, start=1)
    )


class Migration(migrations.Migration):
    dependencies = [("obligations", "0002_links")]
    # Rungs are protected by a trigger; the way back is that of 0001, which drops the tables.
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
