"""Links and buttons above the editors' forms, also those that one section puts on the forms of another."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class ObjectTool:
    """A link above a form, or a button (`is_post`) where following it changes something."""

    label: str
    url: str
    is_post: bool = False
    is_new_window: bool = False


_object_tools: dict[type, list[Callable]] = defaultdict(list)


def register_object_tool(model: type, make: Callable):
    """Have `make(request, obj)` called for each form of `model`; it returns an ObjectTool or None.

    So a higher floor can put its link on a lower one's form: news on that of a meeting record.
    """
    _object_tools[model].append(make)


def object_tools(request, obj) -> list[ObjectTool]:
    return [tool for make in _object_tools[type(obj)] if (tool := make(request, obj))]
