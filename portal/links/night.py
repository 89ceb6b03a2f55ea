"""The nightly check of links: those inside the portal once, those that leave it a few at a time."""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from portal.content.writing import addresses
from portal.content.writing.links import about_target

from . import asking, outgoing
from .models import LinkReport, NightlyRun, OutgoingAddress, Problem
from .texts import FoundLink, every_link

HOURS = range(2, 5)  # in Warsaw
AT_ONCE = 4
A_TICK = 8  # addresses: mail, which waits behind this job, waits less than a minute even when no site answers
A_NIGHT = 500
OUTSIDE = [Problem.GONE, Problem.FAILING]
PROBLEMS = {
    "missing-page": Problem.MISSING,
    "unpublished-page": Problem.UNPUBLISHED,
    "staff-page": Problem.STAFF,
    "moved-page": Problem.MOVED,
    "lost-anchor": Problem.ANCHOR,
    "relative-address": Problem.RELATIVE,
}


def work_at_night() -> str:
    """The job of `tick`: once a night the links inside; then, where that is switched on, others until five o'clock."""
    now = timezone.localtime()
    if now.hour not in HOURS:
        return "day"
    if not NightlyRun.objects.filter(day=now.date()).exists():
        check_texts()
        NightlyRun.objects.get_or_create(day=now.date())
        NightlyRun.objects.exclude(day=now.date()).delete()
        return "texts"
    if settings.CHECK_OUTGOING_LINKS and ask_some(A_TICK):
        return "outgoing"
    return "done"


def check_everything(is_outside_too: bool) -> int:
    """At once and to the end, whatever the hour. Returns how many links lead nowhere."""
    check_texts(is_outside_too=is_outside_too or None)
    while is_outside_too and ask_some(A_TICK):
        pass
    return LinkReport.objects.exclude(problem=Problem.MOVED).count()


def check_texts(is_inside_too: bool = True, is_outside_too: bool | None = None) -> int:
    """Look at the links of every text and write down those that lead nowhere. Returns how many do."""
    now = timezone.now()
    if is_outside_too is None:
        is_outside_too = settings.CHECK_OUTGOING_LINKS
    addresses_outside = OutgoingAddress.objects.all() if is_outside_too else []
    broken = {address.url: address for address in addresses_outside if address.is_broken}
    seen, kept, answers = set(), set(), {}
    for link in every_link():
        if link.is_outgoing:
            seen.add(link.url[:2000])
        elif not is_inside_too:
            continue
        if found := _problem(link, broken, answers):
            kept.add(_write(link, *found, now))
    gone = LinkReport.objects.exclude(pk__in=kept)
    (gone if is_inside_too else gone.filter(problem__in=OUTSIDE)).delete()
    if is_outside_too:
        _remember(seen)
    return len(kept)


def _problem(link: FoundLink, broken: dict, answers: dict) -> tuple[str, str] | None:
    if link.is_outgoing:
        address = broken.get(link.url[:2000])
        return address and (Problem.GONE if address.is_gone else Problem.FAILING, address.answer)
    key = (link.url, link.anchors if link.url.startswith("#") else None)
    if key not in answers:
        answers[key] = about_target(link.url, link.anchors)
    if not (found := answers[key]):
        return None
    path = addresses.own_path(link.url)
    problem = PROBLEMS[found[0]]
    return problem, asking.ask(path).url if problem == Problem.MOVED and path else ""


def _write(link: FoundLink, problem: str, detail: str, now) -> int:
    key = {
        "content_type": ContentType.objects.get_for_model(link.obj),
        "object_id": link.obj.pk,
        "field": link.field,
        "url": link.url[:2000],
        "words": link.words[:200],
    }
    values = {"title": str(link.obj)[:300], "problem": problem, "detail": detail[:2000], "checked_at": now}
    report = LinkReport.objects.filter(**key).first() or LinkReport(**key)
    for name, value in values.items():
        setattr(report, name, value)
    report.save()
    return report.pk


@transaction.atomic
def _remember(seen: set[str]):
    """Know the addresses that stand in texts now, and forget the others."""
    known = set(OutgoingAddress.objects.values_list("url", flat=True))
    for gone in known - seen:
        OutgoingAddress.objects.filter(url=gone).delete()
    OutgoingAddress.objects.bulk_create([OutgoingAddress(url=url) for url in sorted(seen - known)], batch_size=500)


def ask_some(count: int) -> int:
    """Ask for `count` addresses that were not asked for today, each of another site. Returns how many were."""
    today = timezone.localdate()
    if OutgoingAddress.objects.filter(checked_on=today).count() >= A_NIGHT:
        return 0
    waiting = OutgoingAddress.objects.exclude(checked_on=today).order_by(F("checked_on").asc(nulls_first=True), "pk")
    by_host = {}
    for address in waiting[:A_NIGHT]:
        by_host.setdefault(urlsplit(address.url).netloc, address)
    chosen = list(by_host.values())[:count]
    was_broken = [address.is_broken for address in chosen]
    urls = ["https:" * address.url.startswith("//") + address.url for address in chosen]
    # The threads only ask; the database is written here.
    with ThreadPoolExecutor(AT_ONCE) as pool:
        replies = list(pool.map(outgoing.ask, urls))
    for address, reply in zip(chosen, replies, strict=True):
        address.checked_on, address.answer, address.is_gone = today, reply.words, reply.is_gone
        address.bad_nights = min(address.bad_nights + 1, 100) if reply.is_bad else 0
        address.save()
    if was_broken != [address.is_broken for address in chosen]:
        check_texts(is_inside_too=False, is_outside_too=True)  # the board hears of it now, not in the next night
    return len(chosen)
