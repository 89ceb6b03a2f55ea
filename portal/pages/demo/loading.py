"""Building the demo county. One short function a section; every row made is remembered for `remove()`."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.core.files import File
from django.db import transaction
from django.utils import timezone

from events import models as events
from institutions import models as institutions
from institutions.office import PlacesByMail
from news import models as news
from portal.accessibility.models import AccessInfo, AccessRequest, Statement
from portal.content.publishing import Status
from portal.counters.models import set_start_value
from portal.duties.usual import make_usual_duties
from portal.pages.models import Banner, DemoRow, PageAttachment, Severity, StaticPage, Tile
from portal.statutory.models import ChildProtection, ProcessingPurpose, Whistleblowing

from .photos import load_photos
from .reading import FOLDER, day, hour, moment, past_moment, read
from .sign_ups import load_sign_ups

Progress = Callable[[str], None]
INSTITUTION_FIELDS = """
    name short_name operator operator_name lead description for_whom area_served address_visibility street postal_code
    town getting_there email website bip_url ade head_role head_name hours_note places_total places_free places_waiting
    accessibility_note permit_no founded founded_note is_24_7 is_listed
""".split()
ACCESS_FIELDS = "step_free_entrance lift accessible_toilet induction_loop sign_language assistance_dog parking".split()
OFFICE_FIELDS = """
    name short_name site_name county_name motto about street postal_code town email ade epuap_box epuap_url bip_url nip
    regon teryt hours_note dpo_name dpo_email dpo_phone coordinator_name coordinator_email coordinator_phone
    accent_color funding_note wordings
""".split()
# What a translation has in common with its original.
COMMON_FACTS = {
    "card": "unit room phone extension is_free legal_basis is_sensitive".split(),
    "page": "is_in_menu position is_sensitive".split(),
    "institution": [],
}
CARD_FIELDS = """
    title lead for_whom conditions required_documents steps where fee time_limit result appeal room phone hours
    accessibility_help privacy_notice is_sensitive
""".split()
EVENT_FIELDS = """
    kind title motto summary description audience run_state visibility contact_name contact_phone contact_email
    funding_note
""".split()


def load(progress: Progress):
    """Fill an empty database. Either all rows are there afterwards, or none."""
    with transaction.atomic():
        progress("Placówki i urząd")
        load_institutions()
        load_office()
        load_projects()
        load_services()
        progress("Wydarzenia")
        load_events()
        load_sign_ups()
        progress("Aktualności i ogłoszenia")
        load_articles()
        load_notices()
        progress("Strony")
        load_pages()
        progress("Tłumaczenia")
        load_translations()
    load_photos(progress)


def remember(obj):
    DemoRow.objects.create(content_type=ContentType.objects.get_for_model(obj), object_id=obj.pk)
    return obj


def chosen(row: dict, names: list[str]) -> dict:
    return {name: row[name] for name in names if row.get(name) is not None}


def dated(obj, created: datetime):
    """Give a row the dates it would have if it had been written then, not today."""
    type(obj).objects.filter(pk=obj.pk).update(created_at=created, updated_at=created)


def institution(key: str | None):
    return institutions.Institution.objects.get(slug=key) if key else None


def attach(model, owner, rows: list[dict]):
    """Attachments of `owner`: the demo's sample document of each format, under the names given."""
    for position, row in enumerate(rows):
        extension = row["file"].rsplit(".", 1)[1]
        with open(FOLDER / "files" / f"przyklad.{extension}", "rb") as sample:
            given = chosen(row, ["title", "heading"])
            attachment = model(position=position, file=File(sample, name=row["file"]), **given)
            setattr(attachment, model.owner_field, owner)
            attachment.full_clean()
            attachment.save()


# --- Institutions -----------------------------------------------------------------------------------------------------


def load_institutions():
    rows = read("institutions.json")
    for row in rows:
        load_institution(row)
    for row in rows:
        if row.get("supervising_unit"):
            unit = institution(row["supervising_unit"])
            institutions.Institution.objects.filter(slug=row["key"]).update(supervising_unit=unit)


