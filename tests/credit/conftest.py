"""The cast, for the tests of credit."""

from tests.cast import *  # noqa: F403
