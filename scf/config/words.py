"""The words of the pages: found in code and templates, kept in ``locale/en``, compiled without
gettext.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.template.base import Lexer, Token, TokenType
from django.utils.translation.template import (
    block_re,
    constant_re,
    endblock_re,
    inline_re,
    plural_re,
)

FUNCTIONS = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL_FUNCTIONS = {"ngettext", "ngettext_lazy"}
FOLDER = Path(settings.LOCALE_PATHS[0]) / "en" / "LC_MESSAGES"
Words = str | tuple[str, str]


def used() -> dict[Words, list[tuple[str, int]]]:
    """Every msgid (a pair with its plural) of ``scf/`` and ``templates/``, with where it stands."""
    found: dict[Words, list[tuple[str, int]]] = defaultdict(list)
    for path in sorted((settings.BASE_DIR / "scf").rglob("*.py")):
        for words, line in in_code(path.read_text()):
            found[words].append((str(path.relative_to(settings.BASE_DIR)), line))
    for path in sorted((settings.BASE_DIR / "templates").rglob("*.html")):
        for words, line in in_template(path.read_text()):
            found[words].append((str(path.relative_to(settings.BASE_DIR)), line))
    return found


def in_code(source: str) -> Iterator[tuple[Words, int]]:
    """The literal arguments of the gettext functions in Python source, with their lines."""
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        texts = [each.value for each in node.args[:2] if isinstance(each, ast.Constant)]
        if node.func.id in FUNCTIONS and texts and isinstance(texts[0], str):
            yield texts[0], node.lineno
        if node.func.id in PLURAL_FUNCTIONS and len(texts) == 2:
            yield (str(texts[0]), str(texts[1])), node.lineno


def in_template(source: str) -> Iterator[tuple[Words, int]]:
    """The words of ``translate``, ``blocktranslate`` and ``_("…")`` in a template, with their
    lines.
    """
    tokens = iter(Lexer(source).tokenize())
    for token in tokens:
        if token.token_type == TokenType.BLOCK and block_re.match(token.contents):
            yield _block(token, tokens), token.lineno or 0
        elif token.token_type == TokenType.BLOCK and (inline := inline_re.match(token.contents)):
            yield _unquoted(inline[1]), token.lineno or 0
        elif token.token_type in {TokenType.BLOCK, TokenType.VAR}:
            for constant in constant_re.findall(token.contents):
                yield _unquoted(constant.removeprefix("_(").removesuffix(")")), token.lineno or 0


def _block(start: Token, tokens: Iterator[Token]) -> Words:
    # As the template engine joins it: variables become %(name)s, with a plural after its own tag.
    parts: list[list[str]] = [[]]
    for token in tokens:
        if token.token_type == TokenType.BLOCK and endblock_re.match(token.contents):
            break
        if token.token_type == TokenType.BLOCK and plural_re.match(token.contents):
            parts.append([])
        elif token.token_type == TokenType.VAR:
            parts[-1].append(f"%({token.contents.strip()})s")
        else:
            parts[-1].append(token.contents.replace("%", "%%"))
    texts = ["".join(part) for part in parts]
    if "trimmed" in start.contents.split():
        texts = [" ".join(line.strip() for line in text.splitlines()).strip() for text in texts]
    return (texts[0], texts[1]) if len(texts) > 1 else texts[0]


def _unquoted(literal: str) -> str:
    return str(ast.literal_eval(re.sub(r"^_\((.*)\)$", r"\1", literal.strip())))


def catalogue() -> Catalog:
    """The English catalogue as it is kept."""
    path = FOLDER / "django.po"
    if not path.exists():
        return Catalog(locale="en", fuzzy=False, header_comment="# The English words of scf.")
    with path.open("rb") as file:
        return read_po(file, locale="en")


def compiled() -> Catalog:
    """The English catalogue as Django reads it."""
    with (FOLDER / "django.mo").open("rb") as file:
        return read_mo(file)


def save(words: Catalog) -> None:
    """Keep the catalogue in order of its words, without dates and lines, and compile it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "django.po").open("wb") as file:
        write_po(file, words, sort_output=True, omit_header=False, width=100, no_location=True)
    with (FOLDER / "django.mo").open("wb") as file:
        write_mo(file, words)
