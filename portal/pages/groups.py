"""What each group of editors may do. A migration makes the groups; afterwards the office changes them as it likes."""

from django.contrib.auth.management import create_permissions

from portal.accounts.role_changes import APPS_OF_ROLES

WRITE = ["add", "change", "view"]
ALL = [*WRITE, "delete"]

# Whole things are archived, so only an administrator may delete them; their parts come and go with editing.
TEXTS = ["news.article", "news.notice", "institutions.servicecard", "institutions.institution", "pages.staticpage"]
PARTS_OF_TEXTS = [
    "news.articlephoto",
    "news.articleattachment",
    "news.noticeattachment",
    "institutions.institutionphone",
    "institutions.openinghours",
    "institutions.openingexception",
    "institutions.cooperationagreement",
    "institutions.institutionphoto",
    "institutions.serviceform",
    "institutions.monthlycost",
    "institutions.projectlogo",
    "pages.pageattachment",
]
MEETINGS = ["events.event", "events.meetingreport", "events.eventseries"]
PARTS_OF_MEETINGS = [
    "events.eventsession",
    "events.agendaitem",
    "events.eventparty",
    "events.eventrepresentative",
    "events.audiencegroup",
    "events.eventphoto",
    "events.discussedtopic",
    "events.followup",
]
SIGN_UP = ["registration.signup", "registration.reminder"]
FRONT = ["pages.tile", "pages.banner"]
DICTIONARIES = [
    "news.category",
    "institutions.institutiontype",
    "institutions.institutionsubtype",
    "institutions.servedgroup",
    "institutions.municipality",
    "institutions.helpline",
    "institutions.helplinetranslation",
    "institutions.lifesituation",
    "institutions.fundedproject",
]
OFFICE = ["institutions.office", "institutions.officephone", "institutions.officeaccount", "institutions.officehours"]
STATUTORY = ["statutory.processingpurpose", "statutory.childprotection", "statutory.whistleblowing"]
ACCOUNTS = ["auth.user", "auth.group", "institutions.editormembership"]

# Permissions of their own names: who works at the desk of meetings and trainings.
DESK = (["work_at_desk", "export_people", "message_people"], ["registration."])

GROUPS = {
    "Redaktor": [
        (WRITE, [*TEXTS, "accessibility.statement"]),
        (ALL, PARTS_OF_TEXTS),
        (["view"], [*MEETINGS, *PARTS_OF_MEETINGS, *DICTIONARIES, "links.linkreport"]),
    ],
    "Wydawca": [
        ([*WRITE, "publish"], [*TEXTS, *MEETINGS]),
        (ALL, [*PARTS_OF_TEXTS, *PARTS_OF_MEETINGS, *FRONT]),
        (WRITE, DICTIONARIES),
        ([*ALL, "publish"], ["accessibility.statement"]),
        (WRITE, ["accessibility.accessinfo", "duties.duty"]),
        (ALL, ["accessibility.signfilm", *STATUTORY]),
        (["view", "change"], ["accessibility.accessrequest", "institutions.placesreport"]),
        (["view"], [*OFFICE, "photos.takendownphoto", "links.linkreport"]),
    ],
    # Runs meetings and trainings; from a meeting's record makes a draft article, which a publisher then publishes.
    "Organizator": [
        ([*WRITE, "publish"], MEETINGS),
        (ALL, PARTS_OF_MEETINGS),
        (WRITE, ["news.article"]),
        (ALL, ["news.articlephoto", "news.articleattachment"]),
        (["view"], ["institutions.institution", *DICTIONARIES]),
        (WRITE, SIGN_UP),
        (["delete"], ["registration.reminder"]),
        (["view"], ["registration.needs", "registration.certificate", "outbox.message"]),
        (["change"], ["outbox.message"]),
        DESK,
    ],
    "Administrator": [
        ([*ALL, "publish"], [*TEXTS, *MEETINGS, "accessibility.statement"]),
        (WRITE, ["accessibility.accessinfo"]),
        (ALL, ["duties.duty", "accessibility.signfilm", *STATUTORY]),
        (["view", "change", "delete"], ["accessibility.accessrequest"]),
        (["view", "change"], ["institutions.placesreport"]),
        (ALL, [*PARTS_OF_TEXTS, *PARTS_OF_MEETINGS, *FRONT, *DICTIONARIES, *OFFICE, *ACCOUNTS, *SIGN_UP]),
        (["view"], ["registration.needs", "registration.certificate", "registration.peopleaccess"]),
        (["view"], ["registration.retentionrun", "registration.erasure", "outbox.message"]),
        (["change"], ["outbox.message"]),
        (["view"], ["editing.auditentry", "links.linkreport"]),
        (["view", "delete"], ["photos.takendownphoto"]),
        (["view", "change"], ["registration.retentionpolicy"]),
        (["add", "view"], ["registration.informationclause"]),
        (["delete"], ["registration.registration"]),
        DESK,
    ],
}


def create_groups(apps):
    """Make the groups and give them their permissions; nothing is ever taken away.

    On a first `migrate` the permissions do not exist yet (Django makes them when all migrations are done), so they are
    made here. `apps` is a migration's registry or Django's own.
    """
    for config in apps.get_app_configs():
        if config.label in APPS_OF_ROLES:
            # A migration's configs have none, and are skipped without.
            config.models_module = getattr(config, "models_module", True)
            create_permissions(config, apps=apps, verbosity=0)
    Group, Permission = apps.get_model("auth.Group"), apps.get_model("auth.Permission")
    known = {(p.content_type.app_label, p.codename): p for p in Permission.objects.select_related("content_type")}
    for name, rules in GROUPS.items():
        group, _new = Group.objects.get_or_create(name=name)
        wanted = [permission_key(action, label) for actions, labels in rules for action in actions for label in labels]
        group.permissions.add(*(known[key] for key in wanted if key in known))


def permission_key(action: str, label: str) -> tuple[str, str]:
    app, model = label.split(".")
    return app, f"{action}_{model}" if model else action
