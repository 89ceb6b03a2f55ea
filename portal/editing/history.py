"""Versions of everything that editors write, with their rows: who changed what and when, and the way back.

A version is written once a form or an action has saved everything, so it holds the whole of what was saved. Where
there is none yet (the demo, an import), the state before the first change is written first.
"""

from collections import defaultdict

import reversion
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models.deletion import Collector, ProtectedError, RestrictedError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext
from reversion.models import Version
from reversion.revisions import _get_options, is_registered

from portal.content.publishing import Publishable

from .differences import Difference, value_in_words

# Decided by the present, not by a version: an old draft brought back must not take a page off the site.
OF_THE_PRESENT = ["status", "publish_at", "expire_at", "slug"]
NOT_SHOWN = {"id", "created_at", "updated_at", "sort_key"}


def register(model, rows: list[str]):
    """Keep versions of `model` with the rows behind these reverse relations."""
    for name in rows:
        row_model = model._meta.get_field(name).related_model
        if not is_registered(row_model):
            reversion.register(row_model)
    if not is_registered(model):
        reversion.register(model, follow=rows)


def add_version(obj, user, comment: str = ""):
    """Write down `obj` and its rows as they are in the database now."""
    with reversion.create_revision():
        reversion.set_user(user if user is not None and user.pk else None)
        reversion.set_comment(comment)
        reversion.add_to_revision(type(obj)._base_manager.get(pk=obj.pk))


def add_first_version(obj):
    """The state before the first change, where nothing was kept yet; call it before saving."""
    if not Version.objects.get_for_object(obj).exists():
        add_version(obj, None, gettext("As it was before the first change here"))


def versions_of(model, object_id) -> models.QuerySet[Version]:
    """The newest first."""
    found = Version.objects.get_for_object_reference(model, object_id)
    return found.select_related("revision", "revision__user").order_by("-pk")


def deleted(model) -> models.QuerySet[Version]:
    return Version.objects.get_deleted(model).select_related("revision", "revision__user").order_by("-pk")


# --- What differs -----------------------------------------------------------------------------------------------------


def changes(newer: Version, older: Version | None) -> list[Difference]:
    """What the newer of two versions changed, field by field; rows that came or went as a whole."""
    before, after = (_rows(older) if older else {}), _rows(newer)
    found = []
    for key, (name, fields) in after.items():
        _old_name, old_fields = before.get(key, (name, {}))
        is_row = key[0] != newer.content_type_id
        if is_row and key not in before:
            found.append(Difference(name, "", _summary(key, fields)))
            continue
        found += [
            Difference(f"{name} – {label}" if is_row else label, old, new)
            for label, old, new in _differing(key, old_fields, fields)
        ]
    found += [Difference(name, _summary(key, fields), "") for key, (name, fields) in before.items() if key not in after]
    return found


def _rows(version: Version) -> dict[tuple[int, str], tuple[str, dict]]:
    """{(content type, number): (name in words, {field: value})} of a version and the rows kept with it."""
    rows = {}
    for part in version.revision.version_set.all():
        model = _model(part)
        if model is not None:
            name = "" if part.content_type_id == version.content_type_id else _name(model, part)
            rows[part.content_type_id, part.object_id] = (name, part.field_dict)
    return rows


def _name(model, part: Version) -> str:
    return f"{capfirst(model._meta.verbose_name)} „{part.object_repr}”"


def _model(version: Version):
    return ContentType.objects.get_for_id(version.content_type_id).model_class()


def _differing(key, old: dict, new: dict) -> list[tuple[str, str, str]]:
    found = []
    for field in _shown_fields(key):
        before, after = old.get(field.attname), new.get(field.attname)
        if before == after:
            continue
        words = value_in_words(field, before), value_in_words(field, after)
        if words[0] != words[1]:
            found.append((capfirst(field.verbose_name), *words))
    return found


def _summary(key, fields: dict) -> str:
    shown = ((field, value_in_words(field, fields.get(field.attname))) for field in _shown_fields(key))
    return "\n".join(f"{capfirst(field.verbose_name)}: {words}" for field, words in shown if words)


def _shown_fields(key):
    options = ContentType.objects.get_for_id(key[0]).model_class()._meta
    return [
        field
        for field in [*options.local_fields, *options.local_many_to_many]
        if field.editable and field.name not in NOT_SHOWN and not _is_owner(field)
    ]


def _is_owner(field) -> bool:
    """Whether this is the relation of a row to the thing whose row it is."""
    if not field.many_to_one or not is_registered(field.related_model):
        return False
    return field.remote_field.get_accessor_name() in _get_options(field.related_model).follow


# --- The way back -----------------------------------------------------------------------------------------------------


@transaction.atomic
def restore(version: Version, user) -> tuple[models.Model, list[str]]:
    """Bring a version back with its rows. Returns the object, and in words what could not be brought back.

    Status, times and address stay as they are now; of something deleted a draft is made. Raises RevertError when a
    thing it needs is gone.
    """
    model = _model(version)
    live = model._base_manager.select_for_update().filter(pk=version.object_id).first()
    if live is not None:
        add_first_version(live)
    present = {name: getattr(live, name) for name in OF_THE_PRESENT if live is not None and hasattr(live, name)}
    if live is None and issubclass(model, Publishable):
        present = {"status": "draft"}
    version.revision.revert()
    restored = model._base_manager.get(pk=version.object_id)
    for name, value in present.items():
        setattr(restored, name, value)
    restored.save()
    problems = [*_remove_newer_rows(restored, version), *_remove_rows_without_files(restored)]
    moment = version.revision.date_created
    add_version(restored, user, gettext("Restored the version of %(moment)s") % {"moment": _moment(moment)})
    return restored, problems


def _moment(moment) -> str:
    return date_format(timezone.localtime(moment), "j E Y, G:i")


def _rows_now(obj) -> list[models.Model]:
    follow = _get_options(type(obj)).follow
    return [row for name in follow for row in getattr(obj, name).all()]


def _remove_newer_rows(obj, version: Version) -> list[str]:
    kept = defaultdict(set)
    for part in version.revision.version_set.all():
        kept[part.content_type_id].add(part.object_id)
    problems = []
    for row in _rows_now(obj):
        if str(row.pk) in kept[ContentType.objects.get_for_model(row).pk]:
            continue
        if _is_needed_elsewhere(row):
            problems.append(gettext("“%(row)s” stays, because other data depends on it.") % {"row": row})
        else:
            row.delete()
    return problems


def _is_needed_elsewhere(row) -> bool:
    """Whether deleting it would take anything with it."""
    collector = Collector(using=row._state.db)
    try:
        collector.collect([row])
    except (ProtectedError, RestrictedError):
        return True
    return set(collector.data) != {type(row)} or any(queryset.exists() for queryset in collector.fast_deletes)


def _remove_rows_without_files(obj) -> list[str]:
    """A photo that was taken down, or whose files are gone for another reason, does not come back."""
    lost = [row for row in _rows_now(obj) if not getattr(row, "has_files", True)]
    for row in lost:
        row.delete()
    return [gettext("“%(row)s” does not come back: its file is no longer there.") % {"row": row} for row in lost]
