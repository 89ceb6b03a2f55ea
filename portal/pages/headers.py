"""Headers that every page carries and that Django does not know."""

from django.conf import settings

# What no page of the portal uses, so that nothing that gets into one can.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "autoplay", "bluetooth", "browsing-topics", "camera", "display-capture", "encrypted-media",
        "gamepad", "geolocation", "gyroscope", "hid", "idle-detection", "magnetometer", "microphone", "midi",
        "payment", "publickey-credentials-get", "screen-wake-lock", "serial", "usb", "web-share", "xr-spatial-tracking",
    )
)  # fmt: skip

# Tells nginx to leave this answer out of its log of visitors' addresses; nginx takes it off (deploy/nginx/portal.conf).
SENSITIVE = "X-Portal-Sensitive"


def mark_sensitive(response):
    """Who looks for help must not be counted, nor be found in a log."""
    if settings.BEHIND_NGINX:
        response[SENSITIVE] = "1"
    return response


class SafetyHeaders:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
