"""The photos of all sections as one list: searched, filtered, and found by what they show."""

from functools import reduce
from operator import and_, or_

from django import forms
from django.core.paginator import Paginator
from django.db.models import CharField, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.content.folding import fold
from portal.content.photo_files import find_photo, photo_models
from portal.content.photos import CONSENT_WARNING, ConsentBasis
from portal.content.preview import only_theirs

from .access import may, owner_model

SEARCHED = ["alt", "caption", "author"]
WORDS = 8
ON_A_PAGE = 40


class PhotoSearchForm(forms.Form):
    q = forms.CharField(
        label=_("Words of the description, caption or author"),
        help_text=_("For example the surname of a person who asks where their photo is."),
        required=False,
        max_length=200,
    )
    basis = forms.ChoiceField(
        label=_("basis of publication"),
        required=False,
        choices=[("", _("any")), ("none", _("none")), *ConsentBasis.choices],
    )
    consent = forms.ChoiceField(
        label=_("consent"),
        required=False,
        choices=[("", _("any")), ("ended", _("has ended")), ("ending", _("has ended or ends within 30 days"))],
    )
    lacks = forms.BooleanField(label=_("without a description or basis"), required=False)
    copies = forms.CharField(required=False, widget=forms.HiddenInput, max_length=32)

    @property
    def original(self):
        """The photo whose copies are looked for."""
        return find_photo(self.cleaned_data["copies"]) if self.is_valid() and self.cleaned_data["copies"] else None


def found_photos(user, form: PhotoSearchForm):
    """(label of the model, number, time) of what this person may see, the newest first, as one query."""
    condition = _condition(form) if form.is_valid() else Q()
    parts = [
        model.objects.filter(condition, **_of_theirs(user, model))
        .order_by()
        .annotate(kind=Value(model._meta.label_lower, output_field=CharField()))
        .values_list("kind", "pk", "created_at")
        for model in photo_models()
        if may(user, "change", model)
    ]
    return parts[0].union(*parts[1:], all=True).order_by("-created_at", "-pk")


def _of_theirs(user, model) -> dict:
    """Somebody bound to an institution finds the photos of what is theirs (institutions/memberships.py)."""
    owners = owner_model(model).objects.all()
    theirs = only_theirs(user, owners)
    return {} if theirs is owners else {f"{model.owner_field}__in": theirs.order_by().values("pk")}


def _condition(form: PhotoSearchForm) -> Q:
    given = form.cleaned_data
    conditions = [Q()]
    for word in fold(given["q"].replace("\x00", "")).split()[:WORDS]:
        conditions.append(reduce(or_, (Q(**{f"{field}__folded__contains": word[:100]}) for field in SEARCHED)))
    if given["basis"]:
        conditions.append(Q(consent_basis="" if given["basis"] == "none" else given["basis"]))
    if given["consent"]:
        ended = Q(consent_expires_on__lt=timezone.localdate())
        ending = Q(consent_expires_on__lte=timezone.localdate() + CONSENT_WARNING)
        conditions.append(ended if given["consent"] == "ended" else ending)
    if given["lacks"]:
        conditions.append(Q(awaits_description=True) | Q(consent_basis=""))
    if given["copies"]:
        original = form.original
        same = Q(key=given["copies"])
        conditions.append(same | Q(digest=original.digest) if original and original.digest else same)
    return reduce(and_, conditions)


def page_of(user, form: PhotoSearchForm, number: str):
    """One page of them; its `photos` are the rows themselves, with what they stand on."""
    page = Paginator(found_photos(user, form), ON_A_PAGE).get_page(number)
    page.photos = photos_of(user, [(kind, pk) for kind, pk, _created in page.object_list])
    return page


def photos_of(user, names: list[tuple[str, int]]) -> list:
    """The rows of (label of the model, number) that are this person's, in this order; without those that are gone."""
    models = {model._meta.label_lower: model for model in photo_models()}
    rows = {}
    for label, model in models.items():
        wanted = [pk for kind, pk in names if kind == label]
        for photo in _rows_of(user, model, wanted) if wanted else []:
            rows[label, photo.pk] = photo
    return [rows[name] for name in names if name in rows]


def _rows_of(user, model, pks: list[int]):
    return model.objects.select_related(model.owner_field).filter(pk__in=pks, **_of_theirs(user, model))
