"""XML into a small tree, safely, and the memory of what has been read from it.

The parser is defusedxml's: no document type, no entities, nothing outside the file. Depth, number
of elements and time are checked while parsing, so a hostile file stops early.
"""

# mypy: disable-error-code="import-untyped"
# defusedxml has no annotations.

import re
from collections import Counter
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from scf.trade.importing.limits import (
    MAX_UNREAD,
    MAX_XML_ATTRIBUTES,
    MAX_XML_BYTES,
    MAX_XML_DEPTH,
    MAX_XML_NODES,
    Deadline,
    check_size,
)
from scf.trade.importing.refusals import ImportRefused

_CHUNK = 256 * 1024
# Chinese systems write GBK; the parser knows Unicode and single-byte encodings alone.
_IN_CHINESE_BYTES = re.compile(
    rb"""(<\?xml[^>]{0,100}?\sencoding\s*=\s*["'])(?:gbk|gb2312|gb18030)(["'])""", re.IGNORECASE
)
_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_UBL_PARTS = {_UBL + "CommonAggregateComponents-2", _UBL + "CommonBasicComponents-2"}
# Attributes that say which edition of a code list a code is from; they change no value we keep.
_CODE_LIST_ATTRIBUTES = (
    "listAgencyID listAgencyName listID listName listURI listVersionID listSchemeURI languageID "
    "schemeAgencyID schemeAgencyName schemeDataURI schemeName schemeURI schemeVersionID name "
    "unitCodeListAgencyID unitCodeListAgencyName unitCodeListID unitCodeListVersionID "
    "currencyCodeListVersionID languageLocaleID"
)
CODE_LIST_ATTRIBUTES = frozenset(_CODE_LIST_ATTRIBUTES.split())


class Node:
    """One element; reading its text or an attribute marks it, so that the rest can be reported."""

    __slots__ = ("attributes", "attributes_read", "children", "name", "parent", "text", "was_read")

    def __init__(self, name: str, attributes: dict[str, str], parent: "Node | None") -> None:
        self.name = name
        self.attributes = attributes
        self.parent = parent
        self.children: list[Node] = []
        self.text = ""
        self.was_read = False
        self.attributes_read: set[str] = set()

    def all(self, *names: str) -> list["Node"]:
        """Children of these names, in document order."""
        return [child for child in self.children if child.name in names]

    def first(self, name: str) -> "Node | None":
        """The first child of this name."""
        return next((child for child in self.children if child.name == name), None)

    def read(self) -> str:
        """The element's own text, now counted as read."""
        self.was_read = True
        return self.text

    def attribute(self, name: str) -> str:
        """An attribute's value or "", now counted as read."""
        self.attributes_read.add(name)
        return self.attributes.get(name, "")

    def text_of(self, name: str) -> str:
        """Text of the first child of this name, or "". A second one stays unread, so is told."""
        child = self.first(name)
        return child.read() if child else ""

    def texts_of(self, name: str) -> tuple[str, ...]:
        """Texts of all children of this name that have one."""
        return tuple(text for child in self.all(name) if (text := child.read()))

    @property
    def path(self) -> str:
        """Where the element stands, ``/Order/OrderLine[2]/LineItem/ID``."""
        if self.parent is None:
            return f"/{self.name}"
        twins = self.parent.all(self.name)
        place = f"[{twins.index(self) + 1}]" if len(twins) > 1 else ""
        return f"{self.parent.path}/{self.name}{place}"

    def unread(self) -> tuple[str, ...]:
        """Paths of texts and attributes from here down that nobody has read, the first 500."""
        left: list[str] = []
        waiting = [(self, f"/{self.name}")]
        while waiting and len(left) < MAX_UNREAD:
            node, path = waiting.pop()
            if node.text and not node.was_read:
                left.append(path)
            names = set(node.attributes) - node.attributes_read - CODE_LIST_ATTRIBUTES
            left.extend(f"{path}/@{name}" for name in sorted(names))
            waiting.extend(reversed(_with_paths(node, path)))
        return tuple(left)


def _with_paths(node: Node, path: str) -> list[tuple[Node, str]]:
    totals = Counter(child.name for child in node.children)
    seen: Counter[str] = Counter()
    placed: list[tuple[Node, str]] = []
    for child in node.children:
        seen[child.name] += 1
        place = f"[{seen[child.name]}]" if totals[child.name] > 1 else ""
        placed.append((child, f"{path}/{child.name}{place}"))
    return placed


class _Builder:
    """The parser's target: grows the tree and stops when it grows beyond the limits."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.root_tag = ""
        self._open: list[Node] = []
        self._texts: list[list[str]] = []
        self._count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if (
            len(self._open) >= MAX_XML_DEPTH
            or self._count > MAX_XML_NODES
            or len(attributes) > MAX_XML_ATTRIBUTES
        ):
            raise ImportRefused(
                "too_complex",
                "XML 嵌套过深或元素过多，已拒绝",
                "the XML is nested too deeply or has too many elements",
            )
        parent = self._open[-1] if self._open else None
        node = Node(_plain(tag) if parent else tag.rpartition("}")[2], attributes, parent)
        if parent:
            parent.children.append(node)
        else:
            self.root, self.root_tag = node, tag
        self._open.append(node)
        self._texts.append([])

    def data(self, text: str) -> None:
        self._texts[-1].append(text)

    def end(self, _tag: str) -> None:
        self._open.pop().text = "".join(self._texts.pop()).strip()


def _plain(tag: str) -> str:
    # Names of UBL's own parts lose their namespace; everything else keeps it and so is never
    # mistaken for a part we know.
    namespace, _, name = tag[1:].rpartition("}")
    return name if namespace in _UBL_PARTS else tag


def _in_unicode(content: bytes) -> bytes:
    """The same document in UTF-8, if it says that its bytes are GB 18030 or its forerunners."""
    said = _IN_CHINESE_BYTES.match(content)
    if said is None:
        return content
    declared = said[1] + b"UTF-8" + said[2]
    return declared + content[said.end() :].decode("gb18030").encode()


def _begun(content: bytes) -> bytes:
    """The document without blanks before its declaration, where XML itself allows none."""
    text = content.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    return text if text.startswith(b"<") else content


def parse_xml(content: bytes, deadline: Deadline) -> tuple[Node, str]:
    """The tree of an XML file and its root's full tag ``{namespace}Name``.

    Raises ImportRefused: ``empty_file``, ``too_large``, ``xml_forbidden`` (document type or
    entities), ``too_complex``, ``too_slow``, ``not_xml``.
    """
    check_size(content, MAX_XML_BYTES)
    builder = _Builder()
    parser = DefusedXMLParser(target=builder, forbid_dtd=True)
    try:
        content = _in_unicode(_begun(content))
        for start in range(0, len(content), _CHUNK):
            deadline.check()
            parser.feed(content[start : start + _CHUNK])
        parser.close()
    except DefusedXmlException as refusal:
        raise ImportRefused(
            "xml_forbidden",
            "XML 含有文档类型声明或实体，出于安全原因不接受",
            "the XML has a document type or entities, which are not accepted for safety",
        ) from refusal
    except (ParseError, LookupError, ValueError) as broken:
        raise ImportRefused(
            "not_xml",
            "文件不是完整的 XML",
            "the file is not well-formed XML",
            where=str(broken)[:200],
        ) from broken
    if builder.root is None:
        raise ImportRefused("not_xml", "文件不是完整的 XML", "the file is not well-formed XML")
    return builder.root, builder.root_tag
