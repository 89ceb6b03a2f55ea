from django.core.checks import Tags, Warning, register
from django.db import connections


@register(Tags.database)
def index_is_of_this_analyser(app_configs, databases=None, **kwargs):
    """Part of `migrate` and of `check --database default`."""
    from . import reading
    from .models import IndexState

    if "default" not in (databases or []):
        return []
    if IndexState._meta.db_table not in connections["default"].introspection.table_names():  # not migrated yet
        return []
    made_by = IndexState.objects.values_list("analyser", flat=True).first()
    if made_by is None or made_by == reading.identity():
        return []
    message = f"The search index was made by {made_by}; here is {reading.identity()}."
    return [Warning(message, hint="Run: manage.py reindex", id="search.W001")]