def load_institution(row: dict):
    obj = institutions.Institution(
        slug=row["key"],
        status=Status.PUBLISHED,
        publish_at=moment(-1100),
        type=institutions.InstitutionType.objects.get(code=row["type"]),
        latitude=row.get("lat"),
        longitude=row.get("lon"),
        **chosen(row, INSTITUTION_FIELDS),
        **chosen(row.get("accessibility", {}), ACCESS_FIELDS),
    )
    if row.get("municipality"):
        obj.municipality, is_new = institutions.Municipality.objects.get_or_create(name=row["municipality"])
        if is_new:
            remember(obj.municipality)
    if row.get("places_as_of_days_ago") is not None:
        obj.places_as_of = day(-row["places_as_of_days_ago"])
    obj.save()
    remember(obj)
    dated(obj, moment(-1100))
    obj.serves.set(institutions.ServedGroup.objects.filter(code__in=row.get("serves", [])))
    for name in row.get("subtypes", []):
        obj.subtypes.add(obj.type.subtypes.get_or_create(name=name)[0])
    for position, phone in enumerate(row.get("phones", [])):
        obj.phones.create(
            label=phone.get("label", ""),
            number=phone["number"],
            extension=phone.get("ext") or "",
            is_main=phone.get("is_main", False),
            position=position,
        )
    for span in row.get("hours", []):
        obj.hours.create(weekday=span["day"], opens=hour(span["opens"]), closes=hour(span["closes"]))
    for exception in row.get("hours_exceptions", []):
        obj.hours_exceptions.create(
            day=day(exception["in_days"]), is_closed=exception.get("closed", False), note=exception.get("note", ""),
            opens=hour(exception.get("opens")), closes=hour(exception.get("closes")),
        )  # fmt: skip
    for report in row.get("past_places", []):
        obj.places_reports.create(
            as_of=day(-report["days_ago"]), **chosen(report, ["places_total", "places_free", "places_waiting"])
        )
    for cost in row.get("monthly_costs", []):
        year = timezone.localdate().year - cost["years_ago"] - (timezone.localdate().month < 4)
        obj.monthly_costs.create(
            year=year, amount=cost["amount"], gazette="Dz. Urz. Woj.", gazette_position=cost["position"],
            published_on=date(year, 3, 18),
        )  # fmt: skip
    for agreement in row.get("agreements", []):
        obj.agreements.create(**chosen(agreement, ["county", "subject", "since"]))


def load_office():
    row = read("office.json")
    office = institutions.Office(
        **chosen(row, OFFICE_FIELDS),
        latitude=row.get("lat"),
        longitude=row.get("lon"),
        institution=institution(row.get("institution")),
        places_by_mail=PlacesByMail.APPROVED,
    )
    office.save()
    remember(office)
    for position, phone in enumerate(row.get("phones", [])):
        office.phones.create(label=phone.get("label", ""), number=phone["number"], position=position)
    for position, account in enumerate(row.get("accounts", [])):
        office.accounts.create(label=account["label"], number=account["number"], position=position)
    for span in row.get("hours", []):
        office.hours.create(weekday=span["day"], opens=hour(span["opens"]), closes=hour(span["closes"]))
    for position, line in enumerate(read("help_lines.json")):
        remember(
            institutions.HelpLine.objects.create(
                **chosen(line, ["number", "name", "for_whom", "hours", "is_free", "is_for_children", "source"]),
                is_in_strip=line["number"] in ("112", "116 111", "116 123", "800 120 002"),
                verified_on=line.get("checked_on"),
                verified_by=line.get("checked_by", ""),
                position=position,
            )
        )


def load_projects():
    for row in read("projects.json"):
        found = remember(
            institutions.FundedProject.objects.create(
                slug=row["key"],
                starts_on=f"{row['starts']}-01" if row.get("starts") else None,
                ends_on=f"{row['ends']}-28" if row.get("ends") else None,
                **chosen(row, ["title", "fund", "programme", "grant_amount", "total_amount", "description", "notice"]),
            )
        )
        found.institutions.set(institutions.Institution.objects.filter(slug__in=row.get("institutions", [])))


def load_services():
    for row in read("services.json"):
        obj = institutions.ServiceCard(
            slug=row["key"],
            status=Status.PUBLISHED,
            publish_at=moment(-200),
            unit=institution(row["unit"]),
            is_free="fee" not in row,
            legal_basis="\n".join(row["legal_basis"]),
            **chosen(row, CARD_FIELDS),
        )
        if "checked_on" in row:  # a day of the calendar: the laws are real
            obj.verified_on, obj.verified_by = date.fromisoformat(row["checked_on"]), row["checked_by"]
            obj.source = row["source"]
        obj.full_clean()
        obj.save()
        remember(obj)
        dated(obj, moment(-200))
        obj.situations.set(institutions.LifeSituation.objects.filter(code__in=row["situations"]))
        attach(institutions.ServiceForm, obj, row.get("forms", []))


def project(key: str | None):
    return institutions.FundedProject.objects.get(slug=key) if key else None


# --- Events -----------------------------------------------------------------------------------------------------------


