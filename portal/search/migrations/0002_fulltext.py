"""The full-text index of the lemma columns, in the language of each database.

PostgreSQL: a generated column with a GIN index for each part that is asked for; one column with weights would have every
match read again from the table. The planner does not know that `vector` lies apart, compressed, and would read all of it
for a common word (55 ms instead of 1.3 at 5,000 documents): hence the function.

SQLite: an FTS5 table with its own copy, kept equal by triggers. To alter search_searchdocument there, Django makes the table
anew and the triggers are lost: a later migration that alters it must end with `make_index`.
"""

from django.db import migrations

POSTGRESQL = """
ALTER TABLE search_searchdocument
    ADD COLUMN title_vector tsvector GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, title_lemmas)) STORED,
    ADD COLUMN lead_vector tsvector GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, title_lemmas || ' ' || lead_lemmas)) STORED,
    ADD COLUMN vector tsvector
        GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, title_lemmas || ' ' || lead_lemmas || ' ' || body_lemmas)) STORED;
CREATE INDEX search_title_vector ON search_searchdocument USING gin (title_vector);
CREATE INDEX search_lead_vector ON search_searchdocument USING gin (lead_vector);
CREATE INDEX search_vector ON search_searchdocument USING gin (vector);
CREATE FUNCTION search_matching(query tsquery) RETURNS SETOF bigint LANGUAGE sql STABLE SET enable_seqscan = off
    AS 'SELECT id FROM search_searchdocument WHERE vector @@ query';
"""
POSTGRESQL_BACK = """
DROP FUNCTION IF EXISTS search_matching;
ALTER TABLE search_searchdocument
    DROP COLUMN IF EXISTS title_vector, DROP COLUMN IF EXISTS lead_vector, DROP COLUMN IF EXISTS vector
"""

SQLITE = [
    "CREATE VIRTUAL TABLE search_index USING fts5(title_lemmas, lead_lemmas, body_lemmas)",
    "INSERT INTO search_index(rowid, title_lemmas, lead_lemmas, body_lemmas) SELECT id, title_lemmas, lead_lemmas, body_lemmas FROM search_searchdocument",
    """CREATE TRIGGER search_index_insert AFTER INSERT ON search_searchdocument BEGIN
        INSERT INTO search_index(rowid, title_lemmas, lead_lemmas, body_lemmas)
        VALUES (new.id, new.title_lemmas, new.lead_lemmas, new.body_lemmas);
    END""",
    """CREATE TRIGGER search_index_update AFTER UPDATE ON search_searchdocument BEGIN
        UPDATE search_index SET title_lemmas = new.title_lemmas, lead_lemmas = new.lead_lemmas, body_lemmas = new.body_lemmas
        WHERE rowid = new.id;
    END""",
    """CREATE TRIGGER search_index_delete AFTER DELETE ON search_searchdocument BEGIN
        DELETE FROM search_index WHERE rowid = old.id;
    END""",
]
SQLITE_BACK = [f"DROP TRIGGER IF EXISTS search_index_{act}" for act in ("insert", "update", "delete")] + [
    "DROP TABLE IF EXISTS search_index"
]


def make_index(apps, schema_editor):
    remove_index(apps, schema_editor)
    for statement in [POSTGRESQL] if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def remove_index(apps, schema_editor):
    for statement in [POSTGRESQL_BACK] if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(make_index, remove_index)]
