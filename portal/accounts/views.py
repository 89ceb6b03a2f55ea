"""The pages of one's own account: the code after the password, a phone, recovery codes, a forgotten password."""

from django.contrib import admin, messages
from django.contrib.auth import logout
from django.contrib.auth.views import (
    PasswordResetConfirmView,
    PasswordResetView,
    redirect_to_login,
)
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from portal.editing import audit
from portal.editing.models import Act, AuditEntry

from . import key_pictures, letters, lock_out, log_ins, second_factor, tokens
from .forms import CodeForm, ForgottenPasswordForm, PasswordForm, PhoneForm

OFFERED = "offered_key"  # the key on the page that adds a phone lives in the session until a code proves it
LOG_INS_SHOWN = 10


def way_on(request) -> str:
    """The address of this site that somebody wanted before a code was asked for."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if is_ours else reverse("admin:index")


def show(request, template: str, title: str, **context):
    return render(request, f"admin/accounts/{template}", admin.site.each_context(request) | context | {"title": title})


# --- Coming in --------------------------------------------------------------------------------------------------------


@never_cache
@sensitive_post_parameters("code")
def code(request):
    """After the password."""
    user, wanted = request.signed_in, way_on(request)
    if not user.is_authenticated:
        return redirect_to_login(wanted, reverse("admin:login"))
    if request.user.is_authenticated:
        return HttpResponseRedirect(wanted)
    if second_factor.phone_of(user) is None:
        return redirect_to_login(wanted, reverse("admin:add_phone"))
    form = CodeForm(request.POST or None, user=user)
    if request.method == "POST":
        if form.is_valid():
            second_factor.let_in(request, form.device)
            log_ins.note_code(user, len(form.cleaned_data["code"]) == second_factor.RECOVERY_DIGITS)
            return HttpResponseRedirect(wanted)
        log_ins.note_failure(user, _("wrong code"))
    return show(request, "code.html", _("The code from your phone"), form=form, next=wanted, account=user)


@never_cache
@sensitive_post_parameters()
def add_phone(request):
    """The first phone, at the first log-in; or another one, by somebody who has given a code and the password."""
    user, wanted = request.signed_in, way_on(request)
    if not user.is_authenticated:
        return redirect_to_login(wanted, reverse("admin:login"))
    is_replaced = second_factor.phone_of(user) is not None
    if is_replaced and not request.user.is_authenticated:
        return redirect_to_login(wanted, reverse("admin:code"))
    if OFFERED not in request.session:
        request.session[OFFERED] = second_factor.new_key()
    key, data = request.session[OFFERED], request.POST or None
    form = PhoneForm(data)
    password = PasswordForm(data, user=user) if is_replaced else None
    if request.method == "POST" and form.is_valid() & (password is None or password.is_valid()):
        phone = second_factor.add_phone(user, key, form.cleaned_data["code"])
        if phone is not None:
            return _phone_added(request, phone, is_replaced, wanted)
        form.add_error("code", _("This code does not fit. Is the clock of the phone right? Try the next code."))
    context = {"form": form, "password": password, "key": key_pictures.in_groups(key), "next": wanted, "account": user}
    picture = key_pictures.qr_code(user, key)
    return show(request, "add_phone.html", _("A phone as second key"), picture=picture, **context)


def _phone_added(request, phone, is_replaced: bool, wanted: str):
    user = request.signed_in
    was_let_in = request.user.is_authenticated
    del request.session[OFFERED]
    codes = second_factor.new_recovery_codes(user)
    second_factor.let_in(request, phone)
    words = (
        _("The phone that gives the codes was changed.") if is_replaced else _("A phone that gives codes was added.")
    )
    _note_second_factor(user, words)
    if not was_let_in:
        log_ins.note_code(user, is_recovery_code=False)
    # This very page shows the codes, so it needs the user that a redirect would make.
    request.user = user
    return show(request, "recovery_codes.html", _("Recovery codes"), codes=codes, next=wanted)


@require_POST
def log_out(request):
    """Also for somebody who owes a code, whom the admin's own page would send to the code again."""
    logout(request)
    return redirect("admin:login")


# --- My account -------------------------------------------------------------------------------------------------------


@never_cache
@sensitive_post_parameters("password")
def account(request):
    """What is known of one's own way in, and changing it. Inside `admin_view`."""
    user = request.user
    phone, may_do_without = second_factor.phone_of(user), not second_factor.is_required(user)
    form = PasswordForm(request.POST or None, user=user)
    if request.method == "POST" and phone is not None and form.is_valid():
        if "_recovery" in request.POST:
            codes = second_factor.new_recovery_codes(user)
            _note_second_factor(user, _("New recovery codes were made; those before do not work any more."))
            return show(request, "recovery_codes.html", _("Recovery codes"), codes=codes, next=reverse("admin:account"))
        if "_remove" in request.POST and may_do_without:
            second_factor.remove(user)
            _note_second_factor(user, _("The second factor was removed."))
            messages.success(request, _("From now on your password is enough."))
            return redirect("admin:account")
    return show(
        request,
        "account.html",
        _("My account"),
        form=form,
        phone=phone,
        may_do_without=may_do_without,
        codes_left=second_factor.recovery_codes_left(user),
        codes_made=second_factor.RECOVERY_CODES,
        log_ins=AuditEntry.objects.filter(actor=user, act=Act.LOGGED_IN)[:LOG_INS_SHOWN],
    )


def _note_second_factor(user, words: str):
    audit.record(user, Act.SECOND_FACTOR, user, words)
    letters.send_notice(user, words)


# --- A password by a link ---------------------------------------------------------------------------------------------


class AdminLook:
    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | admin.site.each_context(self.request) | {"title": self.title}


class ForgottenPassword(AdminLook, PasswordResetView):
    form_class = ForgottenPasswordForm
    title = gettext_lazy("A forgotten password")
    template_name = "admin/accounts/forgotten.html"
    success_url = reverse_lazy("admin:login")

    def form_valid(self, form):
        words = _("If there is an account with this address, a letter with a link is on its way. Look also into spam.")
        messages.success(self.request, words)
        return super().form_valid(form)


@method_decorator([sensitive_post_parameters(), never_cache], name="dispatch")
class PasswordByLink(AdminLook, PasswordResetConfirmView):
    """Both kinds of links; Django moves the secret out of the address into the session before it shows the form."""

    token_generator = None  # one of ours
    title = gettext_lazy("Choose a password")
    template_name = "admin/accounts/new_password.html"
    success_url = reverse_lazy("admin:login")

    def form_valid(self, form):
        answer = super().form_valid(form)
        user = self.user
        lock_out.unlock(user)
        if self.token_generator is tokens.invitations:
            audit.record(user, Act.PASSWORD_CHANGED, user, _("by the link of the invitation"))
        else:
            audit.record(user, Act.PASSWORD_CHANGED, user, _("by a link sent to the e-mail address"))
            letters.send_notice(user, _("Your password was changed."))
        messages.success(self.request, _("The password is set. Log in with it."))
        return answer
