"""``manage.py rejoin_chain``: what to do after ``chain_rewritten``."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from scf.chain.faults import WrongChain
from scf.chain.node import Node
from scf.chain.rejoin import Rewrite, compare_chain, rejoin_chain, send_replaced
from scf.core.errors import DomainError
from scf.core.money import format_yuan
from scf.parties.selectors import find_actor


class Command(BaseCommand):
    help = (
        "已确认的区块被替换之后：比对、重发、两人确认后继续 / after final blocks were replaced: "
        "compare (changes nothing), --resend, then --as USER --approved-by USER goes on"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Without options it only looks."""
        parser.add_argument("--resend", action="store_true", help="send the replaced acts again")
        parser.add_argument("--as", dest="by", default="", help="who asks to go on")
        parser.add_argument("--approved-by", default="", help="the second person")

    def handle(self, *_args: object, **options: object) -> None:
        """Look; with options do one step. Exit 1 while something booked is missing."""
        node = Node(settings.RPC_URL, chain_id=settings.CHAIN_ID)
        try:
            self._step(node, options)
        except (DomainError, WrongChain) as refusal:
            raise CommandError(str(refusal)) from refusal
        finally:
            node.close()

    def _step(self, node: Node, options: dict[str, object]) -> None:
        if options["by"] or options["approved_by"]:
            by, approved_by = (
                find_actor(str(options["by"])),
                find_actor(str(options["approved_by"])),
            )
            done = rejoin_chain(node, by=by, approved_by=approved_by)
            self.stdout.write(f"已继续 / goes on from block {done.fork}: {len(done.applied)}")
            return
        rewrite = compare_chain(node)
        if rewrite is None:
            self.stdout.write("区块未被替换 / nothing was replaced")
            return
        self._tell(rewrite)
        if options["resend"]:
            self.stdout.write(f"已重发 / sent again: {send_replaced(node, rewrite)}")
        if rewrite.missing:
            raise CommandError(
                f"链上缺少 / missing on the chain: {len(rewrite.missing)}. "
                "先查节点，再 --resend，确认后再比对 / check the node, then --resend, then compare"
            )
        self.stdout.write("可以继续 / may go on: --as USER --approved-by USER")

    def _tell(self, rewrite: Rewrite) -> None:
        self.stdout.write(
            f"区块 / blocks {rewrite.fork + 1}–{rewrite.known} 被替换 / were replaced, "
            f"节点 / node {rewrite.head}; 未入账 / not applied {rewrite.unapplied}"
        )
        for each in rewrite.applied:
            money = format_yuan(each.amount_minor) if each.amount_minor is not None else "—"
            place = f"→ {each.now.block_number}" if each.now else "缺 / missing"
            event = each.event
            self.stdout.write(
                f"  {event.block_number} {event.name} {money} {event.reference} {place}"
            )
