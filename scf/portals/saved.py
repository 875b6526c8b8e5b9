"""Named filters of lists, each reader's own: kept, opened as an address, and dropped."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from scf.core.errors import NotFound
from scf.parties.models import User
from scf.portals.models import SavedList, SavedView
from scf.portals.session import actor_of

MOST = 20  # of one list, for one person
DROPPED = ("after",)  # where one was in the list is no part of its filters


class SavedViewForm(forms.Form):
    """A name for the filters one looks at."""

    page = forms.ChoiceField(choices=SavedList.choices)
    name = forms.CharField(max_length=40)
    query = forms.CharField(max_length=500, required=False)


@dataclass(frozen=True)
class SavedLink:
    """A named filter as a link; ``is_here`` when the reader looks at it."""

    id: int
    name: str
    url: str
    is_here: bool


@dataclass(frozen=True)
class SavedViews:
    """The reader's named filters of one list, and the filters that could be named now."""

    page: str
    links: Sequence[SavedLink]
    query: str


def saved_views(request: HttpRequest, page: SavedList) -> SavedViews:
    """For the head of a list."""
    user = _user_of(request)
    query = cleaned(request.GET.urlencode())
    links = [
        SavedLink(each.pk, each.name, f"{reverse(page)}?{each.query}", each.query == query)
        for each in user.saved_views.filter(page=page)
    ]
    return SavedViews(page, links, query)


def cleaned(query: str) -> str:
    """Filters in a fixed order, without the empty ones and without a place in the list."""
    given = QueryDict(query)
    kept = QueryDict(mutable=True)
    for name in sorted(given):
        values = [value for value in given.getlist(name) if value and name not in DROPPED]
        if values:
            kept.setlist(name, values)
    return kept.urlencode()


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the filters under a name; a name used before now means these."""
    actor_of(request)
    user, form = _user_of(request), SavedViewForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请填写名称（最多 40 字）并先设置筛选条件"))
        page = request.POST.get("page")
        return redirect(page if page in SavedList.values else "start")
    given = form.cleaned_data
    query = cleaned(given["query"])
    mine = user.saved_views.filter(page=given["page"])
    if mine.count() >= MOST and not mine.filter(name=given["name"]).exists():
        messages.error(request, _("最多保存 %(most)s 个，请先删除不用的") % {"most": MOST})
    else:
        mine.update_or_create(
            user=user, page=given["page"], name=given["name"], defaults={"query": query}
        )
        messages.success(request, _("已保存“%(name)s”") % {"name": given["name"]})
    return redirect(f"{reverse(given['page'])}?{query}")


@require_POST
def drop(request: HttpRequest, view_id: int) -> HttpResponse:
    """Drop one of the reader's own. Raises NotFound for another's."""
    actor_of(request)
    found: SavedView | None = _user_of(request).saved_views.filter(pk=view_id).first()
    if found is None:
        raise NotFound(_("没有这个保存的筛选"))
    found.delete()
    messages.success(request, _("已删除“%(name)s”") % {"name": found.name})
    return redirect(f"{reverse(found.page)}?{found.query}")


def _user_of(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise NotFound(_("没有这个页面，或者您无权查看"))
    return request.user
