import re

from django.conf import settings

EDITOR_PAGE = re.compile(r"_(add|change)$")


class EditorPolicyMiddleware:
    """Loosen the Content-Security-Policy for the admin's add and change pages, where the editor runs; nowhere else."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        match = request.resolver_match
        if match and match.app_names == ["admin"] and EDITOR_PAGE.search(match.url_name or ""):
            response._csp_update = settings.EDITOR_CSP
        return response
