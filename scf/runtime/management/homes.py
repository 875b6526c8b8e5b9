"""The options that commands about a stack have in common."""

import os
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandParser

from scf.runtime.home import Home
from scf.runtime.launch import EXTERNAL


def add_home(parser: CommandParser) -> None:
    """``--home DIR``: another stack than the one of ``SCF_HOME``."""
    parser.add_argument("--home", type=Path, help="folder of the stack (default: SCF_HOME)")


def add_embedded(parser: CommandParser) -> None:
    """``--embedded``: a stack that takes no engine from the environment."""
    parser.add_argument("--embedded", action="store_true", help=f"ignore {', '.join(EXTERNAL)}")


def home_of(options: dict[str, object]) -> Home:
    """The home asked for, or that of the settings."""
    return Home(Path(str(options.get("home") or settings.SCF_HOME)).absolute())


def given_of(options: dict[str, object]) -> dict[str, str]:
    """The environment, without its engines when the stack is to be all its own."""
    ignored = EXTERNAL if options["embedded"] else ()
    return {name: value for name, value in os.environ.items() if name not in ignored}
