from django.urls import path

from . import views

app_name = "institutions"
urlpatterns = [
    path("", views.institution_list, name="list"),
    path("mapa.json", views.map_data, name="map_data"),
    path("<slug:slug>/", views.institution, name="detail"),
]
