"""Taking the demo away: exactly the rows that loading made, with all that hangs on them, and their files."""

import shutil

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import ProtectedError

from events.models import Event
from events.registration.models import Certificate, NumberRegister, Registration
from portal.addresses.models import OldAddress
from portal.content import photo_files
from portal.content.attachments import Attachment
from portal.counters.models import ViewDay, ViewTotal
from portal.outbox.models import Message
from portal.pages.models import DemoRow
from portal.search.sources import reindex


class DemoInUse(Exception):
    """Something of the office's own uses a part of the demo; `things` names it in words."""

    def __init__(self, things: list[str]):
        self.things = things


def remove() -> int:
    """Remove all demo rows and files; returns how many rows. Raises DemoInUse, removing nothing, if they are in use."""
    rows = list(DemoRow.objects.select_related("content_type").order_by("-pk"))
    photo_keys, files = _files_of(rows)
    try:
        with transaction.atomic():
            _forget_sign_ups(rows)
            _delete(rows)
            DemoRow.objects.all().delete()
            # The documents left with their objects; the word forms learnt from them leave only so.
            for _progress in reindex():
                pass
    except ProtectedError as error:
        raise DemoInUse(sorted({f"{obj._meta.verbose_name}: {obj}" for obj in error.protected_objects})) from error
    for key in photo_keys:
        shutil.rmtree(photo_files.private_folder(key), ignore_errors=True)
        shutil.rmtree(photo_files.public_folder(key), ignore_errors=True)
    for file in files:
        file.storage.delete(file.name)
    return len(rows)


def _forget_sign_ups(rows):
    """Whoever signed up for an event of the demo tried it out; they would keep it from going."""
    events = [row.object_id for row in rows if row.content_type.model_class() is Event]
    registrations = Registration.objects.filter(signup__event__in=events)
    content_type = ContentType.objects.get_for_model(Registration)
    Message.objects.filter(content_type=content_type, object_id__in=registrations.values("pk")).delete()
    Certificate.objects.filter(signup__event__in=events).delete()
    # Where only the demo has used a year's numbers, the office begins with 1; else none comes twice.
    for register in NumberRegister.objects.all():
        if not Certificate.objects.filter(kind=register.kind, number__endswith=f"/{register.year}").exists():
            register.delete()
    registrations.delete()


def _delete(rows):
    """Delete in rounds: what protects another demo row (an event its institution) goes in an earlier one."""
    left = rows
    while left:
        protected = []
        for row in left:
            obj = row.content_type.model_class()._base_manager.filter(pk=row.object_id).first()
            try:
                with transaction.atomic():
                    if obj:
                        obj.delete()
            except ProtectedError as error:
                protected.append(row)
                last_error = error
                continue
            for model in (ViewTotal, ViewDay, OldAddress):
                model.objects.filter(content_type=row.content_type, object_id=row.object_id).delete()
        if len(protected) == len(left):
            raise last_error
        left = protected


def _files_of(rows):
    photo_keys, files = [], []
    for model in photo_files.photo_models():
        photo_keys += model.objects.filter(**_owned(model, rows)).values_list("key", flat=True)
    for model in Attachment.__subclasses__():
        files += [attachment.file for attachment in model.objects.filter(**_owned(model, rows))]
    return photo_keys, files


def _owned(model, rows) -> dict:
    owner = model._meta.get_field(model.owner_field).related_model
    return {f"{model.owner_field}__in": [row.object_id for row in rows if row.content_type.model_class() is owner]}
