"""Rehearse one deal: an order of the world outside, or a golden scenario."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from scf.core import clock
from scf.core.errors import DomainError
from scf.rehearsal.apart import again_apart
from scf.rehearsal.bringing import read_bytes, read_order
from scf.rehearsal.life import Life
from scf.rehearsal.papers import read_bill, read_paper, require_despatch_of
from scf.rehearsal.refusals import Refused, Stuck, refused
from scf.rehearsal.rehearsing import Rehearsal, begins_on
from scf.rehearsal.scenario import Scenario, read_scenario
from scf.rehearsal.stack import OwnStack, RunningStack
from scf.rehearsal.telling import told
from scf.trade.importing import DocumentKind
from scf.workflow import clocks

REFUSED, FAILED = 2, 1
SAMPLE = Path(__file__).parents[2] / "samples" / "order.xml"
PATHS = ("order", "despatch", "invoice", "golden")


class Command(BaseCommand):
    """Exit 0 when all went well, 2 when the document is refused, 1 when the deal could not end."""

    help = "演练一笔业务 / rehearse one deal from its order to the repaid loan"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Which documents, and on which stack."""
        parser.add_argument("--order", type=Path, help="订单 / UBL order, xlsx or csv")
        parser.add_argument("--despatch", type=Path, help="发货通知 / UBL despatch advice")
        parser.add_argument("--invoice", type=Path, help="发票 / UBL invoice")
        parser.add_argument("--sample", action="store_const", const=SAMPLE, dest="order")
        parser.add_argument("--golden", type=Path, help="情景 / scenario of the golden form")
        parser.add_argument("--currency", default="", help="按此币种读金额 / read amounts as CNY")
        parser.add_argument("--own-stack", action="store_true", help="在专用的库与链上走完整个期限")
        parser.add_argument("--json", action="store_true", help="print JSON alone")
        parser.add_argument("--here", action="store_true", help="these engines are its own")

    def handle(self, *_args: object, **options: Any) -> None:
        """Do it and exit with what came of it."""
        try:
            status = self._golden(options) if options["golden"] else self._order(options)
        except Refused as refusal:
            self._print({"ok": False, "refused": _words(refusal)}, options)
            self.stderr.write(str(refusal))
            sys.exit(REFUSED)
        except (Stuck, DomainError) as failure:
            said = str(refused(failure) if isinstance(failure, DomainError) else failure)
            self._print({"ok": False, "failed": said}, options)
            self.stderr.write(said)
            sys.exit(FAILED)
        sys.exit(status)

    def _golden(self, options: dict[str, Any]) -> int:
        scenario = read_scenario(read_bytes(options["golden"]).decode(errors="replace"))
        _require_past(scenario)
        if not options["here"]:
            return again_apart(_again(options), begins_on=scenario.begins_on)
        stack = OwnStack.opened()
        life = Life.begun(scenario, stack)
        life.live(tell=self._say)
        found = told(life)
        self._print(found, options)
        return 0 if found["invariants"]["ok"] else FAILED

    def _order(self, options: dict[str, Any]) -> int:
        if options["order"] is None:
            raise Refused("请给出 --order 或 --golden", "name --order or --golden", code="no_file")
        currency = options["currency"]
        given = read_order(options["order"], read_as=currency)
        despatch = bill = None
        if options["despatch"]:
            despatch = read_paper(options["despatch"], DocumentKind.DESPATCH_ADVICE)
            require_despatch_of(given, despatch)
        if options["invoice"]:
            bill = read_bill(options["invoice"], read_as=currency)
        if options["own_stack"] and not options["here"]:
            return again_apart(_again(options), begins_on=begins_on(clock.today()))
        if options["here"]:
            stack: OwnStack | RunningStack = OwnStack.opened()
            clocks.open_day(begins_on(clock.today()))
        else:
            stack = RunningStack()
        lives = bool(options["here"])
        found = Rehearsal(stack, given, self._say, despatch, bill, lives_days=lives).run()
        self._print(found, options)
        return 0 if found["ok"] else FAILED

    def _say(self, line: str) -> None:
        self.stderr.write(line)

    def _print(self, found: dict[str, Any], options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1, default=str))
            return
        for name, value in found.items():
            if name not in ("steps", "positions"):
                self.stdout.write(f"{name}: {json.dumps(value, ensure_ascii=False, default=str)}")


def _again(options: dict[str, Any]) -> list[str]:
    words = ["rehearse_deal", "--here"]
    for name in PATHS:
        if options[name]:
            words += [f"--{name}", str(options[name].absolute())]
    if options["currency"]:
        words += ["--currency", options["currency"]]
    return [*words, "--own-stack", *(["--json"] if options["json"] else [])]


def _words(refusal: Refused) -> dict[str, str]:
    return {"code": refusal.code, "zh": refusal.zh, "en": refusal.en}


def _require_past(scenario: Scenario) -> None:
    """A bank day never lies after today. Raises Refused."""
    if scenario.lasts_until > clock.today():
        raise Refused(
            f"情景持续到 {scenario.lasts_until}，晚于今天：只能演练已过去的日子",
            f"the scenario lasts until {scenario.lasts_until}, which is after today",
            code="not_past",
        )
