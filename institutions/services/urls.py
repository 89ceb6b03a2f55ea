from django.urls import path

from . import views

app_name = "services"
urlpatterns = [
    path("", views.card_list, name="list"),
    path("<slug:slug>/", views.card, name="card"),
    path("<slug:slug>/drukuj/", views.card_print, name="card_print"),
]
