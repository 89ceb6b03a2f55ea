"""The links by which a password is set: signed, used up by the new password, and of a short life."""

from datetime import UTC, datetime

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.http import base36_to_int

HOUR = 60 * 60


class LinkTokens(PasswordResetTokenGenerator):
    def __init__(self, salt: str, seconds: int):
        super().__init__()
        self.key_salt, self.seconds = salt, seconds

    def check_token(self, user, token) -> bool:
        """Django's check, whose one lifetime (settings.PASSWORD_RESET_TIMEOUT) is the longest of ours."""
        if not super().check_token(user, token):
            return False
        made_at = base36_to_int(token.partition("-")[0])
        return self._num_seconds(self._now()) - made_at <= self.seconds

    def _now(self):
        """Not the local time, as Django has it: a link of an hour would live for two when the clocks go back."""
        return datetime.now(UTC).replace(tzinfo=None)


invitations = LinkTokens("accounts.invitation", 3 * 24 * HOUR)
new_passwords = LinkTokens("accounts.new-password", HOUR)
