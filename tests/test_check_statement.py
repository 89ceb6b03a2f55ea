"""`manage.py check_statement`: any office's statement, at an address or in a file, asked every rule."""

import pytest
from django.core.management import CommandError, call_command

from portal.accessibility.models import PAGE
from tests.make import make_page, make_statement


def test_a_file_is_checked_and_rule_and_element_are_named(db, client, tmp_path, capsys):
    make_page(slug="deklaracja-dostepnosci", title="Deklaracja dostępności")
    make_statement()
    html = client.get(PAGE).content.decode()
    file = tmp_path / "deklaracja.html"
    file.write_text(html, encoding="utf-8")
    call_command("check_statement", str(file))
    file.write_text(html.replace('id="a11y-telefon"', ""), encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("check_statement", str(file))
    assert "DD-02  a11y-telefon" in capsys.readouterr().out


def test_an_address_is_checked(live_server, capsys):
    make_page(slug="deklaracja-dostepnosci", title="Deklaracja dostępności")
    make_statement()
    call_command("check_statement", f"{live_server}{PAGE}")
    for address in (f"{live_server}/nie-ma/", f"{live_server}/robots.txt"):
        with pytest.raises(CommandError):
            call_command("check_statement", address)
        assert "DD-01" in capsys.readouterr().out


@pytest.mark.parametrize("source", ["/nie/ma/takiego.html", "http://127.0.0.1:1/", "http://[zly"])
def test_what_cannot_be_read_is_said(source):
    with pytest.raises(CommandError):
        call_command("check_statement", source)
