"""Very many people at the same moment."""

import statistics
from tempfile import TemporaryDirectory

from events.registration import seats
from events.registration.models import SignUp

from ..findings import Finding, Row
from ..scene import letter_count, letters_of, message_ids, no_letter_waits, open_signup, sign_ups, signing_up, statuses
from ..world import Storm, World, comes_true

PLACES, PEOPLE = 20, 200
CROWDS = 10


def e1_two_hundred_for_twenty_places(world: World, small: bool) -> Row:
    finding, storms = Finding("E1 200 at once for 20 places"), []
    with world.ticking():
        for _number in range(1 if small else 10):
            storms.append(crowd_of(world, finding, open_signup(capacity=PLACES), PEOPLE))
        expect_letters_at_the_mail_server(world, finding)
    finding.saw(f"{len(storms)} times")
    tell_speed(finding, storms)
    if not small:
        compare_with_bare_page(world, finding, storms)
    return finding.row()


def e1_with_confirmation_by_email(world: World, small: bool) -> Row:
    finding = Finding("E1 with confirmation by e-mail")
    crowd_of(world, finding, open_signup(capacity=PLACES, verifies_email=True), 60 if small else PEOPLE, seat="held")
    return finding.row()


def crowd_of(world: World, finding: Finding, signup: SignUp, people: int, seat: str = "confirmed") -> Storm:
    storm = world.storm(sign_ups(signup, people), together=True)
    found = statuses(signup)
    finding.expect(seat, found[seat], PLACES)
    finding.expect("waiting", found["waiting"], people - PLACES)
    first = signup.registrations.order_by("queue_no").values_list("status", flat=True)[:PLACES]
    finding.expect("places given to the first who came", set(first) == {seat}, True)
    finding.expect("rows", found.total(), people)
    finding.expect("queue numbers", signup.registrations.values("queue_no").distinct().count(), people)
    finding.expect("acknowledgements", letter_count(signup, "received"), people)
    finding.expect("error pages", people - storm.statuses[303], 0)
    return storm


def expect_letters_at_the_mail_server(world: World, finding: Finding):
    finding.require(comes_true(no_letter_waits), "letters still wait")
    ids = [letter["id"] for letter in world.sink.letters()]
    finding.expect("letters that did not arrive", len(message_ids() - set(ids)), 0)
    finding.expect("letters that arrived twice", len(ids) - len(set(ids)), 0)


def tell_speed(finding: Finding, storms: list[Storm]):
    everybody = Storm([answer for storm in storms for answer in storm.answers])
    finding.saw(f"p50 {everybody.percentile(50):.0f} ms, p99 {everybody.percentile(99):.0f} ms")
    finding.saw(f"{middle_speed(storms):.0f} sign-ups/s")


def middle_speed(storms: list[Storm]) -> float:
    return statistics.median(storm.per_second for storm in storms)


def compare_with_bare_page(world: World, finding: Finding, storms: list[Storm]):
    """A view without database and middleware, asked in the same way for the bytes of the form."""
    bare = bare_page_per_second(world)
    finding.saw(f"a bare page {bare:.0f}/s, ratio {middle_speed(storms) / bare:.3f}")


def bare_page_per_second(world: World) -> float:
    form = signing_up(open_signup())["path"]
    with TemporaryDirectory(dir=world.folder) as pages:
        world.keep_pages(["/", form], pages)
        with world.served_by("portal.pages.bench.bare_app", BENCH_PAGES=pages) as bare:
            storms = [bare.storm([{"path": form}] * PEOPLE, together=True) for _number in range(3)]
    return middle_speed(storms)


def e2_without_the_lock_e1_fails(world: World, small: bool) -> Row:
    """Proves that E1 would see the fault: one of some crowds meets at the last free place."""
    finding = Finding("E2 the lock switched off")
    with world.served_by("portal.pages.bench.signup.unlocked_app") as unlocked:
        for number in range(1, CROWDS + 1):
            if faults := faults_without_lock(unlocked, 60 if small else PEOPLE):
                finding.saw(f"E1 says of crowd {number}: {'; '.join(faults)}")
                return finding.row()
    finding.require(False, f"E1 saw nothing wrong in {CROWDS} crowds")
    return finding.row()


def faults_without_lock(unlocked: World, people: int) -> list[str]:
    without_lock, signup = Finding("E1 without the lock"), open_signup(capacity=PLACES)
    crowd_of(unlocked, without_lock, signup, people)
    seats.set_capacity(signup.pk, None)  # so that it troubles no later check
    return without_lock.faults


def e3_the_same_person(world: World, small: bool) -> Row:
    finding = Finding("E3 one address fifty times, ten forms twice")
    one, ten = open_signup(), open_signup()
    spellings = ["jan.sosnowy@poczta.example", "Jan.Sosnowy@Poczta.Example", "JAN.SOSNOWY@POCZTA.EXAMPLE"]
    same_address = [signing_up(one, spellings[number % 3]) for number in range(50)]
    people = [signing_up(ten, person=number) for number in range(1, 11)]
    storm = world.storm([*same_address, *people, *people], together=True)
    finding.expect("error pages", 70 - storm.statuses[303], 0)
    finding.expect("different answers to one address", len({answer.location for answer in storm.answers[:50]}), 1)
    finding.expect("rows of one address", one.registrations.count(), 1)
    finding.expect("acknowledgements", letter_count(one, "received"), 1)
    finding.expect("rows of ten double clicks", ten.registrations.count(), 10)
    finding.expect("letters of any kind", letters_of(ten).count(), 10)
    return finding.row()
