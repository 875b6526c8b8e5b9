"""``python -m tests.bench.path``: from a person's word to the settled ledger, on the running stack.

A bank person exchanges one yuan for a buyer (兑换), again and again; timed is from the moment the
service has answered to the moment the act is done and its transfer stands in the ledger: signed,
sent, mined, confirmed, read, applied, posted. The goal is (1 + confirmations) blocks and 300 ms at
the median. A word falls anywhere in the time between two blocks.
"""

import os
import random
import statistics
import sys
import time
from typing import Any
from uuid import uuid4

import django
from django.conf import settings

ROUNDS = 15
BLOCK_MS = 1000  # the block producer's pace
GOAL_MS = 300
LONGEST = 60.0  # seconds


def settled(act: Any) -> float:
    """Seconds until the act is done and posted, looked for fifty times a second."""
    from scf.ledger.models import Transfer  # noqa: PLC0415 - needs the settings

    start = time.perf_counter()
    while time.perf_counter() - start < LONGEST:
        act.refresh_from_db(fields=["status"])
        if act.status == "done" and Transfer.objects.filter(key__contains=act.key).exists():
            return time.perf_counter() - start
        time.sleep(0.02)
    raise SystemExit(f"{act.key} was not settled within {LONGEST:.0f} s: {act.status}")


def main() -> int:
    """0 when the median is within the goal."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scf.config.settings")
    django.setup()
    from scf.wallets.models import Purpose, Wallet  # noqa: PLC0415 - needs the settings
    from scf.wallets.services import exchange  # noqa: PLC0415
    from tests.factories.parties import somebody, stepped_up  # noqa: PLC0415

    by = stepped_up(somebody("luo"))
    wallet = Wallet.objects.filter(
        bank_id=by.organization_id, purpose=Purpose.GENERAL, status="active"
    ).first()
    if wallet is None:
        raise SystemExit("no wallet of a customer: bring the demo world up first (make up)")
    spent = []
    for _round in range(ROUNDS):
        time.sleep(random.uniform(0, 2))
        act = exchange(wallet.pk, amount_minor=100, reference=f"bench-{uuid4().hex[:12]}", by=by)
        spent.append(settled(act) * 1000)
    median, most = statistics.median(spent), max(spent)
    goal = (1 + settings.CHAIN_CONFIRMATIONS) * BLOCK_MS + GOAL_MS
    sys.stdout.write(
        f"word to ledger: median {median:.0f} ms (goal {goal}), longest {most:.0f} ms\n"
    )
    return int(median > goal)


if __name__ == "__main__":
    sys.exit(main())
