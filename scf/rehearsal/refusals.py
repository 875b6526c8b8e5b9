"""What a rehearsal says no with: in Chinese first, then in English."""

from django.utils.translation import override

from scf.core.errors import DomainError


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


def refused(refusal: DomainError) -> Refused:
    """A service's refusal in both languages."""
    with override("zh-hans"):
        zh = refusal.text()
    with override("en"):
        return Refused(zh, refusal.text(), code=refusal.code)