def load_events():
    for row in read("events.json"):
        load_event(row)


def load_event(row: dict):
    first_day = min(session["in_days"] for session in row["sessions"])
    announced = moment(min(first_day - 28, -1))
    obj = events.Event(
        slug=row["key"],
        status=row.get("status", Status.PUBLISHED),
        publish_at=announced,
        series=load_series(row.get("series")),
        project=project(row.get("project")),
        **chosen(row, EVENT_FIELDS),
    )
    obj.save()
    remember(obj)
    dated(obj, announced)
    sessions = [load_session(obj, session) for session in row["sessions"]]
    for position, item in enumerate(row.get("agenda", [])):
        obj.agenda.create(
            position=position,
            session=sessions[item.get("session", 1) - 1],
            starts_at=hour(item.get("starts")),
            speakers="\n".join(speaker_line(speaker) for speaker in item.get("speakers", [])),
            **chosen(item, ["kind", "title", "description", "minutes"]),
        )
    for position, party in enumerate(row.get("parties", [])):
        obj.parties.create(
            role=party["role"],
            institution=institution(party.get("institution")),
            name=party.get("name", ""),
            position=position,
        )
    for position, person in enumerate(row.get("representatives", [])):
        obj.representatives.create(
            name=person["name"],
            role_title=person.get("role", ""),
            institution=institution(person.get("institution")),
            position=position,
            **chosen(person, ["institution_name", "act", "side"]),
        )
    for position, group in enumerate(row.get("groups", [])):
        obj.audience_groups.create(label=group["label"], count=group.get("count"), position=position)
    if row.get("report"):
        load_report(obj, row["report"])


def load_series(title: str | None):
    if not title:
        return None
    from portal.addresses.models import polish_slug

    series, is_new = events.EventSeries.objects.get_or_create(slug=polish_slug(title), defaults={"title": title})
    if is_new:
        remember(series)
    return series


def load_session(event, row: dict):
    is_all_day = row.get("all_day", False)
    last_day = row.get("end_in_days", row["in_days"])
    return event.sessions.create(
        starts_at=moment(row["in_days"], "00:00" if is_all_day else row["starts"]),
        ends_at=moment(last_day + 1, "00:00") if is_all_day else moment(last_day, row["ends"]),
        is_all_day=is_all_day,
        institution=institution(row.get("institution")),
        didactic_hours=row.get("hours"),
        **chosen(row, ["mode", "venue", "room", "address", "status"]),
    )


def speaker_line(speaker: dict) -> str:
    """ "Ewa Modrzycka – dyrektor PCPR w Jarzębinie"; the institution only where the role does not say it."""
    found = institution(speaker.get("institution"))
    role = speaker.get("role", "")
    if found and not any(word in role for word in (found.short_name or found.name).split()[:1]):
        role = ", ".join(filter(None, [role, found.short_name or found.name]))
    return f"{speaker['name']} – {role}" if role else speaker["name"]


def load_report(event, row: dict):
    report = events.MeetingReport.objects.create(
        event=event,
        **chosen(
            row,
            "headline lead body headcount goal conclusions topics_intro text_credit photo_credit source_url".split(),
        ),
    )
    for position, topic in enumerate(row.get("topics", [])):
        report.topics.create(text=topic, position=position)
    for position, step in enumerate(row.get("follow_ups", [])):
        report.follow_ups.create(
            description=step["description"],
            planned_on=day(step["in_days"]) if step.get("in_days") is not None else None,
            precision=step.get("precision", "day"),
            institution=institution(step.get("institution")),
            position=position,
        )


# --- News -------------------------------------------------------------------------------------------------------------


