from events.models import Event
from events.recurrence import moved

from .models import SignUp

OWN = {"id", "event", "opens_at", "closes_at", "seq", "capacity_changed_at", "told_schedule", "legal_hold",
       "legal_hold_reason", "created_at", "updated_at"}  # fmt: skip


def copy_sign_up(original: Event, copy: Event, days: int):
    """The same rules and reminders, opening and closing so many days later; nobody is registered."""
    before = SignUp.objects.filter(event=original).first()
    if before is None:
        return
    rules = {f.name: getattr(before, f.name) for f in SignUp._meta.concrete_fields if f.name not in OWN}
    shifted = {name: moved(getattr(before, name), days) for name in ("opens_at", "closes_at") if getattr(before, name)}
    signup = SignUp.objects.create(event=copy, **rules, **shifted)
    for reminder in before.reminders.all():
        signup.reminders.create(hours_before=reminder.hours_before)
