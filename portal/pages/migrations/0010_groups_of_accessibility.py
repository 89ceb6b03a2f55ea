from django.db import migrations

from portal.pages.groups import create_groups


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0009_attachment_contents"),
        ("accessibility", "0001_initial"),
        ("duties", "0001_initial"),
    ]
    operations = [migrations.RunPython(lambda apps, schema_editor: create_groups(apps), migrations.RunPython.noop)]
