"""The operator's home: whether the chain keeps up, and what is stuck on its way."""

from django.utils.translation import gettext_lazy as _

from scf.chain.selectors import get_chain_health
from scf.core.actor import Actor
from scf.portals.parts import Empty, Home, Words
from scf.portals.waiting import waiting_for


def operator_home(by: Actor) -> Home:
    """How the chain keeps up, and the way to what needs a person."""
    waiting, _many = waiting_for(by)
    return Home(sentence=_sentence(), waiting=waiting, empty=Empty(_("没有需要处理的异常")))


def _sentence() -> Words:
    health = get_chain_health()
    if health.last_block is None:
        return _("还没有读到链上区块。")
    figures = {"block": health.last_block, "lag": health.lag, "queued": health.queued}
    return _("链上已读到区块 %(block)s，落后 %(lag)s 块，排队 %(queued)s 笔。") % figures