def load_articles():
    for number, row in enumerate(read("articles_a.json") + read("articles_b.json")):
        published = past_moment(row["days_ago"], row["time"])
        obj = news.Article(
            slug=row["key"],
            category=news.Category.objects.get(slug=row["category"]),
            status=row.get("status", Status.PUBLISHED),
            publish_at=published,
            expire_at=moment(row["expires_in_days"]) if "expires_in_days" in row else None,
            is_pinned=row.get("pinned", False),
            unit=institution(row.get("unit")),
            event=events.Event.objects.get(slug=row["event"]) if row.get("event") else None,
            project=project(row.get("project")),
            **chosen(row, ["title", "lead", "body", "text_credit", "photo_credit"]),
        )
        obj.save()
        remember(obj)
        dated(obj, min(published, timezone.now()))
        obj.institutions.set(institutions.Institution.objects.filter(slug__in=row.get("institutions", [])))
        attach(news.ArticleAttachment, obj, row.get("attachments", []))
        # As if taken over from an older site: the older the article, the more it has been read.
        set_start_value(obj, 20 + (number * 37) % 90 + max(row["days_ago"], 0) * 2 // 5)


def load_notices():
    for row in read("notices.json"):
        published = past_moment(row["days_ago"], row["time"])
        obj = news.Notice(
            slug=row["key"],
            status=row.get("status", Status.PUBLISHED),
            publish_at=published,
            deadline_at=moment(row["deadline_in_days"], row.get("deadline_time") or "15:30")
            if "deadline_in_days" in row
            else None,
            unit=institution(row.get("unit")),
            **chosen(row, ["kind", "title", "summary", "body"]),
        )
        obj.save()
        remember(obj)
        dated(obj, min(published, timezone.now()))
        attach(news.NoticeAttachment, obj, row.get("attachments", []))


# --- Pages ------------------------------------------------------------------------------------------------------------


def load_pages():
    for row in read("pages.json"):
        obj = StaticPage(
            slug=row["key"],
            parent=StaticPage.objects.get(slug=row["parent"]) if row.get("parent") else None,
            status=Status.PUBLISHED,
            publish_at=moment(-400),
            is_in_menu=row.get("in_menu", False),
            body=row.get("body", ""),
            reviewed_on=day(-60) if row.get("review_months") else None,
            **chosen(row, ["title", "menu_title", "position", "lead", "review_months"]),
        )
        obj.save()
        remember(obj)
        dated(obj, moment(-60))
        attach(PageAttachment, obj, row.get("attachments", []))
    load_accessibility()
    load_statutory()
    for duty in make_usual_duties("pcpr@jarzebin.example"):
        remember(duty)
    for row in read("tiles.json"):
        remember(Tile.objects.create(**chosen(row, ["title", "icon", "url", "description", "position", "wordings"])))
    remember(
        Banner.objects.create(
            severity=Severity.INFO,
            text="To jest pokaz: powiat jarzębiński, jego placówki i ludzie są zmyśleni. "
            "Prawdziwe dane wprowadza jednostka po usunięciu pokazu.",
            wordings={
                "en": {
                    "text": "This is a demonstration: the county of Jarzębin, its institutions and people are invented."
                    " The office enters real data after it has removed the demonstration."
                },
                "uk": {
                    "text": "Це показ: Яжембінський повіт, його установи й люди вигадані. "
                    "Справжні дані установа вводить після видалення показу."
                },
            },
            starts_at=timezone.now(),
        )
    )


def load_statutory():
    (row,) = read("statutory.json")
    for position, purpose in enumerate(row["purposes"]):
        remember(ProcessingPurpose.objects.create(position=position, **purpose))
    remember(ChildProtection.objects.create(adopted_on=day(-800), revised_on=day(-60), **row["child_protection"]))
    remember(Whistleblowing.objects.create(procedure_on=date(2024, 9, 25), **row["whistleblowing"]))


def load_translations():
    """Nobody who speaks the language has checked them, and so they say."""
    for row in read("translations.json"):
        words = {name: value for name, value in row.items() if name not in ("kind", "of", "language", "key")}
        if row["kind"] == "line":
            line = institutions.HelpLine.objects.get(number=row["of"])
            line.translations.create(language=row["language"], **words)
            continue
        model = {"page": StaticPage, "card": institutions.ServiceCard, "institution": institutions.Institution}[
            row["kind"]
        ]
        original = model.objects.get(slug=row["of"])
        obj = model(
            slug=row["key"], language=row["language"], translation_of=original, status=Status.PUBLISHED, **words
        )
        for name in COMMON_FACTS[row["kind"]]:
            setattr(obj, name, getattr(original, name))
        obj.publish_at = moment(-50)
        obj.save()
        remember(obj)
        dated(obj, moment(-50))
        if row["kind"] == "card":
            obj.situations.set(original.situations.all())


def load_accessibility():
    """The statement was prepared a year ago and reviewed today; saving it asks every rule of the law."""
    (row,) = read("statement.json")
    dates = {"site_published_on": day(-365), "site_updated_on": day(0), "prepared_on": day(-365), "reviewed_on": day(0)}
    remember(Statement.objects.create(**row, **dates, published_at=timezone.now()))
    remember(AccessInfo.objects.create(**read("access.json")[0]))
    for request in read("access_requests.json"):
        answered_on = day(request.pop("answered_on")) if "answered_on" in request else None
        came = timezone.now() + timedelta(days=request.pop("came"))
        remember(AccessRequest.objects.create(**request, received_at=came, answered_on=answered_on))
