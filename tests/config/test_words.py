"""Every word of the pages has its English, and the compiled catalogue is the kept one."""

import re

import pytest
from django.utils.translation import gettext, ngettext, override

from scf.config import words

PLACE = re.compile(r"%\(\w+\)[a-z]|\{\w*\}")
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


def strings(string: object) -> list[str]:
    return (
        [str(each) for each in string] if isinstance(string, list | tuple) else [str(string or "")]
    )


def singular(msgid: object) -> str:
    return str(msgid if isinstance(msgid, str) else msgid[0])


def test_every_word_in_use_has_its_english():
    """When this fails, run ``manage.py update_words`` and fill in what it lists."""
    kept = words.catalogue()
    lacking = [
        (msgid, where[0])
        for msgid, where in words.used().items()
        if not (entry := kept.get(singular(msgid))) or not all(strings(entry.string))
    ]
    assert lacking == []


def test_the_english_is_english_and_names_the_same_values():
    wrong = [
        (entry.id, text)
        for entry in words.catalogue()
        if entry.id
        for text in strings(entry.string)
        if CHINESE.search(text)
        or set(PLACE.findall(text)) != set(PLACE.findall(singular(entry.id)))
    ]
    assert wrong == []


def test_no_word_is_kept_that_nobody_uses():
    used = {singular(msgid) for msgid in words.used()}
    assert [
        entry.id for entry in words.catalogue() if entry.id and singular(entry.id) not in used
    ] == []


def test_the_compiled_catalogue_is_the_kept_one():
    kept = {singular(each.id): strings(each.string) for each in words.catalogue() if each.id}
    compiled = {singular(each.id): strings(each.string) for each in words.compiled() if each.id}
    assert compiled == {msgid: texts for msgid, texts in kept.items() if all(texts)}


def test_django_speaks_both():
    assert gettext("首页") == "首页"
    with override("en"):
        assert gettext("首页") == "Home"
        assert ngettext("%(count)s 个确认", "%(count)s 个确认", 2) == "%(count)s confirmations"


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("{% translate '甲' %}", ["甲"]),
        ('{% trans "甲" as x %}', ["甲"]),
        ("{% blocktranslate %}共 {{ n }} 笔 100%{% endblocktranslate %}", ["共 %(n)s 笔 100%%"]),
        ("{% blocktranslate trimmed %}\n  甲\n  乙\n{% endblocktranslate %}", ["甲 乙"]),
        (
            "{% blocktranslate count n=x %}{{ n }} 个{% plural %}{{ n }} 些{% endblocktranslate %}",
            [("%(n)s 个", "%(n)s 些")],
        ),
        ('{% include "a.html" with t=_("甲") %}{{ _("乙") }}', ["甲", "乙"]),
        ("<p>甲</p>", []),
    ],
)
def test_words_of_templates_are_found(template, found):
    assert [msgid for msgid, _line in words.in_template(template)] == found


def test_words_of_code_are_found_also_over_several_lines():
    source = 'x = _(\n    "甲"\n    "乙"\n)\ny = ngettext("一", "多", 3)\nz = other("丙")\n'
    assert [msgid for msgid, _line in words.in_code(source)] == ["甲乙", ("一", "多")]
