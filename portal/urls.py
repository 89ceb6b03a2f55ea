from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/zdjecia/", include("portal.photos.urls")),
    path("admin/", admin.site.urls),
    path("", include("portal.content.files")),
    path("podglad/", include("portal.editing.urls")),
    path("", include("portal.pages.machine_urls")),
    # What people read, in each language of the interface: "/aktualnosci/", "/en/aktualnosci/", "/uk/aktualnosci/".
    *i18n_patterns(
        path("", include("news.urls")),
        path("placowki/", include("institutions.urls")),
        path("sprawy/", include("institutions.services.urls")),
        path("wydarzenia/", include("events.urls")),
        path("dostepnosc/", include("portal.accessibility.urls")),
        # Last: its pages answer at the root, under whatever name is left.
        path("", include("portal.pages.urls")),
        prefix_default_language=False,
    ),
]
handler400 = "portal.pages.errors.bad_request"
handler404 = "portal.pages.errors.not_found"
handler500 = "portal.pages.errors.server_error"
