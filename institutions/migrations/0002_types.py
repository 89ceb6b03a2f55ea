"""The types of Polish law and the groups of residents: every office starts with them and may change them."""

import json
from pathlib import Path

from django.db import migrations

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
SERVED_GROUPS = [
    ("children", "Dzieci i młodzież"),
    ("families", "Rodziny"),
    ("seniors", "Seniorzy"),
    ("disability", "Osoby z niepełnosprawnościami"),
    ("mental_health", "Osoby w kryzysie psychicznym"),
    ("crisis", "Osoby w kryzysie"),
    ("violence", "Osoby doznające przemocy domowej"),
    ("homeless", "Osoby w kryzysie bezdomności"),
    ("refugees", "Cudzoziemcy i uchodźcy"),
    ("everyone", "Wszyscy mieszkańcy"),
]


def load(apps, schema_editor):
    InstitutionType = apps.get_model("institutions", "InstitutionType")
    InstitutionSubtype = apps.get_model("institutions", "InstitutionSubtype")
    ServedGroup = apps.get_model("institutions", "ServedGroup")
    for row in json.loads((FIXTURES / "institution_types.json").read_text(encoding="utf-8")):
        subtypes = row.pop("subtypes", [])
        kind = InstitutionType.objects.create(**row)
        for position, name in enumerate(subtypes):
            InstitutionSubtype.objects.create(type=kind, name=name, position=position)
    for position, (code, name) in enumerate(SERVED_GROUPS):
        ServedGroup.objects.create(code=code, name=name, position=position)


class Migration(migrations.Migration):
    dependencies = [("institutions", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
