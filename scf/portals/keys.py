"""API keys of the reader's organization: issued to a colleague, shown once, revoked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from scf.core import clock
from scf.core.actor import Actor
from scf.core.errors import DomainError
from scf.parties.checks import require_step_up
from scf.parties.models import ApiKey, Person
from scf.parties.permissions import Permission
from scf.parties.selectors import list_api_keys, list_colleagues
from scf.parties.services import IssuedKey, create_api_key, revoke_api_key
from scf.portals.access import require_view
from scf.portals.forms import say_at
from scf.portals.parts import Chip, Empty, Words
from scf.portals.session import actor_of

P = Permission
# What an address of the API does; the acts that need a person's fresh proof are not for machines.
SCOPES: Mapping[str, Words] = {
    P.ORDER_VIEW: _("查看订单"),
    P.ORDER_IMPORT: _("导入订单和单据"),
    P.ORDER_CONFIRM: _("确认或取消订单"),
    P.APPLICATION_VIEW: _("查看融资和交易"),
    P.APPLICATION_SUBMIT: _("提交融资申请"),
    P.APPLICATION_WITHDRAW: _("撤回融资申请"),
    P.APPLICATION_RECOMMEND: _("提交审查意见"),
    P.APPLICATION_REJECT: _("退回或拒绝申请"),
    P.APPLICATION_CANCEL: _("取消未放款的申请"),
    P.DELIVERY_SHIP: _("登记发货"),
    P.DELIVERY_ACCEPT: _("验收到货"),
    P.DELIVERY_CONFIRM: _("核对收货证据"),
    P.LOAN_VIEW: _("查看贷款"),
}
LIVES = ((30, _("30 天")), (90, _("90 天")), (180, _("180 天")), (365, _("365 天")))


@dataclass(frozen=True)
class KeyRow:
    """A key as the list shows it."""

    key: ApiKey
    chip: Chip
    scopes: Sequence[Words]
    is_live: bool


class KeyForm(forms.Form):
    """Whose rights a new key has, which of them, and for how long."""

    person = forms.ChoiceField(
        label=_("代表哪位同事"), help_text=_("密钥以此人身份办事，其经办的不能由其本人复核")
    )
    name = forms.CharField(label=_("名称"), max_length=80, help_text=_("如：用友 NC 订单接口"))
    days = forms.TypedChoiceField(label=_("有效期"), choices=LIVES, coerce=int, initial=90)
    scopes = forms.MultipleChoiceField(
        label=_("可以做什么"), widget=forms.CheckboxSelectMultiple, choices=list(SCOPES.items())
    )

    def __init__(self, *args: Any, people: Mapping[Person, frozenset[str]], **options: Any) -> None:
        super().__init__(*args, **options)
        person, scopes = self.fields["person"], self.fields["scopes"]
        names = [(str(each.pk), each.name) for each in people]
        somebody_may = frozenset().union(*people.values())
        person.choices = [("", _("请选择")), *names]  # type: ignore[attr-defined]
        scopes.choices = [pair for pair in SCOPES.items() if pair[0] in somebody_may]  # type: ignore[attr-defined]


def keys(request: HttpRequest) -> HttpResponse:
    """The organization's keys and the form for a new one; a key just issued is shown this once."""
    by = actor_of(request)
    require_view(by, P.API_KEY_MANAGE)
    people = {
        person: held & set(SCOPES)
        for person, held in list_colleagues(by=by).items()
        if held & set(SCOPES)
    }
    form = KeyForm(request.POST if request.method == "POST" else None, people=people)
    if request.method != "POST":
        return _page(request, by, form, people)
    require_step_up(by)
    issued = _issued(form, by) if form.is_valid() else None
    if issued is None:
        return _page(request, by, form, people, status=400)
    return _page(request, by, KeyForm(people=people), people, issued=issued)


def _issued(form: KeyForm, by: Actor) -> IssuedKey | None:
    given = form.cleaned_data
    try:
        return create_api_key(
            by.organization_id or UUID(int=0),
            person_id=UUID(given["person"]),
            name=given["name"],
            scopes=given["scopes"],
            expires_at=clock.now() + timedelta(days=given["days"]),
            by=by,
        )
    except DomainError as refusal:
        say_at(form, refusal, {"key_scopes": "scopes", "key_life": "days"})
        return None


def _page(
    request: HttpRequest,
    by: Actor,
    form: KeyForm,
    people: Mapping[Person, frozenset[str]],
    *,
    issued: IssuedKey | None = None,
    status: int = 200,
) -> HttpResponse:
    mine = list_api_keys(by=by).filter(organization_id=by.organization_id)
    context = {
        "form": form,
        "issued": issued,
        "rows": [_row(key) for key in mine[:100]],
        "people": [
            (person.name, [words for scope, words in SCOPES.items() if scope in held])
            for person, held in people.items()
        ],
        "empty": Empty(_("还没有密钥"), _("给 ERP 等系统用的密钥会列在这里，随时可以撤销。")),
    }
    response = render(request, "account/keys.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _row(key: ApiKey) -> KeyRow:
    if key.revoked_at:
        chip = Chip(_("已撤销"), "grey")
    elif key.expires_at <= clock.now():
        chip = Chip(_("已过期"), "orange")
    else:
        chip = Chip(_("有效"), "green")
    scopes = [SCOPES.get(scope, scope) for scope in key.scopes]
    return KeyRow(key, chip, scopes, is_live=chip.tone == "green")


@require_POST
def revoke(request: HttpRequest, prefix: str) -> HttpResponse:
    """End a key at once."""
    by = actor_of(request)
    require_view(by, P.API_KEY_MANAGE)
    row = revoke_api_key(prefix, by=by)
    messages.success(request, _("密钥“%(name)s”已撤销，下一次请求即被拒绝") % {"name": row.name})
    return redirect("api_keys")
