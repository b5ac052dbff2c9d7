"""The head of the log; numbers begin at 1; no session can empty the log any more."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from portal.audit.chain import GENESIS, MAC_ALGORITHM, mac_of


def fill(apps, schema_editor):
    """The head of the log as it stands."""
    Entry, Head = apps.get_model("audit", "Entry"), apps.get_model("audit", "Head")
    if Head.objects.exists():
        return
    seq, digest = Entry.objects.order_by("-seq").values_list("seq", "hash").first() or (0, GENESIS)
    count = Entry.objects.count()
    mac = mac_of(seq, digest, count, key=settings.AUDIT_KEY or settings.SECRET_KEY)
    Head.objects.create(seq=seq, hash=digest, count=count, algorithm=MAC_ALGORITHM, mac=mac)


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Head",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField()),
                ("hash", models.CharField(max_length=64)),
                ("count", models.BigIntegerField()),
                ("algorithm", models.CharField(max_length=20)),
                ("mac", models.CharField(blank=True, max_length=64)),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        pgtrigger.migrations.RemoveTrigger(
            model_name="entry",
            name="entries_are_kept",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="entry",
            trigger=pgtrigger.compiler.Trigger(
                name="entries_are_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'The log is append-only.';",
                    hash="6b1697b2acf9fe65f521f61bfb06327ccd4048be",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_entries_are_kept_8104f",
                    table="audit_entry",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(condition=models.Q(("seq__gte", 1)), name="entry_numbers_begin_at_one"),
        ),
        migrations.AddConstraint(
            model_name="head",
            constraint=models.CheckConstraint(condition=models.Q(("id", 1)), name="head_is_one"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="head",
            trigger=pgtrigger.compiler.Trigger(
                name="head_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="63a8442143228b337782d4f58b246a75390ca4dd",
                    operation="DELETE",
                    pgid="pgtrigger_head_is_kept_05fdf",
                    table="audit_head",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="head",
            trigger=pgtrigger.compiler.Trigger(
                name="head_is_not_emptied",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'The log is append-only.';",
                    hash="2728bfda3dbc6de0f905a2b5c6c3fe76d44dcf3e",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_head_is_not_emptied_4050f",
                    table="audit_head",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="head",
            trigger=pgtrigger.compiler.Trigger(
                name="head_goes_on",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF NEW.seq <= OLD.seq OR NEW.count - OLD.count <> NEW.seq - OLD.seq THEN\n        RAISE EXCEPTION 'The head of the log only goes on.';\n    END IF;\n    RETURN NEW;\n",
                    hash="63213f9ada67d7d74e6424c7b544fe333e115f2a",
                    operation="UPDATE",
                    pgid="pgtrigger_head_goes_on_9b50d",
                    table="audit_head",
                    when="BEFORE",
                ),
            ),
        ),
    ]
