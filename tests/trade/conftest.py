"""The cast, for the tests of trade."""

from tests.cast import *  # noqa: F403
