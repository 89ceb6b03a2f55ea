from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    """Django's admin with our site; a module of its own, because a module may have one default AppConfig."""

    default_site = "portal.pages.admin_site.PortalAdminSite"
