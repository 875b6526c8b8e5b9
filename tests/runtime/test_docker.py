"""The files for production-like running fit each other and the code, though no engine runs here."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker" / "compose.yml").read_text())
ENTRYPOINT = (ROOT / "docker" / "entrypoint.sh").read_text()
DOCKERFILE = (ROOT / "docker" / "Dockerfile").read_text()
OURS = {name: service for name, service in COMPOSE["services"].items() if "build" in service}


def entrypoint_words() -> set[str]:
    arms = re.findall(r"^  ([a-z |]+)\)", ENTRYPOINT, re.MULTILINE)
    return {word.strip() for arm in arms for word in arm.split("|")}


def listed_variables() -> set[str]:
    return set(re.findall(r"^#([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


def test_every_part_of_the_product_has_a_service():
    assert {
        "postgres", "rabbitmq", "web", "worker", "beat", "sender", "indexer", "signer", "migrate",
    } <= set(COMPOSE["services"])  # fmt: skip


@pytest.mark.parametrize("name", sorted(OURS))
def test_the_entrypoint_knows_what_each_service_runs(name):
    assert OURS[name]["command"][0] in entrypoint_words()


def test_the_entrypoint_runs_only_commands_there_are():
    named = set(re.findall(r"manage\.py ([a-z_]+)", ENTRYPOINT)) | {"sender", "indexer", "signer"}
    assert named <= set(get_commands())


def test_a_service_waits_only_for_services_there_are():
    waited_for = {name for service in OURS.values() for name in service["depends_on"]}
    assert waited_for <= set(COMPOSE["services"])


def test_every_volume_that_is_named_is_declared():
    mounts = [mount for s in COMPOSE["services"].values() for mount in s.get("volumes", [])]
    named = {mount.split(":")[0] for mount in mounts if not mount.startswith(".")}
    assert named == set(COMPOSE["volumes"])


def test_no_service_of_ours_runs_with_more_rights_than_it_needs():
    for service in OURS.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
    assert re.search(r"^USER scf$", DOCKERFILE, re.MULTILINE)


def test_no_password_is_written_down():
    text = (ROOT / "docker" / "compose.yml").read_text()
    for line in re.findall(r".*(?:PASSWORD|SECRET_KEY|PASS):.*", text):
        assert re.search(r"\$\{[A-Z_]+:\?", line), line


def test_what_compose_passes_on_is_a_variable_the_product_reads():
    passed = {name for service in OURS.values() for name in service["environment"]}
    assert passed <= listed_variables()


def test_the_image_copies_only_what_is_there():
    sources = [
        word
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for word in line.split()[:-1]
    ]
    assert sources
    assert [source for source in sources if not (ROOT / source).exists()] == []


@pytest.mark.parametrize("script", ["docker/entrypoint.sh", "docker/roles.sh", ".ci/run"])
def test_the_shell_scripts_can_be_parsed(script):
    shell = "bash" if script == ".ci/run" else "sh"
    done = subprocess.run([shell, "-n", ROOT / script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
