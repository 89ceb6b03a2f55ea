"""Digests of the photos that were there before digests: of their masters, where the files are still there."""

from .photo_files import private_folder
from .pictures import MASTER, digest_of


def fill(photo_model):
    """Called by the migration of each section, with its historical model."""
    for pk, key in photo_model.objects.filter(digest="").values_list("pk", "key").iterator():
        try:
            digest = digest_of((private_folder(key) / MASTER).read_bytes())
        except OSError:
            continue  # a copy of the database without its files: what the photo shows is unknown anyway
        photo_model.objects.filter(pk=pk).update(digest=digest)
