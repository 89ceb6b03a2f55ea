"""What can be found: models registered by the sections, and the documents made of their objects.

A section calls `register_source()` from AppConfig.ready(). From then on saving or deleting one of its objects, or one
of the rows that its document is made of, refreshes the document after the commit, when inlines and many-to-many rows
are in. `bulk_create()` and `update()` send no signals: `refresh()` the objects, or run `manage.py reindex`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.signals import m2m_changed, post_save, pre_delete
from django.utils import timezone, translation

from portal.content import languages

from . import polish, reading
from .models import IndexState, PlainForm, SearchDocument

IDENTITY = ["content_type", "object_id"]
CONTENT = [field.name for field in SearchDocument._meta.fields if field.name not in ("id", *IDENTITY)]
BATCH = 50  # in one transaction, for which other writers wait on SQLite
RECENT, MOST_RECENT = timedelta(minutes=15), 500
LONGEST_TEXT = 200_000  # characters; a tsvector takes 1 MB


@dataclass(frozen=True)
class Document:
    """What a search shows of an object, in plain text. `date` decides between equals; None means the publication."""

    title: str
    url: str
    lead: str = ""
    body: str = ""
    date: datetime | None = None
    aliases: str = ""  # words that find it like those of the title, but are not shown


@dataclass(frozen=True)
class Source:
    model: type[models.Model]
    to_document: Callable[[models.Model], Document | None]
    kind: str
    label: str
    queryset: Callable[[], models.QuerySet]
    has_date: bool


sources: dict[str, Source] = {}  # by kind, in the order of registration, which is that of the filter


def register_source(
    model, to_document, *, kind: str, label: str, queryset=None, has_date: bool = True, made_of: dict | None = None
):
    """Make the published objects of `model` (a Publishable) findable.

    `to_document` returns None for what must not be searched. `queryset` fetches what it reads. `made_of` names the
    other models whose rows it reads, and whose they are: {EventSession: lambda session: [session.event_id]}.
    `has_date`: whether results show the date.
    """
    source = Source(model, to_document, kind, label, queryset or model._default_manager.all, has_date)
    sources[kind] = source
    _refresh_on_change(source, model, lambda obj: [obj.pk])
    for part, owners in (made_of or {}).items():
        _refresh_on_change(source, part, owners)
    for field in model._meta.many_to_many:
        m2m_changed.connect(_many_to_many_receiver(source), sender=field.remote_field.through, weak=False)


def _refresh_on_change(source: Source, model, owners: Callable[[models.Model], Iterable[int]]):
    def receiver(instance, **kwargs):
        refresh_after_commit(source.model, owners(instance))

    for signal in (post_save, pre_delete):  # after a deletion its owners could not be found any more
        signal.connect(receiver, sender=model, weak=False)


def _many_to_many_receiver(source: Source):
    def receiver(instance, action, **kwargs):
        if action.startswith("post_") and isinstance(instance, source.model):
            refresh_after_commit(source.model, [instance.pk])

    return receiver


@dataclass
class _Refresh:
    """Equal to another refresh of the same object, so that an event with thirty rows is refreshed once."""

    model: type[models.Model]
    pk: int
    is_done: bool = False

    def __call__(self):
        self.is_done = True
        refresh(self.model, [self.pk])


def refresh_after_commit(model, pks: Iterable[int]):
    waiting = [callback for _savepoints, callback, *_rest in connection.run_on_commit if isinstance(callback, _Refresh)]
    for pk in pks:
        callback = _Refresh(model, pk)
        if callback not in waiting:
            transaction.on_commit(callback, robust=True)  # a failure here must not fail the editor's save


def refresh(model, pks: Iterable[int]):
    """Make the documents of these objects anew; those of objects that are gone or must not be searched are removed."""
    source = next(source for source in sources.values() if source.model is model)
    pks = list(pks)
    with transaction.atomic():
        # Locked, so that of two savers the later one also writes the document later.
        objects = source.queryset().filter(pk__in=pks).order_by("pk").select_for_update(of=("self",))
        rows = [row for obj in objects if (row := _row(source, obj))]
        SearchDocument.objects.bulk_create(rows, update_conflicts=True, unique_fields=IDENTITY, update_fields=CONTENT)
        _documents_of(model).filter(object_id__in=pks).exclude(object_id__in=[row.object_id for row in rows]).delete()
        polish_rows = [row for row in rows if row.language == languages.ORIGINAL]
        _remember_plain_forms(" ".join(part for row in polish_rows for part in (row.title, row.lead, row.body)))
        if rows and not IndexState.objects.exists():
            _note_analyser()


def _documents_of(model):
    return SearchDocument.objects.filter(content_type=ContentType.objects.get_for_model(model))


def _row(source: Source, obj) -> SearchDocument | None:
    with translation.override(obj.language):
        document = source.to_document(obj)
    if document is None:
        return None
    texts = (document.title, document.lead, document.body)
    title, lead, body = (polish.normalise(text)[:LONGEST_TEXT] for text in texts)
    return SearchDocument(
        content_type=ContentType.objects.get_for_model(source.model), object_id=obj.pk, kind=source.kind,
        title=title, lead=lead, body=body, url=document.url, date=document.date or obj.publish_at,
        status=obj.status, publish_at=obj.publish_at, expire_at=obj.expire_at, language=obj.language,
        title_lemmas=_lemma_text(f"{title} · {polish.normalise(document.aliases)}", obj.language),
        lead_lemmas=_lemma_text(lead, obj.language), body_lemmas=_lemma_text(body, obj.language),
    )  # fmt: skip


def _lemma_text(text: str, language: str) -> str:
    return " ".join(sorted({lemma for _word, lemmas in reading.read(text, language) for lemma in lemmas}))


def _remember_plain_forms(text: str):
    pairs = polish.plain_forms(text)
    known = PlainForm.objects.filter(lemma__in={lemma for _form, lemma in pairs}).values_list("form", "lemma")
    new = [PlainForm(form=form, lemma=lemma) for form, lemma in sorted(pairs.difference(known))]
    PlainForm.objects.bulk_create(new, batch_size=2000, ignore_conflicts=True)


def _note_analyser():
    # Who types a phrase may be looking for a document that has its abbreviation only.
    _remember_plain_forms(polish.text_of_synonyms())
    IndexState.objects.all().delete()
    IndexState.objects.create(analyser=reading.identity())


def refresh_recent():
    """Once more what was saved lately: a process that is killed right after a commit leaves the document as it was."""
    since = timezone.now() - RECENT
    for source in sources.values():
        pks = list(
            source.model._default_manager.filter(updated_at__gt=since).values_list("pk", flat=True)[:MOST_RECENT]
        )
        if pks:
            refresh(source.model, pks)


def reindex() -> Iterator[tuple[str, int, int]]:
    """Make all documents anew, a batch at a time; yields (label of the source, objects done, objects in all)."""
    SearchDocument.objects.exclude(kind__in=sources).delete()
    PlainForm.objects.all().delete()
    for source in sources.values():
        pks = list(source.model._default_manager.order_by("pk").values_list("pk", flat=True))
        _documents_of(source.model).exclude(object_id__in=source.model._default_manager.values("pk")).delete()
        for start in range(0, len(pks), BATCH):
            refresh(source.model, pks[start : start + BATCH])
            yield str(source.label), min(start + BATCH, len(pks)), len(pks)
    if SearchDocument.objects.exists():
        _note_analyser()
    else:
        IndexState.objects.all().delete()


def only_published(documents: models.QuerySet) -> models.QuerySet:
    """Documents of objects published at this moment: by their own copy of status and times, and by the objects.

    The copy alone would show what `update()`, a raw query or a failed refresh has left behind, and so a draft.
    "Not greater" says nothing new, but keeps PostgreSQL from reading all articles to answer for the few documents.
    """
    is_published, document = Q(pk__in=[]), OuterRef("object_id")
    for source in sources.values():
        objects = source.model._default_manager.published().order_by()
        # The kind first: so each document asks only the table that it is of.
        is_published |= Q(kind=source.kind) & Q(Exists(objects.filter(pk=document, pk__lte=document)))
    return documents.published().filter(is_published)
