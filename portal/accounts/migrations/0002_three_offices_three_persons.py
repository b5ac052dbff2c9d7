from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        # Whichever app asks first brings it in; the organisation's tenures need it too.
        BtreeGistExtension(),
        migrations.AddConstraint(
            model_name="grant",
            constraint=ExclusionConstraint(
                name="three_offices_three_persons",
                expressions=[("user", "="), ("role", "<>")],
                condition=models.Q(revoked_at__isnull=True, role__in=["auditor", "security_admin", "system_admin"]),
            ),
        ),
    ]
