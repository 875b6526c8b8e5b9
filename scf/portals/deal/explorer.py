"""Blocks and transactions with our events in words, and what is stuck with its money position."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from scf.chain import selectors as chain
from scf.chain import services
from scf.core.errors import Forbidden, NotFound
from scf.portals.deal.events import event_row
from scf.portals.session import actor_of

ASKED = _("已申请，等另一人复核")
SAID = {"approve": _("已同意，马上执行"), "refuse": _("已退回申请，没有执行")}
REPAIRS = ("chain:repair", "chain:repair_approve")


@require_GET
def transaction(request: HttpRequest, tx_hash: str) -> HttpResponse:
    """One transaction: where it stands and what it did, as far as the reader may see."""
    view = chain.get_transaction(tx_hash.lower(), by=actor_of(request))
    rows = [event_row(each) for each in view.events]
    return render(request, "deal/transaction.html", {"view": view, "events": rows})


@require_GET
def block(request: HttpRequest, number: int) -> HttpResponse:
    """The events of one block that concern the reader."""
    events = chain.list_block_events(number, by=actor_of(request))
    if not events:
        raise NotFound(_("这个区块里没有与贵方有关的内容"))
    rows = [event_row(each) for each in events]
    return render(request, "deal/block.html", {"number": number, "events": rows})


@require_GET
def stuck(request: HttpRequest) -> HttpResponse:
    """Blocked or failed commands and unapplied events, each with the money it holds up."""
    by = actor_of(request)
    if not any(by.can(permission) for permission in REPAIRS):
        raise Forbidden(_("此页面仅供运营与会计处理异常"))
    context = {
        "commands": chain.list_stuck_commands(by=by),
        "events": chain.list_stuck_events(by=by),
        "retries": [
            {"retry": each, "words": chain.words_of_retry(each)}
            for each in chain.list_open_retries(by=by)
        ],
        "health": chain.get_chain_health(),
        "may_ask": by.can("chain:repair"),
        "may_approve": by.can("chain:repair_approve"),
    }
    return render(request, "deal/stuck.html", context)


@require_POST
def repair(request: HttpRequest, kind: str, thing_id: UUID, verb: str) -> HttpResponse:
    """One person asks for another try (or to give up), a second one decides."""
    by = actor_of(request)
    note = request.POST.get("note", "")[:500]
    if (kind, verb) == ("command", "retry"):
        services.retry_command(thing_id, by=by, note=note)
    elif (kind, verb) == ("command", "give-up"):
        services.retry_command(thing_id, by=by, note=note, gives_up=True)
    elif (kind, verb) == ("event", "retry"):
        services.retry_event(thing_id, by=by, note=note)
    elif (kind, verb) == ("decision", "approve"):
        services.approve_retry(thing_id, by=by)
    elif (kind, verb) == ("decision", "refuse"):
        services.refuse_retry(thing_id, by=by, note=note)
    else:
        raise NotFound(_("没有这个操作"))
    messages.success(request, SAID.get(verb, ASKED))
    return redirect("stuck")
