from django.contrib import admin
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from .tasks import all_rules, all_tasks


@require_safe
def contents(request):
    context = {"title": gettext("Handbook"), "tasks": all_tasks().values()}
    return render(request, "admin/handbook/contents.html", admin.site.each_context(request) | context)


@require_safe
def law(request):
    context = {"title": gettext("What the law asks"), "rules": all_rules()}
    return render(request, "admin/handbook/law.html", admin.site.each_context(request) | context)


@require_safe
def task(request, slug: str):
    found = all_tasks().get(slug)
    if found is None:
        raise Http404
    tasks = list(all_tasks().values())
    place = tasks.index(found)
    context = {
        "title": found.title,
        "task": found,
        "previous": tasks[place - 1] if place else None,
        "following": tasks[place + 1] if place + 1 < len(tasks) else None,
    }
    return render(request, "admin/handbook/task.html", admin.site.each_context(request) | context)
