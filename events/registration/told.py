"""What registered people know of the event: its dates, places and state, as text to compare with what they are now."""

from .models import ACTIVE, SignUp


def schedule_of(event) -> str:
    """Everything about the event that people must hear of when it changes."""
    lines = [event.run_state]
    for session in event.all_sessions:
        lines.append(
            f"{session.uid} {session.starts_at:%Y-%m-%dT%H:%MZ} {session.ends_at:%Y-%m-%dT%H:%MZ} {session.is_all_day} "
            f"{session.mode} {session.status} {session.place} {session.online_url}"
        )
    return "\n".join(lines)


def remember_schedule(signup: SignUp):
    """What the first to sign up can read on the page is what people know. Under the lock, before the insert."""
    if not signup.told_schedule or not signup.registrations.filter(status__in=ACTIVE).exists():
        SignUp.objects.filter(pk=signup.pk).update(told_schedule=schedule_of(signup.event))
