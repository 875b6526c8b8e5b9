"""Typed reading of environment variables; a secret may also stand in the file that ``NAME_FILE``
names.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from scf.runtime.home import stack_environment

# Another shell finds the stack that runs here, also where a port was moved; the environment wins.
STACK = stack_environment(
    Path(os.environ.get("SCF_HOME", Path(__file__).resolve().parents[2] / ".run"))
)


def text(name: str, default: str | None = None) -> str:
    """The variable as text; stops the start when it is missing and has no default."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text().strip()
    value = os.environ.get(name, STACK.get(name, default))
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set: see .env.example")
    return value


def number(name: str, default: int) -> int:
    """The variable as a whole number."""
    value = text(name, str(default))
    if not value.lstrip("-").isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}")
    return int(value)


def flag(name: str, *, default: bool) -> bool:
    """The variable as yes or no: 1, true, yes, on against 0, false, no, off."""
    value = text(name, "1" if default else "0").lower()
    if value not in {"1", "true", "yes", "on", "0", "false", "no", "off"}:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}")
    return value in {"1", "true", "yes", "on"}


def words(name: str, default: str) -> list[str]:
    """The variable as a list parted by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def database(url: str) -> dict[str, object]:
    """Django's settings of a ``postgresql://user:password@host:port/name?host=/socket`` address."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": options.pop("port", str(parts.port or "")),
        "OPTIONS": {**options},
    }


@dataclass(frozen=True)
class MailServer:
    """Django's settings of a way to send mail."""

    backend: str
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    folder: str = ""
    starts_tls: bool = False
    is_tls: bool = False


def mail_server(url: str, *, folder: str = "") -> MailServer:
    """The server of ``smtp://user:password@host:587`` (encrypted by STARTTLS, unless ``?tls=0``),
    or ``smtps://…:465``; ``console:`` prints, ``file:`` writes each into a
    file of ``folder``, empty sends nothing.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        return MailServer("django.core.mail.backends.filebased.EmailBackend", folder=folder)
    if parts.scheme in ("", "console"):
        name = "console" if parts.scheme else "dummy"
        return MailServer(f"django.core.mail.backends.{name}.EmailBackend")
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ImproperlyConfigured("EMAIL_URL is smtp://…, smtps://…, file: or console:")
    is_tls = parts.scheme == "smtps"
    return MailServer(
        "django.core.mail.backends.smtp.EmailBackend",
        parts.hostname,
        parts.port or (465 if is_tls else 587),
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        starts_tls=not is_tls and dict(parse_qsl(parts.query)).get("tls") != "0",
        is_tls=is_tls,
    )
