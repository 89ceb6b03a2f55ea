"""Addresses below /admin/registration/signup/: the desk of one event, and what is asked across events."""

from django.urls import path

from . import erasure, export, figures, finding, importing, people, writing

urlpatterns = [
    path("figures/", figures.figures, name="registration_figures"),
    path("find/", finding.find, name="registration_find"),
    path("find/person/", erasure.person, name="registration_person"),
    path("<int:signup_id>/desk/", people.people, name="registration_desk_list"),
    path("<int:signup_id>/desk/add/", people.add, name="registration_desk_add"),
    path("<int:signup_id>/desk/capacity/", people.capacity, name="registration_desk_capacity"),
    path("<int:signup_id>/desk/<uuid:uid>/", people.person, name="registration_desk_person"),
    path("<int:signup_id>/desk/<uuid:uid>/act/", people.act, name="registration_desk_act"),
    path("<int:signup_id>/desk/import/", importing.import_people, name="registration_desk_import"),
    path("<int:signup_id>/desk/message/", writing.message, name="registration_desk_message"),
    path("<int:signup_id>/desk/export/", export.export, name="registration_desk_export"),
    path("<int:signup_id>/desk/export/file/", export.export_file, name="registration_desk_export_file"),
]
