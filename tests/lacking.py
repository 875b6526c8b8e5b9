"""What a test needs and a machine may lack: skipped, unless the machine was said to have it."""

import os
from typing import NoReturn

import pytest


def lacking(program: str, reason: str) -> NoReturn:
    """Skip, and say why; fail where ``NEEDED`` names the program as installed on this machine."""
    if program in os.environ.get("NEEDED", "").split():
        pytest.fail(f"{reason} (NEEDED names {program})")
    pytest.skip(reason)
