"""The list of people of one event, one registration, entry by keyboard, the number of places."""

import uuid
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.content.folding import fold
from portal.outbox.models import Message

from .. import seats
from ..forms import ClerkForm
from ..models import ACTIVE, Look, Needs, Reason, Registration, RegistrationStatus, SignUp
from .pages import desk_page, desk_url, note_look, render_desk

PER_PAGE = 100
SEARCH_WORDS = 5
# Groups of states that clerks ask for; a single state is a value too.
GROUPS = {"active": ACTIVE, "seat": ["held", "confirmed", "offered"], "ended": ["cancelled", "expired"]}


class ListFilter(forms.Form):
    """Which registrations to show. Anything unknown in the address shows all."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("active", _("all who are registered")),
            ("seat", _("with a seat")),
            ("ended", _("cancelled and expired")),
            *RegistrationStatus.choices,
            ("all", _("all")),
        ],
    )
    q = forms.CharField(label=_("Name, e-mail or phone"), required=False, max_length=100)

    def select(self, registrations):
        chosen = self.cleaned_data.get("state") or "active"
        if chosen != "all":
            registrations = registrations.filter(status__in=GROUPS.get(chosen, [chosen]))
        return matching(registrations, self.cleaned_data.get("q") or "")


def matching(registrations, text: str):
    """Those in whose names, address or number every word occurs, however it is spelt."""
    for word in fold(text.replace("\x00", "")).split()[:SEARCH_WORDS]:
        named = Q(participants__first_name__folded__contains=word) | Q(participants__last_name__folded__contains=word)
        found = registrations.model.objects.filter(named | Q(email_norm__contains=word) | Q(phone__contains=word))
        registrations = registrations.filter(pk__in=found.values("pk"))
    return registrations


@require_safe
@desk_page()
def people(request, signup: SignUp):
    note_look(request, Look.LIST, signup)
    found = ListFilter(request.GET)
    rows = signup.registrations.prefetch_related("participants").order_by("queue_no")
    rows = found.select(rows) if found.is_valid() else rows
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    for registration in page:
        registration.signup = signup
    query = {name: value for name, value in request.GET.items() if name in ("state", "q") and value}
    context = {
        "filter": found,
        "page": page,
        "query": urlencode(query),
        "why": seats.why_nobody_is_promoted(signup),
        "why_words": seats.WHY_NOT.get(seats.why_nobody_is_promoted(signup), ""),
        "capacity_form": CapacityForm(initial={"capacity": signup.capacity}),
    }
    return render_desk(request, "admin/registration/people.html", signup, _("People"), context)


# --- Entry at the desk ------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page()
def add(request, signup: SignUp):
    """Somebody phones: names, Enter. The cursor then stands in the first field of an empty form again."""
    new_form = ClerkForm(signup, initial={"key": uuid.uuid4()})
    if request.method != "POST":
        return show_entry(request, signup, new_form)
    form = ClerkForm(signup, request.POST)
    if not form.is_valid():
        return show_entry(request, signup, form)
    twin = namesake(signup, form)
    if twin and "anyway" not in request.POST:
        return show_entry(request, signup, form, twin=twin)
    entry = form.entry(channel=form.cleaned_data["channel"], idempotency_key=form.cleaned_data["key"])
    try:
        registration, _is_new = seats.sign_up(signup.pk, entry, seats.staff(request.user))
    except seats.AlreadyRegistered as known:
        form.add_error("email", _("This address is registered already: %(state)s.") % {
            "state": known.registration.get_status_display()})  # fmt: skip
        return show_entry(request, signup, form, twin=known.registration)
    except seats.Refused as refused:
        form.add_error(None, refused.message)
        return show_entry(request, signup, form)
    except seats.Busy:
        form.add_error(
            None, _("Very many people are signing up just now. Nothing is lost: please press the button again.")
        )
        return show_entry(request, signup, form)
    messages.success(request, in_words(registration))
    return HttpResponseRedirect(f"{desk_url('add', signup)}?last={registration.uid}")


def show_entry(request, signup: SignUp, form: ClerkForm, twin: Registration | None = None):
    last = Registration.objects.filter(signup=signup, uid=as_uuid(request.GET.get("last", ""))).first()
    context = {"form": form, "twin": twin, "last": last}
    return render_desk(request, "admin/registration/entry.html", signup, _("Sign somebody up"), context)


def as_uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def namesake(signup: SignUp, form: ClerkForm) -> Registration | None:
    """An active registration with the same name and phone: without an e-mail address nothing else tells them apart."""
    if form.cleaned_data["email"]:
        return None
    person = form.people()[0]
    same = signup.registrations.active().exclude(idempotency_key=form.cleaned_data["key"])
    same = same.filter(
        participants__first_name__iexact=person.first_name, participants__last_name__iexact=person.last_name
    )
    return same.filter(phone=form.cleaned_data.get("phone", "")).first()


def in_words(registration: Registration) -> str:
    """What has become of it, to be said on the phone."""
    if registration.status == RegistrationStatus.WAITING:
        return _("Signed up. Waiting list, place %(place)s.") % {"place": registration.place_in_queue()}
    return _("Signed up: %(state)s.") % {"state": registration.get_status_display()}


# --- One registration -------------------------------------------------------------------------------------------------


def find_registration(signup: SignUp, uid) -> Registration:
    found = signup.registrations.prefetch_related("participants").filter(uid=uid).first()
    if found is None:
        raise Http404
    found.signup = signup
    return found


@require_safe
@desk_page()
def person(request, signup: SignUp, uid):
    note_look(request, Look.PERSON, signup)
    registration = find_registration(signup, uid)
    sees_needs = request.user.has_perm("registration.view_needs")
    context = {
        "registration": registration,
        "needs": Needs.objects.filter(registration=registration).first() if sees_needs else None,
        "consents": registration.consents.all(),
        "history": registration.history.select_related("user"),
        "mails": Message.objects.about(registration).only("kind", "status", "created_at", "sent_at", "last_error"),
    }
    return render_desk(request, "admin/registration/person.html", signup, str(registration).capitalize(), context)


# The act that a button names: (function of registration uid and clerk, what is said afterwards).
ACTS = {
    "promote": (seats.promote_by_hand, _("The seat is given, a letter is on its way.")),
    "confirm": (seats.confirm_by_hand, _("Confirmed.")),
    "approve": (seats.approve, _("Approved.")),
    "reject": (lambda uid, by: seats.cancel(uid, by, Reason.REJECTED), _("Rejected, a letter is on its way.")),
    "cancel": (lambda uid, by: seats.cancel(uid, by, Reason.CANCELLED_BY_OFFICE),
               _("Cancelled; the waiting list has moved on.")),
    "resigned": (lambda uid, by: seats.cancel(uid, by, Reason.RESIGNED), _("Resigned; the waiting list has moved on.")),
}  # fmt: skip


@require_POST
@desk_page()
def act(request, signup: SignUp, uid):
    registration = find_registration(signup, uid)
    function, done = ACTS.get(request.POST.get("act", ""), (None, ""))
    if function is None:
        raise Http404
    try:
        function(registration.uid, seats.staff(request.user))
        messages.success(request, done)
    except seats.Refused as refused:
        messages.error(request, refused.message)
    except seats.Busy:
        messages.error(request, _("Very many people use the sign-up just now. Nothing was changed: please try again."))
    back = "person" if "from_person" in request.POST else "list"
    address = desk_url(back, signup, **({"uid": uid} if back == "person" else {}))
    return HttpResponseRedirect(address)


# --- Places -----------------------------------------------------------------------------------------------------------


class CapacityForm(forms.Form):
    capacity = forms.IntegerField(
        label=_("Number of places"), required=False, min_value=0, max_value=100_000,
        help_text=_("Empty: no limit. 0: waiting list only."),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page()
def capacity(request, signup: SignUp):
    form = CapacityForm(request.POST if request.method == "POST" else None, initial={"capacity": signup.capacity})
    if not form.is_valid():
        title = _("Number of places")
        return render_desk(request, "admin/registration/capacity.html", signup, title, {"form": form})
    try:
        changed = seats.set_capacity(signup.pk, form.cleaned_data["capacity"])
    except seats.Busy:
        form.add_error(None, _("Very many people use the sign-up just now. Nothing was changed: please try again."))
        return render_desk(request, "admin/registration/capacity.html", signup, _("Number of places"), {"form": form})
    log_capacity(request, changed, before=signup.capacity)
    promoted = max(0, signup.waiting - changed.waiting)
    if changed.exceeded_by:
        messages.warning(request, _("Exceeded by %(count)d. Nobody loses a seat; nobody moves up until then.") % {
            "count": changed.exceeded_by})  # fmt: skip
    said = ngettext("Saved; %(count)d person has moved up.", "Saved; %(count)d people have moved up.", promoted)
    messages.success(request, said % {"count": promoted} if promoted else _("Saved."))
    return HttpResponseRedirect(desk_url("list", signup))


def log_capacity(request, signup: SignUp, before: int | None):
    """Raising it on purpose is how an office overbooks, so who did it stays on record."""
    words = [{"changed": {"fields": [f"{_('places')}: {before} → {signup.capacity}"]}}]
    LogEntry.objects.log_actions(request.user.pk, [signup], CHANGE, words, single_object=True)
