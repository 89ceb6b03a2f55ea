from django.urls import path

from . import check_views, own_views, views

app_name = "registration"
urlpatterns = [
    path("zgloszenie/<str:token>/", own_views.own, name="own"),
    path("zgloszenie/<str:token>/rezygnacja/", own_views.resign, name="resign"),
    path("zgloszenie/<str:token>/dane/", own_views.contact, name="contact"),
    path("zgloszenie/<str:token>/potrzeby/", own_views.forget_needs, name="forget_needs"),
    path("zgloszenie/<str:token>/zgody/", own_views.withdraw_consent, name="withdraw_consent"),
    path("zgloszenie/<str:token>/kalendarz.ics", own_views.calendar, name="calendar"),
    path("potwierdzenie/<str:token>/", own_views.confirm, name="confirm"),
    path("propozycja/<str:token>/", own_views.accept, name="accept"),
    path("obecnosc/<str:token>/", check_views.presence, name="presence"),
    path("zaswiadczenie/", check_views.certificate_check, name="certificate_check"),
    path("zaswiadczenie/<str:code>/", check_views.certificate, name="certificate"),
    path("<slug:slug>/zapisy/", views.sign_up, name="form"),
    path("<slug:slug>/zapisy/przyjete/", views.received, name="received"),
]
