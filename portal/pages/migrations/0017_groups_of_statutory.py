from django.db import migrations

from portal.pages.groups import create_groups


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0016_reviews"),
        ("institutions", "0014_costs_and_logos"),
        ("statutory", "0001_initial"),
    ]
    operations = [migrations.RunPython(lambda apps, schema_editor: create_groups(apps), migrations.RunPython.noop)]
