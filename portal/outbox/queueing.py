from django.contrib.contenttypes.models import ContentType

from .letters import Letter
from .models import Message


def enqueue(kind: str, letter: Letter, *, to: str, dedupe_key: str, about=None, is_secret: bool = False) -> bool:
    """Write a letter into the outbox, in the caller's transaction. False where `dedupe_key` was written before.

    One unique key is one letter, however often and from however many processes this is called. The text of a secret
    letter is shown to nobody, and emptied once it is sent.
    """
    if not to:
        return False
    message = Message(
        kind=kind,
        to=to,
        reply_to=letter.reply_to,
        subject=" ".join(letter.subject.split())[:300],  # a line break would end the header
        text=letter.as_text(),
        html=letter.as_html(),
        attachment_name=letter.attachment_name,
        attachment=letter.attachment,
        dedupe_key=dedupe_key,
        is_secret=is_secret,
    )
    if about is not None:
        message.content_type, message.object_id = ContentType.objects.get_for_model(about), about.pk
    # Not get_or_create: its IntegrityError would need a savepoint for every letter.
    before = Message.objects.filter(dedupe_key=dedupe_key).exists()
    if not before:
        Message.objects.bulk_create([message], ignore_conflicts=True)
    return not before
