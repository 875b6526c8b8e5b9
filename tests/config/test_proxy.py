"""Behind a proxy that ends HTTPS a reader is not sent to HTTPS for ever."""

import os
import subprocess
import sys

import pytest

ASK = """
import django
from django.test import RequestFactory
django.setup()
from django.middleware.security import SecurityMiddleware
from django.http import HttpResponse
request = RequestFactory().get("/", headers={"X-Forwarded-Proto": "https"})
print(SecurityMiddleware(lambda _request: HttpResponse())(request).status_code)
"""


@pytest.mark.parametrize(("proxies", "status"), [("1", "200"), ("0", "301")])
def test_the_proxy_is_believed_when_there_is_one_of_ours(proxies, status):
    production = {
        "ENV": "prod",
        "SECRET_KEY": "k" * 60,
        "ALLOWED_HOSTS": "testserver",
        "DJANGO_SETTINGS_MODULE": "scf.config.settings",
        "TRUSTED_PROXIES": proxies,
    }
    asked = subprocess.run(
        [sys.executable, "-c", ASK],
        env=os.environ | production,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert asked.stdout.split() == [status], asked.stderr
