from django.db import migrations

from portal.pages.groups import create_groups


class Migration(migrations.Migration):
    dependencies = [("pages", "0014_groups_of_places"), ("accessibility", "0002_sign_film")]
    operations = [migrations.RunPython(lambda apps, schema_editor: create_groups(apps), migrations.RunPython.noop)]
