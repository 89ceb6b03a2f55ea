from django.http import HttpResponsePermanentRedirect, HttpResponseRedirect

from .models import Moved


class MovedMiddleware:
    """Answer a view's Moved with a redirect, so that views read as if addresses never changed."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, Moved):
            query = request.META.get("QUERY_STRING")
            redirect = HttpResponsePermanentRedirect if exception.is_permanent else HttpResponseRedirect
            return redirect(f"{exception.url}?{query}" if query else exception.url)
        return None
