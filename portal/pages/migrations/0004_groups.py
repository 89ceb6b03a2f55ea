from django.db import migrations

from portal.pages.groups import create_groups


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("events", "0002_publish_permission"),
        ("institutions", "0003_publish_permission"),
        ("news", "0003_publish_permission"),
        ("pages", "0003_publish_permission"),
    ]
    operations = [migrations.RunPython(lambda apps, schema_editor: create_groups(apps), migrations.RunPython.noop)]
