from django.urls import path

from . import preview_links

urlpatterns = [
    path("<str:token>/", preview_links.page, name="preview_link"),
    path("<str:token>/photos/<key:key>/<photo_name:name>", preview_links.photo),
    path("<str:token>/pliki/<key:key>/<str:name>", preview_links.attachment),
]
