"""Who plays in the demo world (design: the demo's own table): organizations, people, how they log
in.

All fictional. Region code 990100 is assigned to no place; the check digits of the codes are valid.
"""

from base64 import b32encode
from dataclasses import dataclass
from hashlib import sha256

PASSWORD = "linzhou-yuanfan-2026"  # noqa: S105 - printed at every start of a demo
BANK, ENTERPRISE, GOLDEN_BUYER, SUPPLIER = "yuanfan", "hengyan", "jinhe", "tongze"
REHEARSAL_BUYER = "chenguang"


@dataclass(frozen=True)
class Known:
    """An organization of the cast."""

    uscc: str
    kind: str
    name: str
    size: str = ""
    bank_number: int | None = None
    legal_representative: str = ""
    trades_only: bool = False  # neither wallet nor key: it takes no part in a financing


ORGANIZATIONS = {
    "yuanfan": Known("91990100MA0B00015A", "bank", "临洲远帆商业银行", bank_number=1),
    "dongling": Known("91990100MA0B000235", "bank", "沅溪东岭商业银行", bank_number=2),
    "hengyan": Known(
        "91990100MA0C000160",
        "enterprise",
        "临洲恒砚高分子股份有限公司",
        "large",
        legal_representative="岳恒",
    ),
    "jinhe": Known(
        "91990100MA0D00017M",
        "member",
        "云岫金禾塑编有限公司",
        "micro",
        legal_representative="晏知远",
    ),
    "qingye": Known(
        "91990100MA0D00025G",
        "member",
        "沅溪晴野农膜有限公司",
        "small",
        legal_representative="宁佩岚",
    ),
    "shuncheng": Known(
        "91990100MA0D00033B",
        "member",
        "临洲顺澄管业有限公司",
        "small",
        legal_representative="邹立群",
    ),
    "tuobu": Known(
        "91990100MA0D000416",
        "member",
        "青屿拓步鞋材有限公司",
        "small",
        legal_representative="辛晓峰",
    ),
    "chenguang": Known(
        "91990100MA0D0005XX",
        "member",
        "绵川辰光封装材料有限公司",
        "medium",
        legal_representative="阮承志",
    ),
    "baihe": Known(
        "91990100MA0D00068X", "member", "沅溪百和注塑制品厂", "micro", legal_representative="舒百和"
    ),
    "liheng": Known(
        "91990100MA0D00076Q",
        "member",
        "云岫立衡线缆料有限公司",
        "small",
        legal_representative="车同德",
    ),
    "huazi": Known(
        "91990100MA0D00084K",
        "member",
        "青屿华梓橡胶制品有限公司",
        "small",
        legal_representative="梅清川",
    ),
    "tongze": Known(
        "91990100MA0U00012A",
        "member",
        "绵川同泽助剂有限公司",
        "small",
        legal_representative="柯润泽",
    ),
    "weilan": Known(
        "91990100MA0U000205",
        "member",
        "临洲微岚色母有限公司",
        "small",
        legal_representative="丰若微",
    ),
    "anzai": Known(
        "91990100MA0U000392", "member", "云岫安载包装有限公司", "micro", legal_representative="卓安"
    ),
    "yucheng": Known(
        "91990100MA0U00047W",
        "warehouse",
        "青屿驭程物流仓储有限公司",
        "small",
        legal_representative="程驭",
    ),
    "yuandai": Known("91990100MA0W000143", "warehouse", "远岱公共仓"),
    "ruixiang": Known(
        "91990100MA0T00010H", "member", "青屿瑞翔商贸有限公司", "micro", trades_only=True
    ),
    "platform": Known("91990100MA0P00010R", "operator", "临洲链融平台运营有限公司"),
}
BUYERS = (
    "jinhe", "qingye", "shuncheng", "tuobu", "chenguang", "baihe", "liheng", "huazi",
)  # fmt: skip
SUPPLIERS = ("tongze", "weilan", "anzai")


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
    "ji": Someone("yuanfan", ("auditor",), "纪"),
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
    "tian": Someone("qingye", ("member_maker",), "田"),
    "yuan": Someone("qingye", ("member_checker",), "袁"),
    "gu": Someone("shuncheng", ("member_maker",), "顾"),
    "jiang": Someone("shuncheng", ("member_checker",), "蒋"),
    "pei": Someone("tuobu", ("member_maker",), "裴"),
    "xue": Someone("tuobu", ("member_checker",), "薛"),
    "meng": Someone("chenguang", ("member_maker",), "孟"),
    "qin": Someone("chenguang", ("member_checker",), "秦"),
    "shu": Someone("baihe", ("member_maker",), "舒"),
    "tang": Someone("baihe", ("member_checker",), "唐"),
    "rong": Someone("liheng", ("member_maker",), "容"),
    "fei": Someone("liheng", ("member_checker",), "费"),
    "mu": Someone("huazi", ("member_maker",), "穆"),
    "gan": Someone("huazi", ("member_checker",), "甘"),
    "lu": Someone("weilan", ("member_maker",), "卢"),
    "hua": Someone("weilan", ("member_checker",), "华"),
    "nie": Someone("anzai", ("member_maker",), "聂"),
    "an": Someone("anzai", ("member_checker",), "安"),
    "kang": Someone("yucheng", ("member_warehouse",), "康"),
    "qi": Someone("ruixiang", ("member_maker", "member_checker"), "祁"),
    "hao": Someone("yuandai", ("member_warehouse",), "郝"),
}

# Who does what for an organization on either side of an order, by its kind.
_DOERS = {
    "enterprise": {
        "order": "enterprise_sales",
        "apply": "enterprise_finance",
        "sign": "enterprise_signer",
        "ship": "enterprise_warehouse",
        "accept": "enterprise_warehouse",
        "confirm_order": "enterprise_sales",
        "invoice": "enterprise_finance",
        "repay": "enterprise_finance",
    },
    "member": {
        "order": "member_maker",
        "apply": "member_maker",
        "sign": "member_checker",
        "ship": "member_maker",
        "accept": "member_maker",
        "confirm_order": "member_maker",
        "invoice": "member_maker",
        "repay": "member_maker",
    },
}


def doer(organization: str, act: str) -> str:
    """Which person of an enterprise or member does ``act``. Raises KeyError for who plays no such
    part.
    """
    role = _DOERS[ORGANIZATIONS[organization].kind][act]
    return next(key for key, one in PEOPLE.items() if one.at == organization and role in one.roles)


def short_name_of(organization: str) -> str:
    """What people call it: neither the city in front nor the legal form behind."""
    name = ORGANIZATIONS[organization].name[2:]
    return name.removesuffix("有限公司").removesuffix("股份")


def place_of(organization: str) -> str:
    """Where an organization takes goods over: its city stands in front of its name."""
    name = ORGANIZATIONS[organization].name
    return f"{name[:2]}市 {name}库区"


def needs_totp(key: str) -> bool:
    """True for staff of banks and of the operator: they log in with a code as well."""
    return ORGANIZATIONS[PEOPLE[key].at].kind in ("bank", "operator")


def totp_secret(key: str) -> str:
    """The demo secret of a person's authenticator, base32; the same in every demo, so no secret at
    all.
    """
    return b32encode(sha256(f"scf demo totp {key}".encode()).digest()[:20]).decode()
