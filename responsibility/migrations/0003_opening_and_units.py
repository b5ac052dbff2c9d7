"""The first sentence of the letter and the Chinese words of units belong to the version, not to a page."""

from django.db import migrations, models

OPENING_EN = (
    "To carry out the responsibility system under the %(regulations)s, the %(group)s and %(unit)s, represented by "
    "%(leader)s as first responsible person, sign this letter."
)
OPENING_ZH = (
    "为落实预防职务犯罪工作责任制，根据《%(regulations)s》，%(group)s与%(unit)s签订本责任书，"
    "%(unit)s%(leader)s为本单位预防职务犯罪工作第一责任人。"
)


def fill(apps, schema_editor):
    apps.get_model("responsibility", "LetterTemplate").objects.update(opening_en=OPENING_EN, opening_zh=OPENING_ZH)
    targets = apps.get_model("responsibility", "Target").objects
    targets.filter(unit="meeting").update(unit_zh="次")
    targets.filter(code="plan", goal="").update(unit="adopted", unit_zh="通过")


def leave(apps, schema_editor):
    apps.get_model("responsibility", "Target").objects.filter(code="plan", unit="adopted").update(unit="")


class Migration(migrations.Migration):
    dependencies = [("responsibility", "0002_programme_template_measures")]
    operations = [
        migrations.AddField(
            "lettertemplate",
            "opening_en",
            models.TextField(default="", verbose_name="opening in English"),
            preserve_default=False,
        ),
        migrations.AddField(
            "lettertemplate",
            "opening_zh",
            models.TextField(default="", verbose_name="opening in Chinese"),
            preserve_default=False,
        ),
        migrations.AddField(
            "target",
            "unit_zh",
            models.CharField(blank=True, max_length=40, verbose_name="unit in Chinese", default=""),
            preserve_default=False,
        ),
        migrations.RunPython(fill, leave),
    ]
