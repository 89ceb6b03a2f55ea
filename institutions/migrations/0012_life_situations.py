"""The life situations: every office starts with them and may change them."""

import json
from pathlib import Path

from django.db import migrations

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def load(apps, schema_editor):
    LifeSituation = apps.get_model("institutions", "LifeSituation")
    rows = json.loads((FIXTURES / "life_situations.json").read_text(encoding="utf-8"))
    for position, row in enumerate(rows):
        LifeSituation.objects.create(position=position, **row)


class Migration(migrations.Migration):
    dependencies = [("institutions", "0011_service_cards")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
