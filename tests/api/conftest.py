"""The cast, and machines that act for them by real keys."""

from tests.cast import *  # noqa: F403 - the cast as fixtures
