"""A broken world, not a refusal: never caught by services, stops the process's work and pages a
person.
"""


class ChainRewritten(Exception):
    """Blocks that counted as final were replaced: events of them may be booked. A person must
    look.
    """


class WrongChain(Exception):
    """The node serves another chain than the one this installation belongs to."""


class RefusedToSign(Exception):
    """The relayer's key was asked for something it never signs; the text says what."""
