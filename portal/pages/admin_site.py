from django.contrib.admin import AdminSite
from django.urls import path
from django.utils.translation import gettext_lazy as _

from institutions.models import Office
from portal.content import board
from portal.content.writing import panel

# The sections of the side menu and of the first page, in the order of an editor's work.
SECTIONS = [
    (
        _("Content"),
        [
            "news.article",
            "news.notice",
            "events.event",
            "registration.signup",
            "events.meetingreport",
            "institutions.institution",
            "pages.staticpage",
            "links.linkreport",
        ],
    ),
    (_("Home page and office"), ["pages.tile", "pages.banner", "institutions.office"]),
    (
        _("Dictionaries"),
        [
            "news.category",
            "events.eventseries",
            "institutions.fundedproject",
            "institutions.helpline",
            "institutions.institutiontype",
            "institutions.servedgroup",
            "institutions.municipality",
        ],
    ),
    (
        _("Sign-up"),
        [
            "registration.certificate",
            "registration.informationclause",
            "registration.retentionpolicy",
            "registration.retentionrun",
            "registration.erasure",
            "registration.peopleaccess",
            "outbox.message",
        ],
    ),
    (_("Users"), ["auth.user", "auth.group", "editing.auditentry"]),
]


class PortalAdminSite(AdminSite):
    site_header = _("Editors' office")
    site_title = _("Editors' office")
    index_title = _("What is to be done")

    def each_context(self, request):
        office = Office.objects.filter(pk=1).values_list("short_name", "name").first()
        return super().each_context(request) | {"office_name": (office[0] or office[1]) if office else ""}

    def get_app_list(self, request, app_label=None):
        if app_label:
            return super().get_app_list(request, app_label)
        apps = self._build_app_dict(request).values()
        models = {model["model"]._meta.label_lower: model for app in apps for model in app["models"]}
        sections = [(name, [models.pop(label) for label in labels if label in models]) for name, labels in SECTIONS]
        sections.append((_("Other"), list(models.values())))
        return [
            {"name": name, "app_label": f"section-{number}", "app_url": "", "has_module_perms": True, "models": found}
            for number, (name, found) in enumerate(sections, start=1)
            if found
        ]

    def get_urls(self):
        check_text = self.admin_view(panel.check_view)
        return [path("sprawdz-tekst/", check_text, name="check_text"), *super().get_urls()]

    def index(self, request, extra_context=None):
        return super().index(request, {"board": board.waiting(request, self), **(extra_context or {})})
