"""Who gets a seat, who waits, and who moves up: the rules, one after another. Many at once: test_signup_storm.py."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from events.registration import seats
from events.registration.models import ACTIVE, Reason, Registration, StatusChange
from portal.outbox.models import Message
from tests.make import entry_of, in_days, make_event, make_office, make_registration, make_signup, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def office():
    return make_office()


@pytest.fixture
def clerk():
    return seats.staff(make_user(groups=["Organizator"]))


def state(registration: Registration) -> str:
    registration.refresh_from_db()
    return registration.status


def mails_of(registration: Registration) -> list[str]:
    return list(Message.objects.about(registration).order_by("pk").values_list("kind", flat=True))


def refusal(act, *arguments) -> str:
    with pytest.raises(seats.Refused) as caught:
        act(*arguments)
    assert str(caught.value.message)
    return caught.value.code


# --- Capacity ---------------------------------------------------------------------------------------------------------


def test_seats_go_until_they_are_taken_then_people_wait_in_order():
    signup = make_signup(capacity=2)
    people = [make_registration(signup) for _number in range(4)]
    assert [person.status for person in people] == ["confirmed", "confirmed", "waiting", "waiting"]
    assert [person.place_in_queue() for person in people[2:]] == [1, 2]
    assert len({person.queue_no for person in people}) == 4


def test_without_a_limit_everybody_gets_a_seat_and_zero_means_waiting_only():
    assert {make_registration(make_signup(capacity=None)).status for _number in range(3)} == {"confirmed"}
    assert make_registration(make_signup(capacity=0)).status == "waiting"


def test_without_a_waiting_list_a_full_event_refuses():
    signup = make_signup(capacity=1, has_waiting_list=False)
    make_registration(signup)
    assert refusal(seats.sign_up, signup.pk, entry_of()) == "full"
    assert signup.registrations.count() == 1


def test_more_places_move_people_up_at_once_and_fewer_throw_nobody_out(clerk):
    signup = make_signup(capacity=20)
    people = [make_registration(signup) for _number in range(25)]
    seats.set_capacity(signup.pk, 23)
    assert [state(person) for person in people[20:]] == ["confirmed"] * 3 + ["waiting"] * 2
    changed = seats.set_capacity(signup.pk, 10)
    assert (changed.taken, changed.exceeded_by) == (23, 13)
    seats.cancel(people[0].uid, seats.PERSON)
    assert state(people[23]) == "waiting"  # 22 of 10: nobody moves up
    assert make_registration(signup, by=clerk).status == "waiting"
    seats.set_capacity(signup.pk, None)
    assert state(people[24]) == "confirmed"


def test_the_office_takes_no_seat_that_is_not_there_and_overtakes_nobody(clerk):
    signup = make_signup(capacity=1)
    make_registration(signup)
    assert make_registration(signup, by=clerk).status == "waiting"


def test_who_comes_later_does_not_overtake_those_who_wait():
    signup = make_signup(capacity=1, promotion_mode="manual")
    first = make_registration(signup)
    make_registration(signup)
    seats.cancel(first.uid, seats.PERSON)
    assert make_registration(signup).status == "waiting"


# --- The same person --------------------------------------------------------------------------------------------------


def test_an_address_is_registered_once_however_it_is_written():
    signup = make_signup()
    make_registration(signup, email="Ala.Lis@Poczta.example")
    with pytest.raises(seats.AlreadyRegistered):
        make_registration(signup, email=" ala.lis@poczta.EXAMPLE")
    assert signup.registrations.count() == 1


def test_who_resigned_may_sign_up_again_at_the_end():
    signup = make_signup(capacity=1)
    first = make_registration(signup, email="ala@poczta.example")
    second = make_registration(signup)
    seats.cancel(first.uid, seats.PERSON)
    again = make_registration(signup, email="ala@poczta.example")
    assert (state(second), again.status, again.queue_no > second.queue_no) == ("confirmed", "waiting", True)


def test_a_second_press_of_the_button_is_the_same_registration():
    signup, key = make_signup(), uuid.uuid4()
    entry = entry_of(email="ala@poczta.example", idempotency_key=key)
    first, is_new = seats.sign_up(signup.pk, entry)
    second, is_new_again = seats.sign_up(signup.pk, entry)
    assert (first.pk, is_new, is_new_again) == (second.pk, True, False)
    assert mails_of(first) == ["received"]


def test_the_same_form_sent_again_after_resigning_signs_up_anew():
    signup = make_signup()
    entry = entry_of(email="ala@poczta.example", idempotency_key=uuid.uuid4())
    first, _is_new = seats.sign_up(signup.pk, entry)
    seats.cancel(first.uid, seats.PERSON)
    second, is_new = seats.sign_up(signup.pk, entry)
    assert (second.status, is_new) == ("confirmed", True)


def test_an_error_on_the_way_leaves_neither_a_registration_nor_a_letter():
    signup = make_signup()
    with pytest.raises(TypeError):
        seats.sign_up(signup.pk, entry_of(needs={"no such need": True}))
    assert not Registration.objects.exists()
    assert not Message.objects.exists()
    assert make_registration(signup).queue_no == 1


# --- The window -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ({"opens_at": in_days(1)}, "soon"),
        ({"opens_at": in_days(-3), "closes_at": in_days(-1)}, "closed"),
        ({"mode": "phone"}, "off"),
    ],
)
def test_outside_the_window_visitors_are_refused_and_the_office_is_not(rules, code, clerk):
    signup = make_signup(**rules)
    assert refusal(seats.sign_up, signup.pk, entry_of()) == code
    assert make_registration(signup, by=clerk).status == "confirmed"


def test_sign_up_closes_when_the_first_date_begins():
    signup = make_signup(make_event(starts_at=in_days(-0.01)))
    assert refusal(seats.sign_up, signup.pk, entry_of()) == "closed"


@pytest.mark.parametrize("event", [{"run_state": "cancelled"}, {"run_state": "postponed"}, {"status": "draft"}])
def test_for_what_does_not_take_place_nobody_signs_up(event):
    signup = make_signup(make_event(starts_at=in_days(10), **event))
    assert refusal(seats.sign_up, signup.pk, entry_of()) == "off"


# --- Confirming the address -------------------------------------------------------------------------------------------


def test_a_seat_is_held_until_the_address_is_confirmed():
    signup = make_signup(verifies_email=True, hold_minutes=120)
    registration = make_registration(signup)
    assert registration.status == "held"
    seats.confirm_email(registration.uid)
    assert state(registration) == "confirmed"
    assert registration.email_verified_at
    assert mails_of(registration) == ["received", "confirmed"]
    seats.confirm_email(registration.uid)  # once more changes nothing
    assert mails_of(registration) == ["received", "confirmed"]


def test_an_unconfirmed_seat_goes_to_the_next_also_without_tick():
    signup = make_signup(capacity=1, verifies_email=True, hold_minutes=120)
    held, waiting = make_registration(signup), make_registration(signup)
    seats.confirm_email(waiting.uid)
    assert state(waiting) == "waiting"
    with time_machine.travel(timezone.now() + timedelta(minutes=121)):
        assert make_registration(signup).status == "waiting"  # the next visitor sets it going
        assert (state(held), state(waiting)) == ("expired", "confirmed")
        assert mails_of(waiting) == ["received", "promoted"]
        assert refusal(seats.confirm_email, held.uid) == "expired"


def test_who_has_not_confirmed_is_not_moved_up_but_not_overtaken_by_a_newcomer_either():
    signup = make_signup(capacity=1, verifies_email=True)
    first = make_registration(signup)
    unconfirmed = make_registration(signup)
    seats.cancel(first.uid, seats.PERSON)
    assert state(unconfirmed) == "waiting"
    assert make_registration(signup).status == "waiting"
    assert seats.why_nobody_is_promoted(signup) == "unverified"
    seats.confirm_email(unconfirmed.uid)
    assert state(unconfirmed) == "confirmed"


def test_tick_ends_holds_offers_and_what_waits_in_vain():
    signup = make_signup(capacity=1, verifies_email=True)
    held, unconfirmed = make_registration(signup), make_registration(signup)
    with time_machine.travel(timezone.now() + timedelta(hours=49)):
        seats.settle_all()
        assert (state(held), state(unconfirmed)) == ("expired", "expired")


def test_who_still_waits_when_the_event_is_over_is_told_by_the_state():
    signup = make_signup(capacity=0)
    waiting = make_registration(signup)
    with time_machine.travel(in_days(11)):
        seats.settle_all()
    assert state(waiting) == "expired"
    assert waiting.history.last().reason == Reason.EVENT_OVER


# --- The waiting list -------------------------------------------------------------------------------------------------


def test_a_freed_seat_goes_to_the_first_who_waits_in_the_same_step():
    signup = make_signup(capacity=1)
    first, second, third = (make_registration(signup) for _number in range(3))
    assert seats.cancel(first.uid, seats.PERSON) is True
    assert [state(person) for person in (first, second, third)] == ["cancelled", "confirmed", "waiting"]
    assert mails_of(second) == ["received", "promoted"]
    assert seats.cancel(first.uid, seats.PERSON) is False
    assert state(third) == "waiting"


def test_who_moved_up_and_resigns_does_not_come_back():
    signup = make_signup(capacity=1)
    first, second, third = (make_registration(signup) for _number in range(3))
    seats.cancel(first.uid, seats.PERSON)
    seats.cancel(second.uid, seats.PERSON)
    assert [state(person) for person in (second, third)] == ["cancelled", "confirmed"]


def test_close_to_the_start_nobody_is_moved_up_by_itself(clerk):
    event = make_event(starts_at=timezone.now() + timedelta(hours=1))
    signup = make_signup(event, capacity=1, promotion_cutoff_hours=24)
    first, second = make_registration(signup), make_registration(signup)
    seats.cancel(first.uid, seats.PERSON)
    assert state(second) == "waiting"
    assert seats.why_nobody_is_promoted(signup) == "cutoff"
    seats.promote_by_hand(second.uid, clerk)
    assert state(second) == "confirmed"


def test_in_manual_mode_only_the_office_gives_a_seat(clerk):
    signup = make_signup(capacity=1, promotion_mode="manual")
    first, second, third = (make_registration(signup) for _number in range(3))
    seats.cancel(first.uid, seats.PERSON)
    assert (state(second), seats.why_nobody_is_promoted(signup)) == ("waiting", "manual")
    seats.promote_by_hand(third.uid, clerk)
    assert third.history.last().reason == Reason.PROMOTED_OUT_OF_TURN
    assert refusal(seats.promote_by_hand, second.uid, clerk) == "full"


def test_an_offered_seat_is_kept_until_its_hour_then_goes_on():
    signup = make_signup(capacity=1, promotion_mode="offer", offer_hours=24)
    first, second, third = (make_registration(signup) for _number in range(3))
    seats.cancel(first.uid, seats.PERSON)
    assert (state(second), state(third)) == ("offered", "waiting")
    assert make_registration(signup).status == "waiting"
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert refusal(seats.accept_offer, second.uid) == "expired"
        assert (state(second), state(third)) == ("expired", "offered")
        assert mails_of(second) == ["received", "offered", "offer-ended"]
        seats.accept_offer(third.uid)
        assert state(third) == "confirmed"


def test_an_offer_never_lasts_into_the_hours_before_the_start():
    event = make_event(starts_at=timezone.now() + timedelta(hours=30))
    signup = make_signup(event, capacity=1, promotion_mode="offer", offer_hours=24, promotion_cutoff_hours=24)
    first, second = make_registration(signup), make_registration(signup)
    seats.cancel(first.uid, seats.PERSON)
    second.refresh_from_db()
    assert second.offer_expires_at == event.starts_at - timedelta(hours=24)


# --- Couples ----------------------------------------------------------------------------------------------------------


def test_a_couple_gets_both_seats_or_none(clerk):
    signup = make_signup(capacity=3, max_seats=2)
    singles = [make_registration(signup) for _number in range(2)]
    couple = make_registration(signup, "Ewa Nowalijka", "Jan Nowalijka")
    behind = make_registration(signup)
    assert (couple.status, behind.status) == ("waiting", "waiting")
    assert seats.why_nobody_is_promoted(signup) == "couple"
    seats.promote_by_hand(behind.uid, clerk)
    assert state(behind) == "confirmed"
    seats.cancel(singles[0].uid, seats.PERSON)
    assert state(couple) == "waiting"
    seats.cancel(singles[1].uid, seats.PERSON)
    assert state(couple) == "confirmed"
    assert seats.seats_taken(signup) == 3


def test_behind_a_couple_nobody_goes_first_also_when_several_places_become_free_at_once():
    signup = make_signup(capacity=0, max_seats=2)
    first, second = (make_registration(signup, f"Ewa Lis{n}", f"Jan Lis{n}") for n in range(2))
    single = make_registration(signup)
    seats.set_capacity(signup.pk, 3)
    assert [state(person) for person in (first, second, single)] == ["confirmed", "waiting", "waiting"]
    seats.set_capacity(signup.pk, 5)
    assert [state(person) for person in (second, single)] == ["confirmed", "confirmed"]


def test_two_people_cannot_come_as_one_where_people_register_one_by_one():
    signup = make_signup(max_seats=1)
    assert refusal(seats.sign_up, signup.pk, entry_of("Ewa Lis", "Jan Lis")) == "seats"


# --- The office's decision --------------------------------------------------------------------------------------------


def test_with_approval_nobody_has_a_seat_before_the_office_says_yes(clerk):
    signup = make_signup(capacity=1, needs_approval=True)
    first, second, third = (make_registration(signup) for _number in range(3))
    assert first.status == "pending"
    seats.approve(second.uid, clerk)
    seats.approve(first.uid, clerk)
    assert (state(second), state(first)) == ("confirmed", "waiting")
    seats.cancel(third.uid, clerk, Reason.REJECTED)
    assert (state(third), mails_of(third)) == ("cancelled", ["received", "cancelled"])
    assert refusal(seats.approve, third.uid, clerk) == "final"


def test_who_came_first_stands_first_also_when_approved_later(clerk):
    signup = make_signup(capacity=1, needs_approval=True)
    early, late, seated = (make_registration(signup) for _number in range(3))
    for person in (seated, late, early):
        seats.approve(person.uid, clerk)
    seats.cancel(seated.uid, clerk)
    assert (state(early), state(late)) == ("confirmed", "waiting")


# --- The end ----------------------------------------------------------------------------------------------------------


def test_a_cancelled_event_ends_all_registrations_and_tells_everybody_once():
    signup = make_signup(capacity=1)
    people = [make_registration(signup) for _number in range(3)]
    signup.event.run_state = "cancelled"
    signup.event.save()
    seats.settle_all()
    seats.settle_all()
    assert {state(person) for person in people} == {"cancelled"}
    assert Message.objects.filter(kind="cancelled").count() == 3
    assert "promoted" not in mails_of(people[1])


def test_an_event_with_registrations_cannot_be_deleted():
    from django.db.models import ProtectedError

    signup = make_signup()
    make_registration(signup)
    with pytest.raises(ProtectedError):
        signup.event.delete()


def test_every_step_stands_in_the_history_without_a_word_that_somebody_typed():
    signup = make_signup(capacity=1)
    registration = make_registration(signup, "Zenobia Tajemnicza", remarks="tajne")
    seats.cancel(registration.uid, seats.PERSON)
    steps = list(registration.history.values_list("from_status", "to_status", "reason", "actor"))
    assert steps == [("", "confirmed", "signed_up", "person"), ("confirmed", "cancelled", "resigned", "person")]
    typed = ("Zenobia", "Tajemnicza", "tajne", registration.email)
    values = " ".join(str(value) for row in StatusChange.objects.values() for value in row.values())
    assert not any(word in values for word in typed)


def test_saving_the_rules_in_a_form_opened_before_undoes_no_counting():
    signup = make_signup(capacity=5)
    opened_before = type(signup).objects.get(pk=signup.pk)
    make_registration(signup)
    opened_before.note = "Proszę zabrać okulary."
    opened_before.save()
    signup.refresh_from_db()
    assert signup.seq == 1
    assert make_registration(signup).queue_no == 2
    assert signup.registrations.filter(status__in=ACTIVE).count() == 2
