from django.db import migrations

from portal.pages.groups import create_groups


class Migration(migrations.Migration):
    dependencies = [("pages", "0013_groups_of_services"), ("institutions", "0013_places_reports")]
    operations = [migrations.RunPython(lambda apps, schema_editor: create_groups(apps), migrations.RunPython.noop)]
