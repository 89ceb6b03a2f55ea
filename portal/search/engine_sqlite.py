"""SQLite: the FTS5 table `search_index`, kept equal to the documents by triggers (migration 0002)."""

import json

from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from .expression import Expression, Scope, Term, written

COLUMNS = {
    Scope.TITLE: "{title_lemmas}",
    Scope.TITLE_AND_LEAD: "{title_lemmas lead_lemmas}",
    Scope.DOCUMENT: "{title_lemmas lead_lemmas body_lemmas}",
}
ROWS = "SELECT rowid FROM search_index WHERE search_index MATCH %s"


def matching_ids(expression: Expression, scope: Scope) -> RawSQL:
    return RawSQL(ROWS, [_query(expression, scope)])


def row_contains(expression: Expression, scope: Scope) -> RawSQL:
    """The plus keeps SQLite from reading the documents in the order of the found rows, all of them."""
    sql = f"+search_searchdocument.id IN ({ROWS})"
    return RawSQL(sql, [_query(expression, scope)], output_field=BooleanField())


def limited(expression: Expression, number: int) -> tuple[str, list]:
    return f"{ROWS} LIMIT %s", [_query(expression, Scope.DOCUMENT), number]


def rows_of(keys: list[int]) -> RawSQL:
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(keys)])


def _query(expression: Expression, scope: Scope) -> str:
    return f"{COLUMNS[scope]} : {written(expression, _term, all_of=' AND ', any_of=' OR ')}"


def _term(term: Term) -> str:
    # Lemmas hold letters and digits only; quoted all the same, because this is a language.
    lexeme = term.lemma.replace('"', '""')
    return f'"{lexeme}"{" *" if term.is_prefix else ""}'
