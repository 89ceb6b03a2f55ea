"""The waiting list: who moves up, when, and who does not."""

from datetime import timedelta

from events.registration import seats
from events.registration.models import SignUp

from ..findings import Finding, Row
from ..scene import (
    Clerk,
    accepting,
    confirming,
    let_holds_end,
    letter_count,
    open_signup,
    promoted,
    queue_numbers,
    register,
    resigning,
    signing_up,
    status_of,
    statuses,
    taken,
)
from ..world import World, comes_true


def e4_cancelling(world: World, small: bool) -> Row:
    finding = Finding("E4 five resign, each ten times at once")
    signup = open_signup(capacity=20)
    seated, queue = register(signup, 20), register(signup, 30)
    storm = world.storm([resigning(person) for person in seated[:5] for _click in range(10)], together=True)
    finding.expect("answered", storm.statuses[200], 50)
    finding.expect("cancelled", statuses(signup)["cancelled"], 5)
    finding.expect("the first five moved up", sorted(promoted(signup)) == queue_numbers(queue[:5]), True)
    finding.expect("their letters", letter_count(signup, "promoted"), 5)
    finding.expect("letters of cancelling", letter_count(signup, "cancelled"), 5)
    finding.expect("seats", taken(signup), 20)

    world.visit(resigning(queue[0]), resigning(queue[0]))
    finding.expect("one of them resigns: the sixth moved up", promoted(signup)[5:] == [queue[5].queue_no], True)
    finding.expect("the first stays", status_of(queue[0]), "cancelled")
    return finding.row()


def e5_capacity(world: World, small: bool) -> Row:
    finding = Finding("E5 places 20, 23, 10, 0, no limit")
    signup, clerk = open_signup(capacity=20), Clerk()
    seated, queue = register(signup, 20), register(signup, 6)

    world.visit(clerk.sets_capacity(signup, 23))
    finding.expect("23: moved up", promoted(signup), queue_numbers(queue[:3]))

    world.visit(clerk.sets_capacity(signup, 10), resigning(seated[0]))
    finding.expect("10: with a seat", taken(signup), 22)
    finding.expect("10: too many", SignUp.objects.with_counts().get(pk=signup.pk).exceeded_by, 12)
    finding.expect("10: moved up", len(promoted(signup)) - 3, 0)

    world.visit(clerk.sets_capacity(signup, 0), *everybody_enters(signup, clerk))
    finding.expect("0: seats given to a visitor, the desk and a file", taken(signup) - 22, 0)
    finding.expect("0: waiting", statuses(signup)["waiting"], 6)

    world.visit(clerk.sets_capacity(signup, None))
    finding.expect("no limit: waiting", statuses(signup)["waiting"], 0)
    world.visit(*everybody_enters(signup, clerk))
    finding.expect("no limit: confirmed", statuses(signup)["confirmed"], 31)
    return finding.row()


def everybody_enters(signup: SignUp, clerk: Clerk) -> list[dict]:
    return [signing_up(signup), clerk.enters(signup), clerk.imports(signup)]


def e6_too_late_to_move_up(world: World, small: bool) -> Row:
    finding = Finding("E6 resigning an hour before the start")
    signup, clerk = open_signup(capacity=1, starts_in=timedelta(hours=1), promotion_cutoff_hours=24), Clerk()
    (seated,), (first,) = register(signup, 1), register(signup, 1)
    world.visit(resigning(seated))
    finding.expect("moved up", len(promoted(signup)), 0)
    finding.expect("told to staff", seats.why_nobody_is_promoted(signup), "cutoff")
    world.visit(clerk.gives_seat(first))
    finding.expect("after the button", status_of(first), "confirmed")
    return finding.row()


def e7_couples(world: World, small: bool) -> Row:
    finding = Finding("E7 a couple first in the queue")
    signup, clerk = open_signup(capacity=3, max_seats=2), Clerk()
    first, second, third = register(signup, 3)
    world.visit(signing_up(signup, "para@poczta.example", partner=True))
    couple, (single,) = signup.registrations.get(seats=2), register(signup, 1)

    world.visit(resigning(first))
    finding.expect("one free seat: moved up", len(promoted(signup)), 0)
    finding.expect("told to staff", seats.why_nobody_is_promoted(signup), "couple")
    world.visit(clerk.gives_seat(single))
    finding.expect("after the button", status_of(single), "confirmed")

    world.visit(resigning(second))
    finding.expect("one free seat again: the couple", status_of(couple), "waiting")
    world.visit(resigning(third))
    finding.expect("two free seats: the couple", status_of(couple), "confirmed")
    finding.expect("seats", taken(signup), 3)
    return finding.row()


def e11_holds_end(world: World, small: bool) -> Row:
    finding = Finding("E11 nobody confirmed in time")
    with_visitor(world, finding)
    with_tick(world, finding)
    return finding.row()


def held_and_waiting(world: World):
    """One held seat whose time is over, and somebody with a confirmed address who waits for it."""
    signup = open_signup(capacity=1, verifies_email=True)
    late, waiting = register(signup, 2)
    world.visit(confirming(waiting))
    let_holds_end(signup.registrations)
    return signup, late, waiting


def with_visitor(world: World, finding: Finding):
    signup, late, waiting = held_and_waiting(world)
    world.visit(signing_up(signup))
    expect_moved_on(finding, "without tick, by the next visitor", signup, late, waiting)
    answer, again = world.visit(confirming(late), signing_up(signup, late.email))
    finding.expect("a click afterwards", answer.status, 410)
    finding.expect("a new sign-up", again.status, 303)


def with_tick(world: World, finding: Finding):
    signup, late, waiting = held_and_waiting(world)
    with world.ticking():
        comes_true(lambda: status_of(late) == "expired")
    expect_moved_on(finding, "by tick", signup, late, waiting)


def expect_moved_on(finding: Finding, how: str, signup: SignUp, late, waiting):
    finding.expect(f"{how}: late, next", (status_of(late), status_of(waiting)), ("expired", "confirmed"))
    finding.expect(f"{how}: letters", letter_count(signup, "promoted"), 1)


def e11_offers_end(world: World, small: bool) -> Row:
    finding = Finding("E11 an offered seat not taken in time")
    signup = open_signup(capacity=1, promotion_mode="offer")
    seated, asked, next_one = register(signup, 3)
    world.visit(resigning(seated))
    finding.expect("offered", status_of(asked), "offered")
    signup.registrations.filter(pk=asked.pk).update(offer_expires_at=asked.created_at - timedelta(minutes=1))
    too_late, in_time = world.visit(accepting(asked), accepting(next_one))
    finding.expect("too late, in time", (too_late.status, in_time.status), (410, 303))
    finding.expect("who has the seat", status_of(next_one), "confirmed")
    finding.expect("offers sent", letter_count(signup, "offered"), 2)
    return finding.row()
