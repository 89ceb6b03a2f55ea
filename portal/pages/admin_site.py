from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class PortalAdminSite(AdminSite):
    site_header = _("Editors' office")
    site_title = _("Portal")
    index_title = _("What is to be done")
