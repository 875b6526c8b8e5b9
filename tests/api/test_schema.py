"""The description of the API is the kept one, whole, and readable without a third party."""

from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.validation import validate_schema

from scf.api.v1.applications import WAYS as APPLICATION_WAYS
from scf.api.v1.orders import WAYS as ORDER_WAYS
from scf.financing.machine import MACHINE as APPLICATION
from scf.trade.machine import ORDER_MACHINE
from tests.api.addresses import READS, VERBS

KEPT = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"


def generated() -> dict:
    return SchemaGenerator().get_schema(request=None, public=True)


def test_the_kept_description_is_the_codes():
    """When this fails: ``manage.py spectacular --file docs/openapi.yaml``."""
    text = OpenApiYamlRenderer().render(generated(), renderer_context={}).decode()
    assert KEPT.read_text() == text


def test_the_description_is_openapi_and_holds_every_address():
    schema = generated()
    validate_schema(schema)
    reads = {path for path, methods in schema["paths"].items() if "get" in methods}
    verbs = {path for path, methods in schema["paths"].items() if "post" in methods}
    assert (len(reads), len(verbs)) == (len(READS), len(VERBS))


def test_every_verb_that_keeps_something_asks_for_its_idempotency_key():
    for path, methods in generated()["paths"].items():
        if "post" not in methods:
            continue
        names = {each["name"]: each["required"] for each in methods["post"].get("parameters", [])}
        keeps = not path.endswith("/preview")
        assert (names.get("Idempotency-Key") is True) is keeps, path
        assert {"401", "403", "409", "422"} <= set(methods["post"]["responses"]), path


def test_every_step_of_a_person_has_its_address():
    for machine, ways, root in (
        (APPLICATION, APPLICATION_WAYS, "applications/<uuid:application_id>"),
        (ORDER_MACHINE, ORDER_WAYS, "orders/<uuid:order_id>"),
    ):
        steps = {name for name, rule in machine.steps.items() if rule.permission != "system"}
        without = {"closed"}  # an order closes by itself when all of its lines have
        assert steps - without == set(ways)
        assert {f"{root}/{way.verb}" for way in ways.values()} <= set(VERBS)


@pytest.mark.django_db
def test_the_description_is_served_to_anybody():
    answer = Client().get("/api/v1/schema")
    assert answer.status_code == 200
    assert yaml.safe_load(answer.content)["info"]["title"] == "scf API"


@pytest.mark.django_db
def test_the_page_to_try_it_has_no_script_or_style_of_its_own_and_no_third_party():
    answer = Client().get("/api/docs")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "'unsafe-inline'" not in answer.headers["Content-Security-Policy"]
    assert "https://" not in page
    assert "http://" not in page
    assert "<style" not in page
    assert "<script>" not in page
    for path in ("drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js", "api/docs.js"):
        assert f"/static/{path}" in page
