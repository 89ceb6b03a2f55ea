from django.db import migrations

# Written for this portal; the office's data protection officer puts a version of their own in its place.
TEXT = """Administratorem Twoich danych jest urząd, który prowadzi tę stronę. Adres, telefon i kontakt do inspektora ochrony danych znajdziesz w stopce i na stronie „RODO”.

Dane z formularza służą tylko temu, aby zorganizować to wydarzenie: prowadzić listę miejsc, napisać do Ciebie w jego sprawie, odnotować obecność i wystawić zaświadczenie. Robimy to, wykonując zadanie publiczne powiatu (art. 6 ust. 1 lit. e RODO). Podanie danych jest dobrowolne, ale bez nich nie zapiszemy Cię na listę.

Informacje o potrzebach (na przykład tłumacz języka migowego) zna tylko osoba, która przygotowuje wydarzenie. Usuwamy je najpóźniej 14 dni po wydarzeniu, a dane kontaktowe 90 dni po nim. Imię, nazwisko, obecność i zaświadczenia przechowujemy tak długo, jak każe jednolity rzeczowy wykaz akt.

Możesz zobaczyć swoje dane i poprawić je na stronie swojego zgłoszenia, a także żądać ich kopii, ograniczenia lub usunięcia, wnieść sprzeciw oraz skargę do Prezesa Urzędu Ochrony Danych Osobowych. Danych nie przekazujemy nikomu poza tymi, którzy obsługują tę stronę na nasze zlecenie, i nie podejmujemy na ich podstawie decyzji automatycznie."""


def add_clause(apps, schema_editor):
    apps.get_model("registration.InformationClause").objects.get_or_create(version=1, defaults={"text": TEXT})


class Migration(migrations.Migration):
    dependencies = [("registration", "0001_initial")]
    operations = [migrations.RunPython(add_clause, migrations.RunPython.noop)]
