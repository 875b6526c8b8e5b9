"""Brings the English catalogue up to the words in use, and compiles it."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from babel.messages.catalog import Catalog
from django.core.management.base import BaseCommand

from scf.config import words

FIXED = datetime(2026, 1, 1, tzinfo=UTC)  # no dates in the file: it changes only when a word does


class Command(BaseCommand):
    help = "Add new words to locale/en, drop unused ones, compile; prints what lacks English."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """``--compile``: only compile what is there."""
        parser.add_argument("--compile", action="store_true", help="only compile")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Exits with 0 also when words lack English: a test refuses those."""
        known = words.catalogue()
        if options["compile"]:
            words.save(known)
            return
        fresh = Catalog(
            locale="en", fuzzy=False, project="scf", version="0", creation_date=FIXED,
            revision_date=FIXED, header_comment="# The English words of scf.",
        )  # fmt: skip
        for msgid in words.used():
            before = known.get(msgid if isinstance(msgid, str) else msgid[0])
            # A word that got its plural since is said anew.
            is_same = before is not None and before.pluralizable == isinstance(msgid, tuple)
            fresh.add(msgid, string=before.string if before and is_same else None)
        words.save(fresh)
        for message in fresh:
            if message.id and not all(_strings(message.string)):
                self.stdout.write(str(message.id))


def _strings(string: object) -> list[str]:
    return (
        [str(each) for each in string] if isinstance(string, list | tuple) else [str(string or "")]
    )
