"""Letters to whose duty it is: at the beginning of its reminder, a week before the day, and once it has passed."""

from datetime import timedelta
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.outbox.letters import Letter
from portal.outbox.queueing import enqueue

from .models import Duty

WEEK = timedelta(days=7)


def remind() -> str:
    """Job of `tick`. Each letter goes out once for each day on which the duty is due."""
    today = timezone.localdate()
    written = 0
    for duty in Duty.objects.open().filter(remind_from__lte=today):
        step = "late" if duty.due_on < today else "week" if duty.due_on - WEEK <= today else "first"
        key = f"duty-{duty.pk}-{duty.due_on}-{step}"
        written += enqueue("duty", letter(duty), to=duty.responsible_email, dedupe_key=key, about=duty)
    return f"{written} written"


def letter(duty: Duty) -> Letter:
    day = date_format(duty.due_on)
    subject = _("Overdue since %(day)s: %(duty)s") if duty.is_overdue else _("By %(day)s: %(duty)s")
    form = urljoin(settings.SITE_URL, reverse("admin:duties_duty_change", args=[duty.pk]))
    facts = [(_("By"), day), (_("Legal basis"), duty.legal_basis)]
    return Letter(
        subject=subject % {"day": day, "duty": duty.title},
        paragraphs=[duty.title, duty.note],
        facts=[(label, value) for label, value in facts if value],
        buttons=[(_("Open it and mark it as done"), form)],
    )
