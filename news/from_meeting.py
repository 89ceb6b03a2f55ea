"""A draft article made of a meeting record: Polish prose, which a clerk then reads and corrects.

Names stay as the record has them, in the nominative; only the verbs beside them are made to agree, by the endings of
Polish names. Where a rule misses, the draft is wrong by a letter, and a person sees it.
"""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format

from events.models import (
    Act,
    Event,
    EventRepresentative,
    FollowUp,
    FollowUpStatus,
    Kind,
    MeetingReport,
    Precision,
    Role,
)
from portal.content import photo_files, richtext

from .models import Article, ArticlePhoto, Category

MASCULINE, FEMININE, NEUTER, VIRILE, OTHER_PLURAL = range(5)  # VIRILE: several, a man among them


@dataclass(frozen=True)
class Noun:
    nominative: str
    genitive: str
    accusative: str
    gender: int


NOUNS = {
    Kind.STAFF_MEETING: Noun("narada", "narady", "naradę", FEMININE),
    Kind.FORUM: Noun("forum", "forum", "forum", NEUTER),
    Kind.CONFERENCE: Noun("konferencja", "konferencji", "konferencję", FEMININE),
    Kind.STUDY_VISIT: Noun("wizyta studyjna", "wizyty studyjnej", "wizytę studyjną", FEMININE),
    Kind.TRAINING: Noun("szkolenie", "szkolenia", "szkolenie", NEUTER),
    Kind.OTHER: Noun("spotkanie", "spotkania", "spotkanie", NEUTER),
}
VERBS = {
    "be": ("był", "była", "było", "byli", "były"),
    "take place": ("odbył się", "odbyła się", "odbyło się", "odbyli się", "odbyły się"),
    "organise": ("zorganizował", "zorganizowała", "zorganizowało", "zorganizowali", "zorganizowały"),
    Act.OPENED: ("otworzył", "otworzyła", "otworzyło", "otworzyli", "otworzyły"),
    Act.LED: ("poprowadził", "poprowadziła", "poprowadziło", "poprowadzili", "poprowadziły"),
    Act.MODERATED: ("moderował", "moderowała", "moderowało", "moderowali", "moderowały"),
    Act.SPOKE: ("zabrał", "zabrała", "zabrało", "zabrali", "zabrały"),
    Act.ATTENDED: ("uczestniczył", "uczestniczyła", "uczestniczyło", "uczestniczyli", "uczestniczyły"),
    Act.CLOSED: ("zamknął", "zamknęła", "zamknęło", "zamknęli", "zamknęły"),
}
PARTY_LABELS = {
    Role.CO_ORGANIZER: ("Współorganizator", "Współorganizatorzy"),
    Role.HONORARY_PATRON: ("Patronat honorowy", "Patronat honorowy"),
    Role.PARTNER: ("Partner", "Partnerzy"),
    Role.FUNDER: ("Finansowanie", "Finansowanie"),
    Role.GUEST_SIDE: ("Delegacja", "Delegacje"),
    Role.VISITED: ("Odwiedzona placówka", "Odwiedzone placówki"),
}
TITLES = {"pan", "pani", "ks", "ksiądz", "siostra"}
MEN_IN_A = {"barnaba", "bonawentura", "dyzma", "jarema", "kosma", "kuba", "nikita", "sasza"}
COPIED = ["alt", "is_decorative", "caption", "author", "consent_basis", "consent_expires_on"]


class NoCategory(Exception):
    """There is no category of news that the draft could have."""


def draft_article(report: MeetingReport) -> tuple[Article, bool]:
    """The article made of this record and whether it is new. One that is there stays as editors have left it."""
    if article := Article.objects.filter(source_report=report).first():
        return article, False
    try:
        with transaction.atomic(), translation.override("pl"):
            return _create(report), True
    except IntegrityError:  # a double click
        return Article.objects.get(source_report=report), False


