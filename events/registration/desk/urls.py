"""Addresses below /admin/registration/signup/: the desk of one event, and what is asked across events."""

from django.urls import path

from . import certificates, erasure, export, figures, finding, importing, papers, people, presence, writing

urlpatterns = [
    path("figures/", figures.figures, name="registration_figures"),
    path("find/", finding.find, name="registration_find"),
    path("find/person/", erasure.person, name="registration_person"),
    path("<int:signup_id>/desk/", people.people, name="registration_desk_list"),
    path("<int:signup_id>/desk/add/", people.add, name="registration_desk_add"),
    path("<int:signup_id>/desk/capacity/", people.capacity, name="registration_desk_capacity"),
    path("<int:signup_id>/desk/<uuid:uid>/", people.person, name="registration_desk_person"),
    path("<int:signup_id>/desk/<uuid:uid>/act/", people.act, name="registration_desk_act"),
    path("<int:signup_id>/desk/<uuid:uid>/confirmation/", papers.confirmation, name="registration_desk_confirmation"),
    path("<int:signup_id>/desk/paper/", papers.attendance_list, name="registration_desk_paper"),
    path("<int:signup_id>/desk/presence/", presence.presence, name="registration_desk_presence"),
    path("<int:signup_id>/desk/certificates/", certificates.overview, name="registration_desk_certificates"),
    path("<int:signup_id>/desk/certificates/issue/", certificates.issue, name="registration_desk_issue"),
    path(
        "<int:signup_id>/desk/certificates/<int:certificate_id>/",
        certificates.document,
        name="registration_desk_certificate",
    ),
    path(
        "<int:signup_id>/desk/certificates/<int:certificate_id>/revoke/",
        certificates.revoke,
        name="registration_desk_revoke",
    ),
    path("<int:signup_id>/desk/import/", importing.import_people, name="registration_desk_import"),
    path("<int:signup_id>/desk/message/", writing.message, name="registration_desk_message"),
    path("<int:signup_id>/desk/export/", export.export, name="registration_desk_export"),
    path("<int:signup_id>/desk/export/file/", export.export_file, name="registration_desk_export_file"),
]
