"""The categories a new office starts with; all of them can be renamed."""

from django.db import migrations

CATEGORIES = [
    ("aktualnosci", "Aktualności"),
    ("piecza-zastepcza", "Piecza zastępcza"),
    ("niepelnosprawnosc", "Niepełnosprawność"),
    ("seniorzy", "Seniorzy"),
    ("pomoc-w-kryzysie", "Pomoc w kryzysie"),
    ("szkolenia", "Szkolenia"),
    ("projekty", "Projekty"),
]


def load(apps, schema_editor):
    Category = apps.get_model("news", "Category")
    for position, (slug, name) in enumerate(CATEGORIES):
        Category.objects.create(slug=slug, name=name, position=position)


class Migration(migrations.Migration):
    dependencies = [("news", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
