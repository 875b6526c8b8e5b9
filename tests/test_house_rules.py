"""The architecture as a law: sizes, names, docstrings, and who may write what."""

import ast
from collections.abc import Iterator
from pathlib import Path

from scf.core.actor import SYSTEM, Actor
from scf.workflow.clocks import subject_kinds

ROOT = Path(__file__).resolve().parent.parent
SCF = ROOT / "scf"
BANNED_NAMES = {"utils", "helpers", "common", "base", "managers", "signals"}
LONGEST_FILE = 300
LONGEST_FUNCTION = 50
DOORS = ("scf/portals/", "scf/api/")
TOP_LEVEL = {
    "manage.py", "pyproject.toml", "README.md", "scf", "contracts", "templates", "tests", "docker",
    "Makefile", "docs", "CHANGELOG.md", "LICENSE",
}  # fmt: skip

Function = ast.FunctionDef | ast.AsyncFunctionDef


def python_files(*folders: str) -> list[Path]:
    return [
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def functions_of(path: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, Function):
            yield node


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_file_is_longer_than_300_lines():
    long = [
        name_of(path)
        for path in python_files("scf", "tests")
        if len(path.read_text().splitlines()) > LONGEST_FILE
    ]
    assert not long


def test_no_function_is_longer_than_50_lines():
    long = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in python_files("scf", "tests")
        for node in functions_of(path)
        if (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert not long


def test_no_module_has_a_name_that_says_nothing():
    banned = [name_of(path) for path in python_files("scf", "tests") if path.stem in BANNED_NAMES]
    assert not banned


def test_the_top_level_holds_what_the_house_names_and_nothing_else():
    found = {
        path.name
        for path in ROOT.iterdir()
        if not path.name.startswith(".") and not path.name.endswith((".lock", "-lock.json"))
    }
    assert found - {"__pycache__", "scf.egg-info"} <= TOP_LEVEL


def test_every_room_says_what_it_owns():
    silent = [
        room.name
        for room in sorted(SCF.iterdir())
        if (room / "__init__.py").exists()
        and not ast.get_docstring(ast.parse((room / "__init__.py").read_text()))
    ]
    assert not silent


def test_every_module_with_code_has_a_docstring():
    silent = [
        name_of(path)
        for path in python_files("scf")
        if path.name not in {"__init__.py", "apps.py"}
        and "management" not in path.parts
        and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert not silent


def exported_by(room_services: Path) -> set[str] | None:
    """The names a package of services shows to other rooms; None for a single module."""
    init = room_services / "__init__.py"
    for node in ast.parse(init.read_text()).body if init.exists() else []:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
            return set(ast.literal_eval(node.value))
    return None


def public_services() -> Iterator[tuple[str, Function]]:
    for path in python_files("scf"):
        if path.stem != "services" and path.parent.name != "services":
            continue
        exported = exported_by(path.parent) if path.parent.name == "services" else None
        for node in ast.parse(path.read_text()).body:
            is_shown = isinstance(node, Function) and not node.name.startswith("_")
            if is_shown and (exported is None or node.name in exported):
                yield name_of(path), node


def test_every_public_service_has_a_docstring():
    silent = [
        f"{path} {node.name}" for path, node in public_services() if not ast.get_docstring(node)
    ]
    assert not silent


#: A subject within a subject: the row's owner comes before it.
TWO_SUBJECTS = {"application_id", "payment_id"}


def test_a_service_takes_its_subject_and_everything_else_by_name():
    loose = []
    for path, node in public_services():
        names = [argument.arg for argument in node.args.args]
        is_line_of = len(names) == 2 and names[0] in TWO_SUBJECTS
        if len(names) > 1 and not is_line_of:
            loose.append(f"{path} {node.name}({', '.join(names)})")
    assert not loose


def test_doors_ask_rooms_and_never_the_tables():
    touching = [
        f"{name_of(path)}:{node.lineno}"
        for path in python_files("scf/portals", "scf/api")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"}
    ]
    assert not touching


def status_writes(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        targets = node.targets if isinstance(node, ast.Assign) else []
        for target in targets:
            if isinstance(target, ast.Attribute) and target.attr == "status":
                yield f"{name_of(path)}:{node.lineno}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            names = {keyword.arg for keyword in node.keywords}
            if node.func.attr == "update" and "status" in names:
                yield f"{name_of(path)}:{node.lineno}"


def test_a_subjects_status_is_written_by_its_machine_alone():
    allowed = "scf/workflow/machine.py"
    written = [
        place
        for path in python_files("scf")
        if name_of(path) != allowed
        for place in status_writes(path)
    ]
    assert not written


def test_no_wish_is_left_in_the_code():
    words = ("TODO", "FIXME", "XXX", "NotImplementedError")
    left = [
        f"{name_of(path)} {word}"
        for path in python_files("scf")
        for word in words
        if word in path.read_text()
    ]
    assert not left


def test_a_step_of_the_system_is_never_a_persons():
    everything = Actor(permissions=frozenset({"system"}))
    assert SYSTEM.can("system")
    assert not everything.can("system")
    kinds = list(subject_kinds())
    assert kinds
    for kind in kinds:
        silences = {rule.on_silence for rule in kind.machine.steps.values()} - {""}
        assert all(kind.machine.steps[name].permission == "system" for name in silences), kind
