"""Inside the admin's names (portal/pages/admin_site.py), but for whom these pages are open is their own affair."""

from django.urls import path

from . import tokens, views

urlpatterns = [
    path("logout/", views.log_out, name="logout"),
    path("kod/", views.code, name="code"),
    path("telefon/", views.add_phone, name="add_phone"),
    path("nie-pamietam-hasla/", views.ForgottenPassword.as_view(), name="forgotten_password"),
    path(
        "zaproszenie/<uidb64>/<token>/",
        views.PasswordByLink.as_view(token_generator=tokens.invitations),
        name="invitation",
    ),
    path(
        "nowe-haslo/<uidb64>/<token>/",
        views.PasswordByLink.as_view(token_generator=tokens.new_passwords),
        name="new_password",
    ),
]
