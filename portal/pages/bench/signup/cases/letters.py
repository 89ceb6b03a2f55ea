"""Links in letters, letters that must not be lost, and letters that must not come twice."""

import re
import time
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlsplit

from django.db import connection
from django.utils import timezone

from events.models import RunState
from events.registration import seats
from events.registration.models import Registration, SignUp
from portal.outbox.models import Message, MessageStatus

from ..findings import Finding, Row
from ..scene import (
    Clerk,
    all_sent,
    confirming,
    leave_earlier_letters,
    let_holds_end,
    letter_count,
    letters_of,
    looking,
    open_signup,
    register,
    resigning,
    sign_ups,
    signing_up,
    statuses,
)
from ..world import World, comes_true

LINK = re.compile(r"https?://\S+")


def e8_links(world: World, small: bool) -> Row:
    finding = Finding("E8 scanners follow every link")
    signup = open_signup(capacity=1, verifies_email=True, promotion_mode="offer")
    register(signup, 2)
    offering = open_signup(capacity=1, promotion_mode="offer")
    first, _second = register(offering, 2)
    seats.cancel(first.uid, seats.PERSON)

    links = {link for about in (signup, offering) for link in links_in(about)}
    before = everything_of(signup, offering)
    storm = world.storm([{"path": link} for link in links for _time in range(20)], visitors=8)
    finding.saw(f"{len(links)} links followed 20 times")
    finding.expect("pages shown", storm.statuses[200], 20 * len(links))
    finding.expect("changed", everything_of(signup, offering) != before, False)
    return finding.row()


def links_in(signup: SignUp) -> list[str]:
    texts = letters_of(signup).values_list("text", flat=True)
    return [urlsplit(link).path for text in texts for link in LINK.findall(text)]


def everything_of(*signups: SignUp) -> list:
    rows = Registration.objects.filter(signup__in=signups).order_by("pk")
    return [*rows.values(), sum(letters_of(signup).count() for signup in signups)]


def e8_bad_links(world: World, small: bool) -> Row:
    finding = Finding("E8 links tampered with, revoked, ended")
    signup = open_signup(verifies_email=True)
    person, revoked, late = register(signup, 3)
    good = looking(person, "own")["path"]
    Registration.objects.filter(pk=revoked.pk).update(token_version=2)
    tampered, gone = world.visit({"path": good.replace("~", "~x")}, resigning(revoked))
    let_holds_end(signup.registrations.filter(pk=late.pk))
    (ended,) = world.visit(confirming(late))
    finding.expect("tampered, revoked, ended", (tampered.status, gone.status, ended.status), (404, 404, 410))
    finding.expect("names on these pages", sum("Lipowa" in page.text for page in (tampered, gone, ended)), 0)

    once, twice = world.visit(resigning(person), resigning(person))
    finding.expect("resigned twice", (once.status, twice.status), (200, 200))
    finding.require(heading(once.text) != heading(twice.text), "the second page says the same as the first")
    finding.expect("letters of that", letter_count(signup, "cancelled"), 1)
    return finding.row()


def heading(page: str) -> str:
    return re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)[1].strip()


# --- Killed in the middle ---------------------------------------------------------------------------------------------


def e9_tick_killed_while_sending(world: World, small: bool) -> Row:
    finding = Finding("E9 tick killed while a letter is on its way")
    for when, arrivals in (("before", 1), ("after", 2)):
        signup = open_signup()
        leave_earlier_letters()
        register(signup, 5)
        with world.sink.hanging(when), world.ticking() as tick:
            comes_true(world.sink.heard.exists)
            tick.kill()
        (lost,) = letters_of(signup).filter(status=MessageStatus.SENDING)
        wait_no_longer_for(lost)
        with world.ticking():
            comes_true(lambda signup=signup: all_sent(signup))
        finding.expect(f"killed {when} the server took it: rows sent", sent_count(signup), 5)
        expect_arrivals(world, finding, signup, lost, when, arrivals)
    return finding.row()


def expect_arrivals(world: World, finding: Finding, signup: SignUp, lost: Message, when: str, arrivals: int):
    """A letter that the server had taken over comes again, under the Message-ID by which the mailbox knows it."""
    ids = [letter["id"] for letter in world.sink.letters()]
    others = letters_of(signup).exclude(pk=lost.pk)
    finding.expect(f"killed {when}: the letter arrived", ids.count(lost.message_id), arrivals)
    finding.expect(f"killed {when}: the other four", sum(ids.count(letter.message_id) for letter in others), 4)


def wait_no_longer_for(lost: Message):
    """As if the two minutes were over after which a letter counts as lost with its sender."""
    Message.objects.filter(pk=lost.pk).update(claimed_at=timezone.now() - timedelta(minutes=3))


