"""A list of 50 rows by the API, beside the usual way to write one and a view that asks nothing.

``python -m tests.bench.bench_api`` starts a PostgreSQL of its own with orders of one company. All
three answer through Django's own WSGI handler: ours with key, scopes, tenants, counted requests and
every middleware of the product; the usual one is a DRF ModelSerializer with a key, a role, a filter
and Django's default middleware; the last is ``SELECT 1``. The figures count only when both lists
say the same rows.
"""

import importlib
import json
import statistics
import sys
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from io import BytesIO
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings

from tests.bench.bench_ledger import own_database

ROUNDS, REQUESTS = 7, 150
ORDERS = 5_000
OURS, PLAIN, ONE = "/api/v1/orders?limit=50", "/plain/", "/one/"


class Asked:
    """One address of one handler, asked again and again by one client."""

    def __init__(self, path: str, *, key: str, settings: Mapping[str, Any] | None = None) -> None:
        self.path, _mark, self.query = path.partition("?")
        self.key, self.settings = key, settings
        with self._as_set():
            self.handler = WSGIHandler()
        self.spent: list[float] = []

    def body(self) -> Any:
        """What one request is answered."""
        with self._as_set():
            return json.loads(self._ask())

    def run(self) -> float:
        """Requests a second of one round."""
        with self._as_set():
            self._ask()
            spent = []
            for _each in range(REQUESTS):
                start = time.perf_counter()
                self._ask()
                spent.append(time.perf_counter() - start)
        self.spent += spent
        return REQUESTS / sum(spent)

    def p99(self) -> float:
        """Seconds that 99 of 100 requests stayed below."""
        return statistics.quantiles(self.spent, n=100)[98]

    def _as_set(self) -> AbstractContextManager[Any]:
        return override_settings(**self.settings) if self.settings else nullcontext()

    def _ask(self) -> bytes:
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": self.path, "QUERY_STRING": self.query,
            "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "127.0.0.1", "HTTP_AUTHORIZATION": f"Bearer {self.key}",
            "HTTP_ACCEPT": "application/json", "wsgi.input": BytesIO(), "wsgi.url_scheme": "http",
            "wsgi.errors": sys.stderr, "wsgi.multithread": True, "wsgi.multiprocess": True,
        }  # fmt: skip
        answered: list[str] = []

        def start(status: str, _headers: Any, _info: Any = None) -> None:
            answered.append(status)

        response = self.handler(environ, start)
        body = b"".join(response)
        response.close()
        if not answered[0].startswith("200"):
            raise SystemExit(f"{self.path} answered {answered[0]}: {body[:400]!r}")
        return body


def compare(ours: Asked, plain: Asked, one: Asked) -> None:
    """Turn by turn; prints the median of the ratios."""
    speeds = [(ours.run(), plain.run(), one.run()) for _round in range(ROUNDS)]
    a, b, c = (statistics.median(column) for column in zip(*speeds, strict=True))
    ratio = statistics.median(speed[0] / speed[1] for speed in speeds)
    sys.stdout.write(
        f"API list of 50 rows / DRF ModelSerializer: {ratio:.2f} (goal 5)  {a:.0f} and {b:.0f} "
        f"requests a second; SELECT 1: {c:.0f}\n"
        f"p99 of the list / p99 of SELECT 1: {ours.p99() / one.p99():.2f} (goal at most 3)  "
        f"{ours.p99() * 1000:.2f} and {one.p99() * 1000:.2f} ms; DRF {plain.p99() * 1000:.2f} ms\n"
    )


def main() -> int:
    """0 when both lists say the same."""
    with own_database():
        stand = importlib.import_module("tests.bench.api_stand")
        stand.make_orders(ORDERS)
        key = f"scf_{stand.PREFIX}_{stand.SECRET}"
        usual = {"MIDDLEWARE": stand.PLAIN_MIDDLEWARE, "ROOT_URLCONF": stand.__name__}
        ours, plain = Asked(OURS, key=key), Asked(PLAIN, key=key, settings=usual)
        compare(ours, plain, Asked(ONE, key=key, settings=usual | {"MIDDLEWARE": []}))
        holds = ours.body()["results"] == plain.body()["results"]
    sys.stdout.write(f"invariants: {'hold' if holds else 'broken: the lists differ'}\n")
    return int(not holds)


if __name__ == "__main__":
    sys.exit(main())
