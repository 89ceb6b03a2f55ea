from django.db import migrations

from portal.pages.groups import create_groups


class Migration(migrations.Migration):
    dependencies = [
        ("editing", "0001_initial"),
        ("institutions", "0006_editor_membership"),
        ("pages", "0005_groups_of_sign_up"),
    ]
    operations = [migrations.RunPython(lambda apps, schema_editor: create_groups(apps), migrations.RunPython.noop)]
