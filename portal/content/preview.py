"""Staff see what is not published on its real page, at its real address; nobody else does.

    articles = preview_or_public(request, Article.objects.reachable(), Article.objects.all())
    article = get_by_address(articles.for_detail(), slug)
    response = render(request, "news/article.html", {"article": article})
    return keep_private(response) if article.is_preview else mark_viewed(response, article)

The template says so with `{% include "includes/_state_banner.html" with item=article %}`.
"""

from collections.abc import Callable

from django.conf import settings
from django.db.models import BooleanField, Exists, OuterRef, Q, Value

_limits: list[Callable] = []


def limit_by(limit: Callable):
    """Have `limit(user, queryset)` take away what a member of staff has nothing to do with."""
    _limits.append(limit)


def only_theirs(user, queryset):
    for limit in _limits:
        queryset = limit(user, queryset)
    return queryset


def preview_or_public(request, public, base):
    """Where to look for a page: `base` for staff who may see its drafts, `public` for everybody else.

    Every row says in `is_preview` whether the public would not find it, and whether it has translations.
    """
    public, base = _with_translations(public), _with_translations(base)
    if (allowed := getattr(request, "allowed_preview", None)) is not None and isinstance(allowed, base.model):
        return base.filter(pk=allowed.pk).annotate(is_preview=Value(True, output_field=BooleanField()))
    if not may_preview(request, base.model):
        return public.annotate(is_preview=Value(False, output_field=BooleanField()))
    theirs = only_theirs(request.user, base)
    if theirs is not base:  # what is public they see as anybody does
        base = base.filter(Q(pk__in=theirs.order_by().values("pk")) | Q(pk__in=public.order_by().values("pk")))
    return base.annotate(is_preview=~Exists(public.order_by().filter(pk=OuterRef("pk"))))


def allow(request, obj):
    """Let this one request see this one thing, whoever asks: what a preview link does (portal/editing)."""
    request.allowed_preview = obj


def _with_translations(queryset):
    """So that a text without any, as most are, costs no query for them."""
    translations = queryset.model.objects.published().order_by().filter(translation_of=OuterRef("pk"))
    return queryset.annotate(has_translations=Exists(translations))


def may_preview(request, model) -> bool:
    # Without a session cookie `request.user` is not touched: reading it would put Vary: Cookie on anonymous pages.
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    label, name = model._meta.app_label, model._meta.model_name
    user = request.user
    return user.is_staff and (user.has_perm(f"{label}.view_{name}") or user.has_perm(f"{label}.change_{name}"))


def may_preview_one(request, obj) -> bool:
    """The same of one saved object, whose institution counts too."""
    theirs = type(obj)._default_manager.filter(pk=obj.pk)
    return may_preview(request, type(obj)) and only_theirs(request.user, theirs).exists()


def keep_private(response):
    """Never stored, by no cache and no browser; and not marked as viewed, so that a preview does not count."""
    response["Cache-Control"] = "private, no-store"
    return response
