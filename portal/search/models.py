"""The search documents: a copy, made for searching, of everything that the portal publishes.

A document carries the status, times and language of its source, so that it passes the same `published()`. The lemma
columns are indexed by the database's own full-text engine (migration 0002).
"""

from django.contrib.contenttypes.models import ContentType
from django.db import models

from portal.content.publishing import PublishedQuerySet, Status


class SearchDocument(models.Model):
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=20)
    title = models.TextField()
    lead = models.TextField()
    body = models.TextField()
    url = models.CharField(max_length=500)
    date = models.DateTimeField(null=True)  # of the event, the publication or the last change: newer ones come first
    status = models.CharField(max_length=10, choices=Status.choices)
    publish_at = models.DateTimeField(null=True)
    expire_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=5)
    title_lemmas = models.TextField()
    lead_lemmas = models.TextField()
    body_lemmas = models.TextField()

    objects = PublishedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content_type", "object_id"], name="search_one_document_per_object")
        ]

        # All that the newest of many are chosen by, so that SQLite reads nothing else for it.
        indexes = [
            models.Index(
                fields=["language", "-date", "-id", "kind", "object_id", "status", "publish_at", "expire_at"],
                name="search_newest",
            )
        ]

    def __str__(self):
        return self.title


class PlainForm(models.Model):
    """A word form as typed without Polish letters, and a lemma it may mean: "zastepczej" → "zastepczy"."""

    form = models.CharField(max_length=80)
    lemma = models.CharField(max_length=80, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["form", "lemma"], name="search_one_row_per_plain_form")]

    def __str__(self):
        return f"{self.form}: {self.lemma}"


class IndexState(models.Model):
    """One row: what made the lemmas (`reading.identity()`)."""

    analyser = models.CharField(max_length=200)

    def __str__(self):
        return self.analyser
