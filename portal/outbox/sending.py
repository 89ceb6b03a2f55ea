"""Sending what is due, in the order in which it was written, each letter by whoever claims it first."""

import logging
import smtplib
import time
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import F
from django.utils import timezone

from .models import Message, MessageStatus

logger = logging.getLogger("portal.outbox")

# In one round, so that neither a flood of mail nor a slow server keeps the other jobs of `tick` waiting.
AT_ONCE, SECONDS_AT_ONCE = 200, 20
# After the first, second, … failed attempt. Afterwards the letter is given up and stands on the board.
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440)]
# A claim as old as this belongs to a process that was killed between claiming and the server's answer.
LOST_AFTER = timedelta(minutes=2)


class ServerAway(Exception):
    """The mail server cannot be reached: no letter is to blame, so none loses an attempt or its place."""


def send_due() -> str:
    """Send the letters that are due. When the server is away all stay where they are for the next round."""
    take_back_lost()
    sent = failed = 0
    server = None
    until = time.monotonic() + SECONDS_AT_ONCE
    try:
        for message in Message.objects.due()[:AT_ONCE]:
            if time.monotonic() > until:
                break
            if not claim(message):
                continue
            try:
                server = server or connect()
                deliver(message, server)
            except ServerAway as error:
                put_back(message, str(error))
                return f"{sent} sent, the mail server is away: {error}"
            except (smtplib.SMTPException, OSError, ValueError) as error:
                postpone(message, error)
                failed += 1
                if not isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused | ValueError):
                    server = None  # the connection itself broke; the next letter opens another
            else:
                emptied = {"text": "", "html": ""} if message.is_secret else {}
                Message.objects.filter(pk=message.pk).update(
                    status=MessageStatus.SENT, sent_at=timezone.now(), last_error="", **emptied
                )
                sent += 1
    finally:
        if server is not None:
            close(server)
    return f"{sent} sent, {failed} failed"


def claim(message: Message) -> bool:
    """True for the one process that may send it now, also where two run."""
    return bool(
        Message.objects.filter(pk=message.pk, status=MessageStatus.QUEUED).update(
            status=MessageStatus.SENDING, claimed_at=timezone.now(), attempts=F("attempts") + 1
        )
    )


def take_back_lost():
    """A letter whose sender was killed is sent again, with the same Message-ID: rather twice than never."""
    Message.objects.filter(status=MessageStatus.SENDING, claimed_at__lt=timezone.now() - LOST_AFTER).update(
        status=MessageStatus.QUEUED
    )


def connect():
    server = get_connection()
    try:
        server.open()
    except (OSError, smtplib.SMTPException) as error:
        raise ServerAway(str(error)) from error
    return server


def close(server):
    try:
        server.close()
    except (OSError, smtplib.SMTPException):
        logger.warning("the mail server did not say goodbye")


def deliver(message: Message, server):
    mail = EmailMultiAlternatives(
        message.subject,
        message.text,
        settings.DEFAULT_FROM_EMAIL,
        [message.to],
        reply_to=[message.reply_to] if message.reply_to else None,
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
        connection=server,
    )
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    if message.attachment:
        mail.attach(message.attachment_name, message.attachment, "text/calendar")
    mail.send()


def put_back(message: Message, error: str):
    Message.objects.filter(pk=message.pk).update(
        status=MessageStatus.QUEUED, attempts=F("attempts") - 1, last_error=error[:500]
    )


def postpone(message: Message, error: Exception):
    """Try this one letter again later; give it up after the last pause."""
    logger.warning("message %s was not sent: %s", message.pk, error)
    attempts = message.attempts + 1
    is_last = attempts > len(PAUSES)
    Message.objects.filter(pk=message.pk).update(
        status=MessageStatus.FAILED if is_last else MessageStatus.QUEUED,
        next_try_at=timezone.now() + PAUSES[min(attempts, len(PAUSES)) - 1],
        last_error=f"{type(error).__name__}: {error}"[:500],
    )
