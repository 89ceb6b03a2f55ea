"""SQLite: the FTS5 table `search_index`, kept equal to the documents by triggers (migration 0002)."""

from django.db.models.expressions import RawSQL

from .expression import Expression, Scope, Term, written

COLUMNS = {
    Scope.TITLE: "{title_lemmas}",
    Scope.TITLE_AND_LEAD: "{title_lemmas lead_lemmas}",
    Scope.DOCUMENT: "{title_lemmas lead_lemmas body_lemmas}",
}


def matching_ids(expression: Expression, scope: Scope) -> RawSQL:
    query = f"{COLUMNS[scope]} : {written(expression, _term, all_of=' AND ', any_of=' OR ')}"
    return RawSQL("SELECT rowid FROM search_index WHERE search_index MATCH %s", [query])


def _term(term: Term) -> str:
    # Lemmas hold letters and digits only; quoted all the same, because this is a language.
    lexeme = term.lemma.replace('"', '""')
    return f'"{lexeme}"{" *" if term.is_prefix else ""}'
