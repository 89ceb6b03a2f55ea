"""Static files: hashed names, gzip beside each, and only those that the site uses."""

from django.contrib.staticfiles.apps import StaticFilesConfig
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class PortalStaticFilesConfig(StaticFilesConfig):
    # CKEditor brings seventy languages and demo plugins; a first start would spend its time on compressing them.
    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "ckeditor/*/lang/[!ep]*", "ckeditor/galleriffic/*"]


class CompressedStaticFiles(CompressedManifestStaticFilesStorage):
    def create_compressor(self, **kwargs) -> Compressor:
        # Brotli is there only by the chance of another package, and costs twenty seconds at every collectstatic.
        return Compressor(**{**kwargs, "use_brotli": False})
