"""Everything at once, for a while: and then whether seats, queue and letters are still right."""

import random
import time
from collections import Counter

from events.registration import seats
from events.registration.models import Reason, SignUp, StatusChange

from ..findings import Finding, Row
from ..scene import (
    Clerk,
    accepting,
    confirming,
    leave_earlier_letters,
    let_holds_end,
    letter_count,
    letters_of,
    no_letter_waits,
    open_signup,
    register,
    resigning,
    sign_ups,
    status_of,
    statuses,
)
from ..world import Storm, World, comes_true

VISITORS = 40
ENDED = 410  # the page that says that the time to confirm or to accept is over


def e6_mixed_storm(world: World, small: bool) -> Row:
    finding, seconds = Finding("E6 everything at once"), 3 if small else 60
    simple = open_signup(capacity=20)
    careful = open_signup(capacity=20, verifies_email=True, promotion_mode="offer")
    acts = [act for signup in (simple, careful) for act in everything_possible(signup, seconds)]
    random.shuffle(acts)
    with world.ticking():
        storming = world.begin_storm(acts, visitors=VISITORS, seconds=seconds)
        while storming.goes_on():
            let_holds_end(one_held(careful))
            time.sleep(0.2)
        tell_answers(finding, storming.results(), {200, 302, 303, ENDED})
        comes_true(no_letter_waits)
    for signup in (simple, careful):
        seats.settle(signup.pk)
        tell_end(finding, signup)
    expect_clean(world, finding)
    return finding.row()


def everything_possible(signup: SignUp, seconds: int) -> list[dict]:
    clerk = Clerk()
    by_phone = register(signup, 6 * seconds, seats.staff(clerk.user))
    by_form = register(signup, 6 * seconds)
    return [
        *sign_ups(signup, 20 * seconds),
        *(clerk.enters(signup) for _number in range(2 * seconds)),
        *(clerk.sets_capacity(signup, random.choice([0, 10, 20, 25, 40])) for _number in range(2 * seconds)),
        *map(resigning, random.sample(by_phone, 3 * seconds) + random.sample(by_form, 3 * seconds)),
        *map(accepting, by_phone),
        *map(confirming, by_form),
    ]


def one_held(signup: SignUp):
    held = signup.registrations.filter(status="held").order_by("?")
    return signup.registrations.filter(pk__in=list(held.values_list("pk", flat=True)[:1]))


def tell_answers(finding: Finding, storm: Storm, allowed: set[int]):
    seen = ", ".join(f"{count} × {status}" for status, count in sorted(storm.statuses.items()))
    finding.saw(f"{len(storm.sent)} requests ({seen}), {storm.per_second:.0f}/s, p99 {storm.percentile(99):.0f} ms")
    wrong = {status: count for status, count in storm.statuses.items() if status not in allowed}
    finding.require(not wrong, f"answers by status: {wrong}")


def tell_end(finding: Finding, signup: SignUp):
    signup.refresh_from_db()
    found = statuses(signup)
    finding.saw("then " + " ".join(f"{count} {status}" for status, count in sorted(found.items())))
    expect_sound(finding, signup)


def expect_sound(finding: Finding, signup: SignUp):
    """The rules once more, in few words of our own, so that events_check is not its own judge."""
    numbers = list(signup.registrations.values_list("queue_no", flat=True))
    finding.require(len(numbers) == len(set(numbers)), "queue numbers come twice")
    finding.require(seats.why_nobody_is_promoted(signup) != "", "somebody waits beside a free seat")
    for reason, kind in ((Reason.PROMOTED, "promoted"), (Reason.OFFERED, "offered")):
        moves = StatusChange.objects.filter(registration__signup=signup, reason=reason)
        moved = moves.exclude(registration__email="").count()
        letters = letter_count(signup, kind)
        finding.require(moved == letters, f"{kind}: {moved} people, {letters} letters")


def expect_clean(world: World, finding: Finding):
    checked = world.manage("events_check")
    finding.expect("events_check", checked.returncode, 0)
    finding.require(checked.returncode == 0, (checked.stdout + checked.stderr).strip()[-500:])


def kill_in_the_storm(world: World, small: bool) -> Row:
    finding, seconds = Finding("KILL workers killed in the storm"), 4 if small else 40
    leave_earlier_letters()
    signup = open_signup(capacity=40)
    resigns = {act["path"]: person for person in register(signup, 10 * seconds) for act in [resigning(person)]}
    acts = [*sign_ups(signup, 30 * seconds), *map(resigning, resigns.values())]
    random.shuffle(acts)
    with world.ticking():
        storming = world.begin_storm(acts, visitors=VISITORS, seconds=seconds, again=20)
        killed = kill_workers(world, seconds)
        storm = storming.results()
        world.wait_until_served()
        finding.require(comes_true(no_letter_waits), "letters still wait")
    finding.saw(f"{killed} workers killed, {sum(answer.tries > 1 for answer in storm.sent)} buttons pressed again")
    finding.require(killed > 1, "hardly a worker was killed")
    tell_answers(finding, storm, {200, 303})
    expect_sign_ups_kept(finding, signup, acts, storm)
    expect_resignations_kept(finding, resigns, acts, storm)
    expect_each_letter_once(world, finding, signup)
    tell_end(finding, signup)
    expect_clean(world, finding)
    return finding.row()


def kill_workers(world: World, seconds: float) -> int:
    """At a pace that leaves the others time to answer, since a new worker needs a second or two to begin."""
    killed, deadline = 0, time.monotonic() + seconds
    while time.monotonic() < deadline:
        time.sleep(random.uniform(0.5, 2))
        killed += world.kill_a_worker()
    return killed


def expect_sign_ups_kept(finding: Finding, signup: SignUp, acts: list[dict], storm: Storm):
    signed_up = [act["fields"]["email"] for act, answer in zip(acts, storm.answers, strict=True) if answer.is_success]
    emails = Counter(signup.registrations.values_list("email", flat=True))
    finding.saw(f"{len(signed_up)} sign-ups answered with success")
    finding.expect("of them missing", sum(email not in emails for email in signed_up), 0)
    finding.expect("people registered twice", sum(count > 1 for count in emails.values()), 0)


def expect_resignations_kept(finding: Finding, resigns: dict, acts: list[dict], storm: Storm):
    answered = [act["path"] for act, answer in zip(acts, storm.answers, strict=True) if answer.status == 200]
    finding.saw(f"{len(answered)} resignations")
    finding.expect("of them lost", sum(status_of(resigns[path]) != "cancelled" for path in answered), 0)


def expect_each_letter_once(world: World, finding: Finding, signup: SignUp):
    """By Message-ID; and by recipient and subject, since a letter written twice would have two of those."""
    found = statuses(signup)
    finding.expect("letters not written", found.total() - letter_count(signup, "received"), 0)
    finding.expect("of resigning", letter_count(signup, "cancelled"), found["cancelled"])
    wanted = {letter.message_id for letter in letters_of(signup)}
    arrived = [letter for letter in world.sink.letters() if letter["id"] in wanted]
    finding.expect("letters lost", len(wanted) - len({letter["id"] for letter in arrived}), 0)
    finding.expect("twice", len(arrived) - len({(letter["to"], letter["subject"]) for letter in arrived}), 0)
