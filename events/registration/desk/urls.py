"""Addresses below /admin/registration/: the desk of one event, and what is asked across events."""

from django.urls import path

from . import people

urlpatterns = [
    path("signup/<int:signup_id>/desk/", people.people, name="registration_desk_list"),
    path("signup/<int:signup_id>/desk/add/", people.add, name="registration_desk_add"),
    path("signup/<int:signup_id>/desk/capacity/", people.capacity, name="registration_desk_capacity"),
    path("signup/<int:signup_id>/desk/<uuid:uid>/", people.person, name="registration_desk_person"),
    path("signup/<int:signup_id>/desk/<uuid:uid>/act/", people.act, name="registration_desk_act"),
]
