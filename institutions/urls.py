from django.urls import path

from . import views
from .places import views as places

app_name = "institutions"
urlpatterns = [
    path("", views.institution_list, name="list"),
    path("mapa.json", views.map_data, name="map_data"),
    path("wolne-miejsca/", places.free_places, name="free_places"),
    path("wolne-miejsca.csv", places.free_places_csv, name="places_csv"),
    path("koszty-utrzymania/", views.monthly_costs, name="monthly_costs"),
    path("koszty-utrzymania.csv", views.monthly_costs_csv, name="monthly_costs_csv"),
    path("logo-projektu/<int:pk>.png", views.project_logo, name="project_logo"),
    path("stan/<str:token>/", places.confirm, name="places_confirm"),
    path("stan/<str:token>/przyjete/", places.received, name="places_received"),
    path("<slug:slug>/", views.institution, name="detail"),
]
