from django.contrib import admin
from django.urls import path

from . import receiving, views

app_name = "photos"
admin_view = admin.site.admin_view
urlpatterns = [
    path("", admin_view(views.photo_list), name="list"),
    path("zdejmij/", admin_view(views.take_down), name="take_down"),
    # Not behind the sign-in page: the script is answered in its own words.
    path("wyslij/", receiving.upload, name="upload"),
    path("obroc/", receiving.rotate, name="rotate"),
]
