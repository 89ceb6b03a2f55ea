from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.contrib.contenttypes.models import ContentType
from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from institutions.models import Office
from portal.accounts import urls as account_urls
from portal.accounts import views as accounts
from portal.content import board
from portal.content.writing import panel
from portal.counters import chart
from portal.editing import drafts

from .handbook import views as handbook
from .overdue import in_words

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
            "institutions.servicecard",
            "institutions.institution",
            "institutions.placesreport",
            "pages.staticpage",
            "accessibility.accessrequest",
            "duties.duty",
            "links.linkreport",
        ],
    ),
    (
        _("Home page and office"),
        ["pages.tile", "pages.banner", "institutions.office"],
    ),
    (
        _("What the law asks"),
        [
            "accessibility.statement",
            "accessibility.accessinfo",
            "statutory.processingpurpose",
            "statutory.childprotection",
            "statutory.whistleblowing",
        ],
    ),
    (
        _("Dictionaries"),
        [
            "news.category",
            "events.eventseries",
            "institutions.fundedproject",
            "institutions.helpline",
            "institutions.lifesituation",
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
    (_("Users"), ["auth.user", "auth.group", "editing.auditentry", "photos.takendownphoto"]),
]


class PortalAdminSite(AdminSite):
    site_header = _("Editors' office")
    site_title = _("Editors' office")
    index_title = _("What is to be done")

    def get_urls(self):
        own = [
            *account_urls.urlpatterns,
            path("konto/", self.admin_view(accounts.account), name="account"),
            path("sesja/", self.session_view, name="session"),
            path("podrecznik/", self.admin_view(handbook.contents), name="handbook"),
            path("podrecznik/prawo/", self.admin_view(handbook.law), name="handbook_law"),
            path("podrecznik/<slug:slug>/", self.admin_view(handbook.task), name="handbook_task"),
            path("sprawdz-tekst/", self.admin_view(panel.check_view), name="check_text"),
        ]
        return [*own, *super().get_urls()]

    def login(self, request, extra_context=None):
        if request.method == "GET" and request.signed_in.is_authenticated and not request.user.is_authenticated:
            return redirect_to_login(accounts.way_on(request), reverse("admin:code"))
        return super().login(request, extra_context)

    def session_view(self, request):
        """For the script of a form that has been open for long: is its editor still signed in, and with what token?"""
        is_signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES and self.has_permission(request)
        answer = {"logged_in": True, "token": get_token(request)} if is_signed_in else {"logged_in": False}
        return JsonResponse(answer, headers={"Cache-Control": "private, no-store"})

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

    def index(self, request, extra_context=None):
        own = {
            "board": board.waiting(request, self),
            "overdue": in_words(),
            "unsaved": [(draft, address_of(draft)) for draft in drafts.of_author(request.user)[: drafts.OFFERED]],
            "chart": chart.last_days(),
        }
        return super().index(request, own | (extra_context or {}))


def address_of(draft) -> str:
    """The form in which an unsaved text can be gone on with."""
    content_type = ContentType.objects.get_for_id(draft.content_type_id)
    name = f"admin:{content_type.app_label}_{content_type.model}"
    form = reverse(f"{name}_change", args=[draft.object_id]) if draft.object_id else reverse(f"{name}_add")
    return f"{form}?draft={draft.uid}"