def _create(report: MeetingReport) -> Article:
    event = report.event
    category = Category.objects.first()
    if category is None:
        raise NoCategory
    organisers = event.parties.filter(role=Role.ORGANIZER, institution__isnull=False)
    article = Article.objects.create(
        source_report=report,
        category=category,
        title=report.headline or event.title,
        lead=(report.lead or event.summary)[:1000],
        body=_body(report),
        text_credit=report.text_credit,
        photo_credit=report.photo_credit,
        unit=next((party.institution for party in organisers), None),
        event=event,
        project=event.project,
    )
    article.institutions.set(_institutions(event))
    for photo in filter(lambda photo: photo_files.exists(photo.key), event.photos.all()):
        ArticlePhoto.add_copy(article, photo, **{name: getattr(photo, name) for name in COPIED})
    return article


def _body(report: MeetingReport) -> str:
    lines = render_to_string("news/from_meeting.html", prose(report)).splitlines()
    return richtext.clean("\n".join(line for line in lines if line.strip()))


def _institutions(event: Event) -> set[int]:
    """Everybody who had a part in it. A place that is kept secret is not told by what it hosted."""
    sessions = event.sessions.publicly_placed()
    rows = [event.parties, event.representatives, sessions]
    return {key for part in rows for key in part.values_list("institution", flat=True) if key}


# --- Sentences --------------------------------------------------------------------------------------------------------


def prose(report: MeetingReport) -> dict:
    """What the template `news/from_meeting.html` puts together."""
    event = report.event
    sessions = [session for session in event.sessions.select_related("institution") if not session.is_cancelled]
    parties = list(event.parties.all())
    organisers = [party.name for party in parties if party.role == Role.ORGANIZER]
    places = _places(sessions)
    people = {act: [person for person in event.representatives.all() if person.act == act] for act in Act.values}
    openers, leaders = ([person.name for person in people[act]] for act in (Act.OPENED, Act.LED))
    led_by_who_opened = bool(openers) and openers == leaders
    return {
        "report": report,
        "noun": NOUNS[event.kind],
        "opening": _opening(event, sessions),
        "organisers": _enumeration(organisers),
        "organised": _verb("organise", [gender_of_name(name) for name in organisers]),
        "places": _enumeration(places),
        "was": _verb("be", [gender_of_name(place) for place in places]),
        "parties": _other_parties(parties),
        "acts": {
            act: {"verb": _verb(act, [gender_of_person(person.name) for person in found]), "people": _people(found)}
            for act, found in people.items()
            if found and not (act == Act.LED and led_by_who_opened)
        },
        "led_too": _verb(Act.LED, [gender_of_person(name) for name in leaders]) if led_by_who_opened else "",
        "groups": [f"{group.label}{_count(group.count)}" for group in event.audience_groups.all()],
        "headcount": _headcount(report.headcount),
        "topics": punctuated([topic.text for topic in report.topics.all()]),
        "follow_ups": punctuated([_follow_up(step) for step in _coming_steps(report)]),
    }


def _opening(event: Event, sessions) -> str:
    days = sorted({day for session in sessions for day in (session.first_day, session.last_day)})
    what = _what_took_place(event)
    if not days:
        return f"{what[0].upper()}{what[1:]}."
    return f"{'W dniach ' if len(days) > 1 else ''}{dates_in_words(days)} {what}."


def _what_took_place(event: Event) -> str:
    """ "odbyła się narada kadry kierowniczej": the title itself, where it says what kind of meeting it was."""
    noun = NOUNS[event.kind]
    head = noun.nominative.split()[0]
    words = [word.strip(",.:;–-„”\"'").lower() for word in event.title.split()]
    if words[:1] == [head]:
        return f"{_verb('take place', [noun.gender])} {event.title[0].lower()}{event.title[1:]}"
    if head in words[:3]:
        return f"{_verb('take place', [noun.gender])} {event.title}"
    return f"{_verb('take place', [noun.gender])} {noun.nominative} „{event.title}”"


def _places(sessions) -> list[str]:
    names = [
        session.place_name for session in sessions if not (session.institution and session.institution.is_place_secret)
    ]
    return list(dict.fromkeys(filter(None, names)))


def _other_parties(parties) -> list[tuple[str, str]]:
    found = []
    for role, (one, several) in PARTY_LABELS.items():
        names = [party.name for party in parties if party.role == role]
        if names:
            found.append((several if len(names) > 1 else one, _enumeration(names)))
    return found


def _people(people: list[EventRepresentative]) -> str:
    return _enumeration([_person(person) for person in people])


