"""What a rehearsal says no with: in Chinese first, then in English."""


class Refused(Exception):
    """The given document cannot be financed here; nothing was left behind. Exit code 2."""

    def __init__(self, zh: str, en: str, *, code: str = "refused") -> None:
        super().__init__(f"{zh} / {en}")
        self.code, self.zh, self.en = code, zh, en


class Stuck(Exception):
    """A deal that began cannot go on by itself: a person must act, or a part of the stack is
    down.
    """

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en = zh, en
