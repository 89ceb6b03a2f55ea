from django.urls import path, register_converter

from . import search_page, views

app_name = "pages"


class TreePathConverter:
    """ "dokumenty" or "o-nas/historia": the tree of static pages has two levels."""

    regex = "[-a-zA-Z0-9_]+(?:/[-a-zA-Z0-9_]+)?"
    to_python = to_url = staticmethod(str)


register_converter(TreePathConverter, "tree_path")

urlpatterns = [
    path("", views.home, name="home"),
    path("kontakt/", views.contact, name="contact"),
    path("mapa-strony/", views.sitemap_page, name="sitemap_page"),
    path("herb/", views.coat_of_arms, name="coat_of_arms"),
    path("logo-bip/", views.bip_logo, name="bip_logo"),
    path("barwy.css", views.colours, name="colours"),
    path("szukaj/", search_page.search, name="search"),
    path("<tree_path:path>/", views.page, name="page"),
]
