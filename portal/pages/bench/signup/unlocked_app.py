"""The portal with the lock of seats.py taken out: it counts and writes as before, but nobody waits for anybody.

Numbers in the queue still differ, so that what goes wrong is the number of seats and not a unique key. Between counting
and writing lie some milliseconds, as on a machine that has other work too: else on two idle cores all may go well.
"""

import time
from contextlib import contextmanager

from django.core.wsgi import get_wsgi_application
from django.db import connection

application = get_wsgi_application()

from events.registration import seats  # noqa: E402  models can be imported only now
from events.registration.models import SignUp  # noqa: E402


@contextmanager
def nobody_waits(signup_id: int):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registration_signup SET seq = seq + 1 WHERE id = %s RETURNING seq", [signup_id])
        (number,) = cursor.fetchone()
    signup = SignUp.objects.select_related("event").get(pk=signup_id)
    signup.seq = number
    yield signup


def count_and_be_slow(*arguments, count=seats.status_of_newcomer):
    status = count(*arguments)
    time.sleep(0.02)
    return status


seats.locked = nobody_waits
seats.status_of_newcomer = count_and_be_slow
