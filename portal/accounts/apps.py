from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "portal.accounts"
    label = "accounts"
    verbose_name = _("Users")

    def ready(self):
        from portal.content.tick import register_job

        from . import lock_out, log_ins, role_changes, sessions  # noqa: F401  their receivers connect themselves

        register_job("failed log-ins", lock_out.forget_old, every=5 * 60)
        register_job("ended sessions", sessions.forget_ended, every=60 * 60)
