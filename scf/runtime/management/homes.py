"""The option that every command about a stack has."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandParser

from scf.runtime.home import Home


def add_home(parser: CommandParser) -> None:
    """``--home DIR``: another stack than the one of ``SCF_HOME``."""
    parser.add_argument("--home", type=Path, help="folder of the stack (default: SCF_HOME)")


def home_of(options: dict[str, object]) -> Home:
    """The home asked for, or that of the settings."""
    return Home(Path(str(options.get("home") or settings.SCF_HOME)).absolute())
