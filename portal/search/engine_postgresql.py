"""PostgreSQL: generated tsvector columns with GIN indexes (migration 0002)."""

from django.db.models.expressions import RawSQL

from .expression import Expression, Scope, Term, written

STATEMENTS = {
    Scope.TITLE: "SELECT id FROM search_searchdocument WHERE title_vector @@ %s::tsquery",
    Scope.TITLE_AND_LEAD: "SELECT id FROM search_searchdocument WHERE lead_vector @@ %s::tsquery",
    Scope.DOCUMENT: "SELECT search_matching(%s::tsquery)",
}


def matching_ids(expression: Expression, scope: Scope) -> RawSQL:
    return RawSQL(STATEMENTS[scope], [written(expression, _term, all_of=" & ", any_of=" | ")])


def _term(term: Term) -> str:
    # Lemmas hold letters and digits only; quoted all the same, because this is a language.
    lexeme = term.lemma.replace("\\", "\\\\").replace("'", "''")
    return f"'{lexeme}'{':*' if term.is_prefix else ''}"
