"""Every partial of ``templates/parts`` on one page, with the figures of golden deal 1."""

from datetime import UTC, datetime

import pytest
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from scf.config.urls import urlpatterns as site
from scf.portals.parts import (
    Chip,
    Empty,
    Fact,
    LineRow,
    LineTable,
    TimelineRow,
    Turn,
    Waiting,
    money_bar,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOMENT = datetime(2026, 3, 23, 6, 5, tzinfo=UTC)
TX = "0x" + "ab" * 32
CHIP = Chip("已验收", "green")
PARTS = """{% extends "base.html" %}{% load money %}{% block content %}<h1>部件</h1>
{% include "parts/turn.html" with turn=mine only %}
{% include "parts/turn.html" with turn=late only %}
{% for chip in chips %}{% include "parts/chip.html" %} {% endfor %}
{% include "parts/money_bar.html" %}{% include "parts/line_table.html" with table=lines only %}
{% include "parts/timeline.html" %}{% include "parts/facts.html" %}
{% include "parts/waiting.html" %}{% include "parts/empty.html" %}
<p>{{ amount|yuan }} · {{ amount|wan }} 万元 ·
{{ amount|capital }} · {{ rate|percent }}</p>{% endblock %}"""


def every_part(request: HttpRequest) -> HttpResponse:
    late = Turn("云岫金禾", "验收", due_at=MOMENT, is_late=True)
    mine = Turn("您", "审批这笔融资", due_at=MOMENT, is_mine=True)
    parts = [
        ("已付", 37_260_237, "green"),
        ("在途", 20_749_675, "blue"),
        ("退回", 760_413, "orange"),
    ]
    short = [("短少", "1.000 t")]
    context = {
        "mine": mine,
        "late": late,
        "chips": [Chip(tone, tone) for tone in ("blue", "green", "orange", "red", "grey")],
        "bar": money_bar("托管资金", parts),
        "lines": LineTable(
            [
                LineRow(1, "PP 拉丝 T30S", "50.000 t", "7,604.13", 38_020_650, CHIP),
                LineRow(2, "LLDPE 7042", "50.000 t", "8,299.87", 41_499_350, details=short),
            ],
            total_minor=79_520_000,
        ),
        "timeline": [
            TimelineRow(MOMENT, "验收并付款", who="马", amount_minor=37_260_237, tx_hash=TX,
                        is_final=True, tone="green"),
            TimelineRow(MOMENT, "付款在途", tx_hash=TX, tx_url="/verify/", confirmations=1),
        ],
        "facts": [Fact("金额", amount_minor=37_260_237), Fact("交易", TX, is_mono=True)],
        "waiting": [Waiting("PO-2026-0305", "/verify/", amount_minor=80_000_000, turn=mine)],
        "empty": Empty("还没有订单", "导入第一张订单", action="导入", url="/verify/"),
        "amount": 37_260_237,
        "rate": 43_500,
    }  # fmt: skip
    return HttpResponse(engines["django"].from_string(PARTS).render(context, request))


urlpatterns = [*site, path("parts/", every_part)]


@pytest.mark.urls(__name__)
def test_every_part_is_readable_on_desk_and_phone(page, look):
    page.goto("/parts/")
    shown = page.inner_text("main")
    for words in (
        "372,602.37",
        "叁拾柒万贰仟陆佰零贰元叁角柒分",
        "4.35 %",
        "2026-03-23 14:05 UTC+8",
    ):
        assert words in shown
    look("parts")


@pytest.mark.urls(__name__)
def test_every_part_is_readable_in_the_dark(page, look):
    page.emulate_media(color_scheme="dark")
    page.goto("/parts/")
    assert page.get_attribute("html", "data-bs-theme") == "dark"
    look("parts-dark")
