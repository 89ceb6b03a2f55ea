from django.db import migrations

from portal.content.photo_digests import fill


def fill_digests(apps, schema_editor):
    fill(apps.get_model("news", "ArticlePhoto"))


class Migration(migrations.Migration):
    dependencies = [("news", "0004_photo_digest_focus_avif")]
    operations = [migrations.RunPython(fill_digests, migrations.RunPython.noop)]