def _person(person: EventRepresentative) -> str:
    """ "radca prawny Natalia Jodłowska (ROPS)"; a post that names the institution, "dyrektor PCPR …", needs no more."""
    words = " ".join(filter(None, [person.role_title, person.name]))
    is_named = any(char.isupper() for char in person.role_title)
    return words if is_named or not person.institution_name else f"{words} ({person.institution_name})"


def _coming_steps(report: MeetingReport):
    return report.follow_ups.exclude(status=FollowUpStatus.DROPPED).select_related("institution")


def _follow_up(step: FollowUp) -> str:
    words = step.description.rstrip(" .;,")
    if step.planned_on:
        words = f"{words} – {_planned(step.planned_on, step.precision)}"
    return f"{words} (odpowiada: {step.institution.name})" if step.institution else words


def _planned(day: date, precision: str) -> str:
    if precision == Precision.YEAR:
        return f"{day.year} r."
    if precision == Precision.QUARTER:
        return f"{['I', 'II', 'III', 'IV'][(day.month - 1) // 3]} kwartał {day.year} r."
    if precision == Precision.MONTH:
        return f"{date_format(day, 'F').lower()} {day.year} r."
    return dates_in_words([day])


def _count(count: int | None) -> str:
    return f" ({count} {plural(count, 'osoba', 'osoby', 'osób')})" if count else ""


def _headcount(count: int | None) -> str:
    if not count:
        return ""
    took_part = plural(count, "wzięła udział", "wzięły udział", "wzięło udział")
    return f"{took_part} {count} {plural(count, 'osoba', 'osoby', 'osób')}"


# --- Polish -----------------------------------------------------------------------------------------------------------


def dates_in_words(days: list[date]) -> str:
    """ "26 września 2017 r.", "30 września i 1 października 2017 r."; a month or year that neighbours share, once."""
    words = []
    for index, day in enumerate(days):
        following = days[index + 1] if index + 1 < len(days) else None
        if following and (following.year, following.month) == (day.year, day.month):
            words.append(str(day.day))
        elif following and following.year == day.year:
            words.append(date_format(day, "j E"))
        else:
            words.append(f"{date_format(day, 'j E Y')} r.")
    return _enumeration(words)


def gender_of_name(name: str) -> int:
    """The gender of an institution or a place, by its first word: Powiatowe Centrum, Fundacja, Dom, Warsztaty."""
    first = name.split()[0].strip("„”\"'(),.") if name.split() else ""
    word = first.lower()
    if first.isupper() and len(first) > 1:
        return NEUTER if word.startswith(("pc", "c")) else MASCULINE  # PCPR, CUS: centrum; DPS, OPS, OIK: dom, ośrodek
    if word.endswith("a"):
        return FEMININE
    if word.endswith(("o", "e", "um")):
        return NEUTER
    if word.endswith(("y", "i")) and not word.endswith(("ny", "wy", "ły", "czy", "szy", "ki")):
        return OTHER_PLURAL
    return MASCULINE


def gender_of_person(name: str) -> int:
    words = [word for word in name.split() if word[0].isupper() and "." not in word and word.lower() not in TITLES]
    first = words[0].lower() if words else ""
    return FEMININE if first.endswith("a") and first not in MEN_IN_A else MASCULINE


def _verb(name: str, genders: list[int]) -> str:
    """The past tense that agrees with one subject, or with several (institutions are no persons, so never VIRILE)."""
    if len(genders) == 1:
        return VERBS[name][genders[0]]
    is_of_people = name in Act.values
    return VERBS[name][VIRILE if is_of_people and MASCULINE in genders else OTHER_PLURAL]


def plural(count: int, one: str, few: str, many: str) -> str:
    if count == 1:
        return one
    return few if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14) else many


def punctuated(items: list[str]) -> list[str]:
    """List items as Polish writes them: a semicolon after each, a full stop after the last."""
    bare = [item.strip().rstrip(";,") for item in items if item.strip()]
    if not bare:
        return []
    return [*(f"{item};" for item in bare[:-1]), bare[-1] if bare[-1].endswith(".") else f"{bare[-1]}."]


def _enumeration(words: list[str]) -> str:
    """ "A, B i C" """
    return f"{', '.join(words[:-1])} i {words[-1]}" if len(words) > 1 else "".join(words)
