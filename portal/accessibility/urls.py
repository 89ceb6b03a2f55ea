from django.urls import path

from . import views

app_name = "accessibility"

urlpatterns = [
    path("zglos/", views.report, name="report"),
    path("zglos/przyjete/", views.received, name="received"),
    path("zakres-dzialalnosci.txt", views.scope_file, name="scope"),
    path("napisy-<key:key>.vtt", views.captions, name="captions"),
]
