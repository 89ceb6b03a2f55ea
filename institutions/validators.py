"""Forms of Polish official data, with a message that shows the right one."""

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

postal_code = RegexValidator(r"^\d{2}-\d{3}$", _("Write the postal code as 00-000."))
ade = RegexValidator(r"^AE:PL-\d{5}-\d{5}-[A-Z]{5}-\d{2}$", _("Write the address as AE:PL-12345-67890-ABCDE-12."))
