from django.db import migrations

from portal.pages.groups import create_groups


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0001_initial"),
        ("registration", "0002_first_clause"),
        ("pages", "0004_groups"),
    ]
    operations = [migrations.RunPython(lambda apps, schema_editor: create_groups(apps), migrations.RunPython.noop)]
