"""The tables as they are, whatever the code expects: models by the migrations that were applied."""

from django.apps.registry import Apps
from django.db.migrations.loader import MigrationLoader

Key = tuple[str, str]  # (app, name of a migration)


def applied(connection) -> set[Key]:
    return set(MigrationLoader(connection).applied_migrations)


def leaves(graph, keys: set[Key]) -> list[Key]:
    """Of these migrations the last ones: where a database stands that has these and no others."""
    return [key for key in keys if not any(child.key in keys for child in graph.node_map[key].children)]


def models_of_tables(connection) -> Apps:
    loader = MigrationLoader(connection)
    keys = {key for key in loader.applied_migrations if key in loader.graph.nodes}
    return loader.project_state(leaves(loader.graph, keys)).apps