def sent_count(signup: SignUp) -> int:
    return letters_of(signup).filter(status=MessageStatus.SENT).count()


def e9_worker_killed_before_commit(world: World, small: bool) -> Row:
    finding = Finding("E9 workers killed before they could commit")
    signup = open_signup()
    form = signing_up(signup)
    with seats.locked(signup.pk):  # so that whoever signs up now waits inside the worker
        storming = world.begin_storm([form])
        comes_true(storming.has_pressed)
        time.sleep(1)
        finding.require(storming.goes_on(), "the visitor was answered in spite of the lock")
        world.kill_all_workers()
        (answer,) = storming.results().answers
    world.wait_until_served()
    finding.expect("answered", answer.status, 0)
    finding.expect("registrations", signup.registrations.count(), 0)
    finding.expect("letters", Message.objects.filter(to=form["fields"]["email"]).count(), 0)
    return finding.row()


def e9_failure_before_commit(world: World, small: bool) -> Row:
    finding = Finding("E9 the letter cannot be written")
    signup = open_signup()
    with outbox_away():
        (failed,) = world.visit(signing_up(signup))
    finding.expect("answered", failed.status, 500)
    finding.expect("registrations", signup.registrations.count(), 0)
    (later,) = world.visit(signing_up(signup))
    finding.expect("later", later.status, 303)
    return finding.row()


@contextmanager
def outbox_away():
    """The table of letters is missing for a while: what follows the registration in its transaction fails."""
    connection.cursor().execute("ALTER TABLE outbox_message RENAME TO outbox_message_away")
    try:
        yield
    finally:
        connection.cursor().execute("ALTER TABLE outbox_message_away RENAME TO outbox_message")


def e10_mail_server_away(world: World, small: bool) -> Row:
    finding = Finding("E10 the mail server is away for half an hour")
    signup, clerk = open_signup(), Clerk()
    leave_earlier_letters()
    world.sink.stop()
    with world.ticking():
        finding.expect("signed up meanwhile", world.storm(sign_ups(signup, 10), together=True).statuses[303], 10)
        time.sleep(2)  # a round of `tick` and more
        letters_of(signup).update(created_at=timezone.now() - timedelta(minutes=30))
        finding.expect("letters queued", letters_of(signup).filter(status=MessageStatus.QUEUED).count(), 10)
        finding.expect("shown to staff as late", late_letters(world, clerk), 10)
        world.sink.start()
        comes_true(lambda: all_sent(signup))
    written = [letter.message_id for letter in letters_of(signup).order_by("pk")]
    arrived = [letter["id"] for letter in world.sink.letters() if letter["id"] in written]
    finding.expect("arrived", len(arrived), 10)
    finding.expect("in the order of writing", arrived == written, True)
    return finding.row()


def late_letters(world: World, clerk: Clerk) -> int:
    (page,) = world.visit(clerk.looks_at("admin:outbox_message_changelist", trouble="late"))
    return page.text.count('class="field-subject_or_kind"')


# --- The event is cancelled -------------------------------------------------------------------------------------------


def e22_event_cancelled(world: World, small: bool) -> Row:
    finding = Finding("E22 an event cancelled the day before its reminder")
    signup, control = with_reminder_due(), with_reminder_due()
    signup.event.run_state = RunState.CANCELLED
    signup.event.save()
    leave_earlier_letters()
    with world.ticking():
        comes_true(
            lambda: statuses(signup)["cancelled"] == 10 and all_sent(signup) and letter_count(control, "reminder")
        )
    finding.expect("mailed", letter_count(signup, "cancelled"), 10)
    finding.expect("of them arrived once", arrived_once(world, letters_of(signup).filter(kind="cancelled")), 10)
    finding.expect("reminders", letter_count(signup, "reminder"), 0)
    finding.expect("reminders of an event that takes place", letter_count(control, "reminder"), 5)

    address = signup.event.get_absolute_url()
    page, file, form = world.visit({"path": address}, {"path": f"{address.rstrip('/')}.ics"}, signing_up(signup))
    finding.expect("page", page.status, 200)
    finding.expect("calendar file says it", "STATUS:CANCELLED" in file.text, True)
    finding.expect("a new sign-up succeeds", form.is_success, False)
    return finding.row()


def with_reminder_due() -> SignUp:
    """Five with a seat and five who wait, since so long ago that a reminder is due."""
    signup = open_signup(capacity=5, starts_in=timedelta(days=2))
    signup.reminders.create(hours_before=72)
    register(signup, 10)
    signup.registrations.update(status_changed_at=timezone.now() - timedelta(days=3))
    return signup


def arrived_once(world: World, letters) -> int:
    ids = [letter["id"] for letter in world.sink.letters()]
    return sum(ids.count(letter.message_id) == 1 for letter in letters)
