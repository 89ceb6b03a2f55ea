from django.db import migrations

from portal.content.photo_digests import fill


def fill_digests(apps, schema_editor):
    fill(apps.get_model("events", "EventPhoto"))


class Migration(migrations.Migration):
    dependencies = [("events", "0003_photo_digest_focus_avif")]
    operations = [migrations.RunPython(fill_digests, migrations.RunPython.noop)]
