"""PostgreSQL: generated tsvector columns with GIN indexes (migration 0002)."""

from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from .expression import Expression, Scope, Term, written

STATEMENTS = {
    Scope.TITLE: "SELECT id FROM search_searchdocument WHERE title_vector @@ %s::tsquery",
    Scope.TITLE_AND_LEAD: "SELECT id FROM search_searchdocument WHERE lead_vector @@ %s::tsquery",
    Scope.DOCUMENT: "SELECT search_matching(%s::tsquery)",
}
COLUMNS = {Scope.TITLE: "title_vector", Scope.TITLE_AND_LEAD: "lead_vector", Scope.DOCUMENT: "vector"}


def matching_ids(expression: Expression, scope: Scope) -> RawSQL:
    return RawSQL(STATEMENTS[scope], [_query(expression)])


def row_contains(expression: Expression, scope: Scope) -> RawSQL:
    """Here the planner's own choice is right: other conditions leave few rows to be read."""
    sql = f"search_searchdocument.{COLUMNS[scope]} @@ %s::tsquery"
    return RawSQL(sql, [_query(expression)], output_field=BooleanField())


def limited(expression: Expression, number: int) -> tuple[str, list]:
    return "SELECT search_matching(%s::tsquery) LIMIT %s", [_query(expression), number]


def rows_of(keys: list[int]) -> RawSQL:
    return RawSQL("SELECT unnest(%s::bigint[])", [keys])


def _query(expression: Expression) -> str:
    return written(expression, _term, all_of=" & ", any_of=" | ")


def _term(term: Term) -> str:
    # Lemmas hold letters and digits only; quoted all the same, because this is a language.
    lexeme = term.lemma.replace("\\", "\\\\").replace("'", "''")
    return f"'{lexeme}'{':*' if term.is_prefix else ''}"
