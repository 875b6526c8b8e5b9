"""A refusal for want of a permission says what is refused and who may, not the code's name."""

import pytest
from django.utils.translation import override

from scf.core.errors import NotPermitted
from scf.parties.permission_words import DEEDS, ROLES
from scf.parties.permissions import Permission, Role


def test_every_permission_and_every_role_has_its_words():
    assert set(DEEDS) == set(Permission)
    assert set(ROLES) == set(Role)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("zh-hans", "您的岗位不能批准融资申请，请由银行审批岗办理"),
        (
            "en",
            "Your role does not include approving financing applications."
            " It is done by: bank approver",
        ),
    ],
)
def test_who_lacks_a_permission_reads_what_it_is_for_and_who_holds_it(language, sentence):
    with override(language):
        assert NotPermitted(Permission.APPLICATION_APPROVE).text() == sentence


def test_several_holders_are_listed_as_people_list_them():
    with override("zh-hans"):
        assert "银行审查岗、银行审批岗" in NotPermitted(Permission.APPLICATION_REJECT).text()
