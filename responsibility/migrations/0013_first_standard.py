from django.db import migrations

R = "responsibility"
CRITERIA = (
    ("indicator", "signing", "Letter signed in time", "按期签订责任书", 5, f"max(0, 100 - 10 * {R}.signing_days_late)"),
    ("indicator", "targets", "Targets of the letter", "责任书目标完成情况", 35, f"{R}.targets_attainment"),
    (
        "indicator",
        "reports",
        "Reports in time and of substance",
        "按期报告及报告质量",
        15,
        f"0.6 * {R}.reports_in_time_rate + 0.4 * mark",
    ),
    ("indicator", "education", "Education", "学习教育", 15, "mark"),
    (
        "indicator",
        "systems",
        "Systems and supervision",
        "制度与监督",
        15,
        "0.5 * systems.coverage_rate + 0.3 * systems.power_coverage_rate + 0.2 * systems.reviews_in_time_rate",
    ),
    (
        "indicator",
        "rectification",
        "Findings and recommendations answered",
        "问题整改与建议回复",
        10,
        "0.5 * systems.rectified_in_time_rate + 0.5 * cases.recommendation_reply_rate",
    ),
    ("indicator", "innovation", "Research and innovation", "调查研究与创新", 5, "mark"),
    ("deduction", "overdue_step", "Formal escalation step reached", "逾期进入督办以上程序", 2, f"{R}.formal_steps"),
    ("deduction", "criticism", "Circulated criticism", "受到通报批评", 5, f"{R}.criticisms"),
    ("deduction", "false_report", "False report", "虚假报告", 10, "mark"),
    ("veto", "major_case", "Major duty-crime case in the unit", "本单位发生重大职务犯罪案件", 0, "cases.major_cases"),
    ("veto", "one_vote", "One-vote veto decided in accountability", "责任追究决定一票否决", 0, f"{R}.vetoes"),
    ("veto", "top_leader_case", "Top leader convicted or expelled", "主要负责人被判刑或者开除", 0, "mark"),
    (
        "veto",
        "refusal",
        "Refusal to sign or report after the final step",
        "经最后程序仍拒不签订或者拒不报告",
        0,
        "mark",
    ),
)


def fill(apps, schema_editor):
    """A first draft of the standard, to be looked over and adopted by the coordinator."""
    standard = apps.get_model(R, "Standard").objects.create(number=1)
    row = apps.get_model(R, "Criterion")
    row.objects.bulk_create(
        row(
            standard=standard, kind=kind, code=code, name_en=en, name_zh=zh, points=points, formula=formula, order=order
        )
        for order, (kind, code, en, zh, points, formula) in enumerate(CRITERIA, start=1)
    )


def empty(apps, schema_editor):
    """Back: the draft, where it was not adopted."""
    apps.get_model(R, "Standard").objects.filter(number=1, adopted_at=None).delete()


class Migration(migrations.Migration):
    dependencies = [("responsibility", "0012_assessment")]
    operations = [migrations.RunPython(fill, empty)]
