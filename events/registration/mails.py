"""What the office writes to registered people: one function a letter, each into the outbox under a key of its own.

The key makes a letter once: promotion of this registration, this move of the event, this reminder of this start.
"""

from functools import wraps

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from events.feeds import calendar_of
from events.models import EventSession
from institutions.models import Office
from portal.outbox.letters import Letter
from portal.outbox.queueing import enqueue

from . import links
from .models import Reason, Registration, RegistrationStatus

Status = RegistrationStatus


def in_their_language(write):
    """Letters come in the language in which somebody signed up, whoever and whatever makes them be written."""

    @wraps(write)
    def written(registration: Registration, *args, **kwargs):
        with override(registration.language):
            return write(registration, *args, **kwargs)

    return written


@in_their_language
def received(registration: Registration):
    """The acknowledgement of a new registration, whatever state it got."""
    letters = {
        Status.HELD: hold_letter,
        Status.CONFIRMED: confirmed_letter,
        Status.WAITING: waiting_letter,
        Status.PENDING: pending_letter,
    }
    _queue(registration, "received", letters[registration.status](registration))


@in_their_language
def approved(registration: Registration):
    letter = hold_letter if registration.status == Status.HELD else waiting_letter
    _queue(registration, "approved", letter(registration))


@in_their_language
def confirmed(registration: Registration):
    _queue(registration, "confirmed", confirmed_letter(registration))


@in_their_language
def promoted(registration: Registration):
    opening = [_("A place has become free and it is yours: you move up from the waiting list.")]
    _queue(registration, "promoted", confirmed_letter(registration, opening))


def hold_letter(registration: Registration) -> Letter:
    until = registration.hold_expires_at
    return _letter(
        registration,
        _("Please confirm: %(event)s"),
        [
            _("We keep a place for you until %(when)s. Press the button to confirm it.") % {"when": at_hour(until)},
            _("Without this the place goes to the next person."),
        ],
        buttons=[(_("Confirm my registration"), links.address(registration, "confirm"))],
        ending=[_("You did not sign up? Then do nothing: the registration ends by itself.")],
    )


def waiting_letter(registration: Registration) -> Letter:
    place = registration.place_in_queue()
    paragraphs = [
        _("You are on the waiting list, at place %(place)s.") % {"place": place},
        _("When a place becomes free, the next person gets it and we write at once."),
    ]
    buttons = []
    if registration.waits_for_email:
        paragraphs.append(_("Please confirm your e-mail address: only then can we give you a place."))
        buttons = [(_("Confirm my e-mail address"), links.address(registration, "confirm"))]
    return _letter(registration, _("Waiting list: %(event)s"), paragraphs, buttons=buttons)


def pending_letter(registration: Registration) -> Letter:
    buttons = []
    paragraphs = [_("We have your registration. The office decides on each one and will write to you.")]
    if registration.waits_for_email:
        paragraphs.append(_("Please confirm your e-mail address meanwhile."))
        buttons = [(_("Confirm my e-mail address"), links.address(registration, "confirm"))]
    return _letter(registration, _("Registration received: %(event)s"), paragraphs, buttons=buttons)


def confirmed_letter(registration: Registration, opening: list[str] | None = None) -> Letter:
    seats = _("Two places are yours.") if registration.seats == 2 else _("Your place is certain.")
    paragraphs = [*(opening or []), seats, _("The date is attached for your calendar.")]
    return _letter(registration, _("Confirmed: %(event)s"), paragraphs, is_for_participant=True)


@in_their_language
def offered(registration: Registration):
    until = registration.offer_expires_at
    letter = _letter(
        registration,
        _("A place for you: %(event)s"),
        [
            _("A place has become free. It waits for you until %(when)s.") % {"when": at_hour(until)},
            _("Press the button to take it. Without this it goes to the next person."),
        ],
        buttons=[(_("Take the place"), links.address(registration, "accept"))],
    )
    _queue(registration, "offered", letter)


@in_their_language
def offer_ended(registration: Registration):
    paragraphs = [_("The time to take the place is over, so it went to the next person.")]
    _queue(registration, "offer-ended", _letter(registration, _("The offer has ended: %(event)s"), paragraphs))


@in_their_language
def cancelled(registration: Registration, reason: str):
    if reason == Reason.ERASED:  # nobody is written to after being forgotten
        return
    subject = _("Registration cancelled: %(event)s")
    if reason == Reason.EVENT_CANCELLED:
        subject = _("The event is cancelled: %(event)s")
        paragraphs = [_("The event does not take place. Your registration has ended; you need to do nothing.")]
    elif reason == Reason.REJECTED:
        paragraphs = [_("The office could not accept your registration. Please ask us for the reason.")]
    elif reason == Reason.RESIGNED:
        paragraphs = [_("You have resigned. Thank you for telling us: the place goes to the next person.")]
    else:
        paragraphs = [_("The office has cancelled your registration. Please ask us if you do not know why.")]
    _queue(registration, "cancelled", _letter(registration, subject, paragraphs, has_own_link=False))


