"""ISO 4217: the alphabetic codes in use and how many decimals each money has."""

from scf.trade.importing.refusals import ImportRefused

_ISO_4217 = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN "
    "BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD "
    "FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY "
    "KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP "
    "MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR "
    "RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT "
    "TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR "
    "ZMW ZWG"
)
CODES = frozenset(_ISO_4217.split())
_NONE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE = "BHD IQD JOD KWD LYD OMR TND"
_DECIMALS = {**dict.fromkeys(_NONE.split(), 0), **dict.fromkeys(_THREE.split(), 3)}


def check_currency(code: str, *, where: str = "") -> str:
    """``code`` itself when it is an ISO 4217 alphabetic code, otherwise ``unknown_currency``.

    Lower case is refused too: a code is copied from a list, not spelt.
    """
    if code not in CODES:
        raise ImportRefused(
            "unknown_currency",
            f"币种代码“{code[:20]}”不是 ISO 4217 字母代码（例如 CNY）",
            f"“{code[:20]}” is not an ISO 4217 alphabetic currency code such as CNY",
            where=where,
        )
    return code


def decimals_of(code: str) -> int:
    """Decimals of the smallest unit: 2 for CNY, 0 for JPY, 3 for KWD."""
    return _DECIMALS.get(code, 2)
