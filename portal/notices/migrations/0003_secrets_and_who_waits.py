"""Messages that let their reader in, messages to addresses outside; the index by which the outbox goes person by person."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0002_links"),
        ("organisation", "0003_look_at_the_row_again"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="notice",
            name="notice_unmessaged",
        ),
        migrations.AddField(
            model_name="outboundmessage",
            name="secret",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="outboundmessage",
            name="recipient",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="messages",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="outboundmessage",
            name="state",
            field=models.CharField(
                choices=[("queued", "Waits to be sent"), ("sent", "Sent"), ("failed", "Failed")],
                default="queued",
                max_length=6,
                verbose_name="state",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("message__isnull", True), ("unsendable", False)),
                fields=["recipient", "id"],
                name="notice_waiting",
            ),
        ),
    ]
