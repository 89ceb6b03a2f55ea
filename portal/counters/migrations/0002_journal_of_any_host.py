from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("counters", "0001_initial")]
    operations = [
        migrations.RemoveConstraint("journalposition", "counters_one_position_per_file"),
        migrations.RenameField("journalposition", "host", "journal"),
        migrations.AddConstraint(
            "journalposition",
            models.UniqueConstraint(fields=["journal", "file_name"], name="counters_one_position_per_file"),
        ),
    ]
