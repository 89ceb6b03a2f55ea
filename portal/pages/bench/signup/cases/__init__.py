"""The cases, each a function of a world that returns a row: what was seen and whether that is right."""

from . import crowd, letters, queue, storms

CASES = [
    crowd.e1_two_hundred_for_twenty_places,
    crowd.e1_with_confirmation_by_email,
    crowd.e2_without_the_lock_e1_fails,
    crowd.e3_the_same_person,
    queue.e4_cancelling,
    queue.e5_capacity,
    storms.e6_mixed_storm,
    queue.e6_too_late_to_move_up,
    queue.e7_couples,
    letters.e8_links,
    letters.e8_bad_links,
    letters.e9_tick_killed_while_sending,
    letters.e9_worker_killed_before_commit,
    letters.e9_failure_before_commit,
    letters.e10_mail_server_away,
    queue.e11_holds_end,
    queue.e11_offers_end,
    letters.e22_event_cancelled,
    storms.kill_in_the_storm,
]
# Where very many come at once or something is killed: what no test inside one process can see.
SMALL_CASES = [
    crowd.e1_two_hundred_for_twenty_places,
    crowd.e2_without_the_lock_e1_fails,
    crowd.e3_the_same_person,
    storms.e6_mixed_storm,
    storms.kill_in_the_storm,
]
