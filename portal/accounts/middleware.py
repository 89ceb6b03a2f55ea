from django.contrib.auth.models import AnonymousUser
from django.utils.functional import SimpleLazyObject

from . import second_factor


class SecondFactorMiddleware:
    """Who owes a code is nobody yet: on every page of the site, without a list of them.

    `request.signed_in` is who gave the right password, for the pages that ask for the code. Behind OTPMiddleware. Both
    are lazy: a page that never asks who reads it touches no session and gets no `Vary: Cookie`.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        signed_in = request.signed_in = request.user
        request.user = SimpleLazyObject(lambda: _who_is_let_in(signed_in))
        return self.get_response(request)


def _who_is_let_in(signed_in):
    is_nobody = signed_in.is_authenticated and not second_factor.is_let_in(signed_in)
    return AnonymousUser() if is_nobody else signed_in
