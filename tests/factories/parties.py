"""The organizations of the demo world and the people who act for them, made by the real
services.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from scf.core.actor import SYSTEM, Actor
from scf.parties.models import Organization, User
from scf.parties.selectors import actor_for
from scf.parties.services import (
    create_person,
    create_user,
    grant_role,
    register_organization,
    review_kyb,
)
from scf.workflow import clocks

PASSWORD = "linzhou-yuanfan-2026"


@dataclass(frozen=True)
class Known:
    """An organization of demo.md."""

    uscc: str
    kind: str
    name: str
    size: str = ""
    bank_number: int | None = None


ORGANIZATIONS = {
    "yuanfan": Known("91990100MA0B00015A", "bank", "临洲远帆商业银行", bank_number=1),
    "dongling": Known("91990100MA0B000235", "bank", "沅溪东岭商业银行", bank_number=2),
    "hengyan": Known("91990100MA0C000160", "enterprise", "临洲恒砚高分子股份有限公司", "large"),
    "jinhe": Known("91990100MA0D00017M", "member", "云岫金禾塑编有限公司", "micro"),
    "qingye": Known("91990100MA0D00025G", "member", "沅溪晴野农膜有限公司", "small"),
    "shuncheng": Known("91990100MA0D00033B", "member", "临洲顺澄管业有限公司", "small"),
    "tuobu": Known("91990100MA0D000416", "member", "青屿拓步鞋材有限公司", "small"),
    "chenguang": Known("91990100MA0D0005XX", "member", "绵川辰光封装材料有限公司", "medium"),
    "baihe": Known("91990100MA0D00068X", "member", "沅溪百和注塑制品厂", "micro"),
    "liheng": Known("91990100MA0D00076Q", "member", "云岫立衡线缆料有限公司", "small"),
    "huazi": Known("91990100MA0D00084K", "member", "青屿华梓橡胶制品有限公司", "small"),
    "tongze": Known("91990100MA0U00012A", "member", "绵川同泽助剂有限公司", "small"),
    "weilan": Known("91990100MA0U000205", "member", "临洲微岚色母有限公司", "small"),
    "anzai": Known("91990100MA0U000392", "member", "云岫安载包装有限公司", "micro"),
    "yucheng": Known("91990100MA0U00047W", "warehouse", "青屿驭程物流仓储有限公司", "small"),
    "yuandai": Known("91990100MA0W000143", "warehouse", "远岱公共仓"),
    "platform": Known("91990100MA0P00010R", "operator", "临洲链融平台运营有限公司"),
}


@dataclass(frozen=True)
class Someone:
    """A person of the cast: where they work, as what, and the name on the page."""

    at: str
    roles: tuple[str, ...]
    name: str


ALL_OF_A_BANK = (
    "bank_manager",
    "bank_reviewer",
    "bank_approver",
    "bank_operations",
    "bank_accounting",
)
PEOPLE = {
    "chen": Someone("yuanfan", ("bank_manager",), "陈"),
    "zhou": Someone("yuanfan", ("bank_reviewer",), "周"),
    "yi": Someone("yuanfan", ("bank_approver",), "伊"),
    "luo": Someone("yuanfan", ("bank_operations",), "罗"),
    "shen": Someone("yuanfan", ("bank_accounting",), "沈"),
    "wei": Someone("hengyan", ("enterprise_sales",), "韦"),
    "lan": Someone("hengyan", ("enterprise_signer",), "兰"),
    "ku": Someone("hengyan", ("enterprise_warehouse",), "库"),
    "bai": Someone("hengyan", ("enterprise_finance",), "白"),
    "ma": Someone("jinhe", ("member_maker",), "马"),
    "nuo": Someone("jinhe", ("member_checker",), "诺"),
    "he": Someone("jinhe", ("member_warehouse",), "何"),
    "delta": Someone("tongze", ("member_maker",), "戴"),
    "dong": Someone("tongze", ("member_checker",), "董"),
    "opal": Someone("platform", ("operator",), "欧"),
    "sly": Someone("dongling", ALL_OF_A_BANK, "佘"),
}


def party(key: str) -> Organization:
    """The organization of this key, registered and with its KYB said yes to; the same row each
    time.
    """
    known = ORGANIZATIONS[key]
    found = Organization.objects.filter(uscc=known.uscc).first()
    if found is not None:
        return found
    made = register_organization(
        known.uscc,
        kind=known.kind,
        name=known.name,
        size=known.size,
        bank_number=known.bank_number,
        by=SYSTEM,
    )
    until = clocks.business_date() + timedelta(days=3650)
    return review_kyb(made.pk, is_verified=True, valid_until=until, by=SYSTEM)


def user_of(key: str) -> User:
    """The login of this person of the cast, with all roles; the same row each time."""
    found = User.objects.filter(username=key).first()
    if found is not None:
        return found
    someone = PEOPLE[key]
    organization = party(someone.at)
    person = create_person(someone.name, by=SYSTEM)
    user = create_user(person.pk, username=key, password=PASSWORD, by=SYSTEM)
    for role in someone.roles:
        grant_role(organization.pk, person_id=person.pk, role=role, by=SYSTEM)
    return user


def somebody(key: str) -> Actor:
    """This person of the cast as the one who acts."""
    return actor_for(user_of(key))


def also(actor: Actor, *permissions: str) -> Actor:
    """The same person with more rights, to show that a rule and not a missing right says no."""
    return replace(actor, permissions=actor.permissions | {str(each) for each in permissions})


def stepped_up(actor: Actor) -> Actor:
    """The same person right after the second factor."""
    return replace(actor, stepped_up_at=clocks.business_now())
