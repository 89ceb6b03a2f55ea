from django.core.exceptions import ValidationError
from django.utils.translation import gettext


class NotThePresentPassword:
    """For AUTH_PASSWORD_VALIDATORS: a new password is another one."""

    def validate(self, password, user=None):
        if user is not None and user.pk and user.check_password(password):
            raise ValidationError(gettext("This is the password you have now. Choose another one."))

    def get_help_text(self):
        return gettext("It must not be the password that you have now.")
