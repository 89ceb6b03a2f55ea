"""The audit list: publishing, roles, exports and log-ins, each as one line that administrators can search."""

from django.contrib.contenttypes.models import ContentType

from .models import Act, AuditEntry


def record(actor, act: Act, target=None, detail: str = "", target_name: str = "") -> AuditEntry:
    """Write one line. `actor` is a user or None (nobody logged in, or the portal itself); `target` a saved row or None.

    Never pass personal data of residents in `detail`: the list is kept.
    """
    has_account = actor is not None and actor.pk is not None
    return AuditEntry.objects.create(
        actor=actor if has_account else None,
        actor_name=(actor.get_full_name() or actor.get_username())[:200] if has_account else "",
        act=act,
        content_type=ContentType.objects.get_for_model(target) if target is not None else None,
        object_id=target.pk if target is not None else None,
        target_name=(target_name or (str(target) if target is not None else ""))[:250],
        detail=detail,
    )
