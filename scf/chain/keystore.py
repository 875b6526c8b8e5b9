"""Encrypted key files (Web3 secret storage, version 3), one a party, each with the policy it
signs under.
"""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

import coincurve
from django.core.exceptions import ImproperlyConfigured
from eth_keyfile.keyfile import create_keyfile_json, extract_key_from_keyfile

RELAYER = "relayer"
GOVERNANCE_NAME = "governance"
ITERATIONS = 20_000  # PBKDF2; the password is 256 random bits unless a person chose it


@dataclass(frozen=True)
class Policy:
    """What a party's key may sign: which acts, for which contracts, up to how many fen an act."""

    actions: tuple[int, ...]
    contracts: tuple[str, ...]
    max_amount_minor: int


class Keystore:
    """A folder of key files. Only the signer process opens it."""

    def __init__(self, folder: Path, *, password: str) -> None:
        self._folder = folder
        self._password = password.encode()

    def names(self) -> list[str]:
        """The keys there are, by name."""
        files = sorted(self._folder.glob("*.json"))
        return [each.stem for each in files if not each.name.endswith(".policy.json")]

    def load(self, name: str) -> coincurve.PrivateKey:
        """Open a key. Raises ImproperlyConfigured when the password is not its own."""
        try:
            raw = extract_key_from_keyfile(str(self._path(name)), self._password)
        except ValueError as error:
            raise ImproperlyConfigured(f"the password does not open the key {name}") from error
        return coincurve.PrivateKey(raw)

    def create(self, name: str, *, policy: Policy | None = None) -> coincurve.PrivateKey:
        """Make a new key with its policy; a key that is there already is opened instead."""
        if not self._path(name).exists():
            key = coincurve.PrivateKey()
            text = create_keyfile_json(
                key.secret, self._password, kdf="pbkdf2", iterations=ITERATIONS
            )
            if policy:
                _write(self._policy_path(name), json.dumps(asdict(policy), indent=1))
            _write(self._path(name), json.dumps(text))
        return self.load(name)

    def policy(self, name: str) -> Policy | None:
        """The policy a key signs under; a key without one signs nothing."""
        path = self._policy_path(name)
        if not path.exists():
            return None
        given = json.loads(path.read_text())
        return Policy(
            tuple(given["actions"]), tuple(given["contracts"]), int(given["max_amount_minor"])
        )

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.json"

    def _policy_path(self, name: str) -> Path:
        return self._folder / f"{name}.policy.json"


def open_keystore(folder: Path, *, is_demo: bool) -> Keystore:
    """The keystore of this process, with its password from SIGNER_PASSWORD or SIGNER_PASSWORD_FILE.

    A demo makes folder and password itself. Raises ImproperlyConfigured when there is no password.
    """
    path = os.environ.get("SIGNER_PASSWORD_FILE", "")
    password = Path(path).read_text().strip() if path else os.environ.get("SIGNER_PASSWORD", "")
    if is_demo and not password:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        own = folder / "password"
        if not own.exists():
            _write(own, secrets.token_hex(32))
        password = own.read_text().strip()
    if not password:
        raise ImproperlyConfigured("the signer needs SIGNER_PASSWORD or SIGNER_PASSWORD_FILE")
    return Keystore(folder, password=password)


def _write(path: Path, text: str) -> None:
    # Whole or not at all, and for nobody else to read.
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
