"""Addresses for programs: search engines and whoever watches over the server. Their names have no namespace."""

from django.contrib.sitemaps import views as sitemap_views
from django.urls import path

from . import machine_views
from .metrics import metrics
from .sitemaps import SITEMAPS

urlpatterns = [
    path("robots.txt", machine_views.robots, name="robots"),
    path(
        "sitemap.xml",
        sitemap_views.index,
        {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap_section"},
        name="sitemap",
    ),
    path("sitemap-<slug:section>.xml", sitemap_views.sitemap, {"sitemaps": SITEMAPS}, name="sitemap_section"),
    path(".well-known/security.txt", machine_views.security_txt, name="security_txt"),
    path("healthz", machine_views.healthz, name="healthz"),
    path("readyz", machine_views.readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
]
