"""``manage.py deploy_contracts``: the contracts and the banks, once per chain."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand

from scf.chain.deploy import deploy_contracts, register_banks
from scf.chain.node import Node
from scf.chain.signer import open_signer
from scf.core.actor import SYSTEM


class Command(BaseCommand):
    help = "部署合约并登记银行 / deploy the contracts and register the banks, once"
    requires_system_checks: list[str] = []  # checked when the stack is set up

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--mine", action="store_true", help="make the blocks: for a chain without a producer"
        )

    def handle(self, *_args: object, **options: object) -> None:
        node = Node(settings.RPC_URL, chain_id=settings.CHAIN_ID)
        for contract in deploy_contracts(
            node=node, signer=open_signer(), mines=bool(options["mine"])
        ):
            self.stdout.write(
                f"{contract.name:<16} {contract.address}  block {contract.block_number}"
            )
        self.stdout.write(f"银行 / banks: {register_banks(by=SYSTEM)}")
