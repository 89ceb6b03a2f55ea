from django.utils.translation import override

from portal.content import languages


class LanguageOfPage:
    """Make each page in the language that its address begins with; the pages of errors, too."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language = languages.of_path(request.path_info)
        if language == languages.ORIGINAL:
            return self.get_response(request)
        with override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