@in_their_language
def already_registered(registration: Registration):
    """Somebody signed up with an address that has a registration: only its mailbox is told so, once an hour."""
    waits = registration.waits_for_email
    letter = _letter(
        registration,
        _("You are registered already: %(event)s"),
        [
            _("Somebody, probably you, has just signed up with this address once more. It changes nothing."),
            _("Your registration: %(state)s.") % {"state": registration.get_status_display()},
        ],
        buttons=[(_("Confirm my registration"), links.address(registration, "confirm"))] if waits else [],
    )
    _queue(registration, "already", letter, f"{timezone.now():%Y%m%d%H}")


@in_their_language
def address_changed(registration: Registration, old_address: str):
    letter = _letter(
        registration,
        _("New address of your registration: %(event)s"),
        [_("From now on we write to this address. Earlier links work no more; here is the new one.")],
    )
    _queue(registration, "address", letter, str(registration.token_version))
    if old_address:
        notice = _letter(
            registration,
            _("Your registration has another address now: %(event)s"),
            [_("If it was not you who changed it, please phone us.")],
            has_own_link=False,
        )
        _queue(registration, "old-address", notice, str(registration.token_version), to=old_address)


@in_their_language
def changed(registration: Registration, what: list[str], version: str):
    """The event has moved, or is postponed. `version` names this very change."""
    letter = _letter(
        registration,
        _("A change: %(event)s"),
        [*what, _("Your registration stays as it is. If you cannot come, please resign on its page.")],
        is_for_participant=registration.status == Status.CONFIRMED,
    )
    _queue(registration, "changed", letter, version)


@in_their_language
def reminder(registration: Registration, session: EventSession, hours: int):
    letter = _letter(
        registration,
        _("Reminder: %(event)s"),
        [
            _("We remind you: it begins on %(when)s.") % {"when": at_hour(session.starts_at)},
            _("If you cannot come, please resign on the page of your registration: somebody waits for the place."),
        ],
        is_for_participant=True,
        sessions=[session],
    )
    # With the start in the key, a moved date is reminded of anew.
    _queue(registration, "reminder", letter, f"{session.pk}-{session.starts_at:%Y%m%d%H%M}-{hours}")


@in_their_language
def from_office(registration: Registration, subject: str, text: str, number: str) -> bool:
    """What a clerk writes to all or to some; `number` is that of the message. False where it was written before."""
    letter = _letter(registration, "%(event)s", text.split("\n\n"))
    letter = Letter(**{**vars(letter), "subject": subject})
    return _queue(registration, "message", letter, number)


# --- How they are made ------------------------------------------------------------------------------------------------


def _queue(registration: Registration, kind: str, letter: Letter, version: str = "", to: str = "") -> bool:
    return enqueue(
        kind,
        letter,
        to=to or registration.email,
        dedupe_key=key_of(registration, kind, version),
        about=registration,
    )


def key_of(registration: Registration, kind: str, version: str = "") -> str:
    return f"registration-{registration.uid}-{kind}" + (f"-{version}" if version else "")


def _letter(
    registration: Registration,
    subject: str,
    paragraphs: list[str],
    *,
    buttons: list[tuple[str, str]] | None = None,
    ending: list[str] | None = None,
    is_for_participant: bool = False,
    has_own_link: bool = True,
    sessions: list[EventSession] | None = None,
) -> Letter:
    event = registration.signup.event
    own = [(_("My registration: see, correct, resign"), links.address(registration, "own"))] if has_own_link else []
    dates = sessions or event.all_sessions
    facts = [(_("Event"), event.title), (_("Date"), "\n".join(map(when, dates)))]
    places = list(dict.fromkeys(filter(None, (session.place for session in dates))))
    if places:
        facts.append((_("Place"), "\n".join(places)))
    if is_for_participant:
        urls = list(dict.fromkeys(filter(None, (session.online_url for session in dates))))
        facts += [(_("Link to the meeting"), "\n".join(urls))] if urls else []
    contact = ", ".join(filter(None, [event.contact_name, event.contact_phone, event.contact_email]))
    if contact:
        facts.append((_("Contact"), contact))
    office = Office.objects.filter(pk=1).first() or Office()
    return Letter(
        subject=subject % {"event": event.title},
        paragraphs=[_("Good morning,"), *paragraphs],
        facts=facts,
        buttons=[*(buttons or []), *own],
        ending=[*(ending or []), "\n".join(filter(None, [office.name, office.full_address]))],
        reply_to=event.contact_email or office.email,
        attachment_name=f"{event.slug}.ics" if is_for_participant else "",
        attachment=calendar_of(event.all_sessions).to_ical().decode() if is_for_participant else "",
    )


def when(session: EventSession) -> str:
    """ "28 kwietnia 2027, 9:00–14:00"; the whole span where it lasts several days; a word where it is cancelled."""
    if session.first_day != session.last_day:
        text = f"{date_format(session.first_day, 'j E Y')} – {date_format(session.last_day, 'j E Y')}"
    else:
        text = date_format(session.first_day, "j E Y")
        if not session.is_all_day:
            start, end = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
            text += f", {date_format(start, 'G:i')}–{date_format(end, 'G:i')}"
    return f"{text} ({_('cancelled')})" if session.is_cancelled else text


def at_hour(moment) -> str:
    return date_format(timezone.localtime(moment), "j E Y, G:i")
