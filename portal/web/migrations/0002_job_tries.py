from django.db import migrations, models


class Migration(migrations.Migration):
    """Count how often a job began without getting any further."""

    dependencies = [("web", "0001_initial")]

    operations = [
        migrations.AddField(model_name="job", name="tries", field=models.PositiveSmallIntegerField(default=0)),
    ]
