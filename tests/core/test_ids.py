"""Names become the same identifiers wherever they are made."""

from uuid import UUID

import pytest

from scf.core.ids import named_digits, named_id


@pytest.mark.parametrize("name", ["0x" + "ab" * 32 + "/7", "", "元宝", *map(str, range(30))])
def test_the_digits_of_a_name_are_those_of_its_identifier(name):
    assert UUID(named_digits(name)) == named_id(name)
