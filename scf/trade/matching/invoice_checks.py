"""What an invoice must be, before it is recorded: its number, its sign, the invoice it takes
back.
"""

from django.db.models import Sum

from scf.core.money import MAX_MINOR
from scf.trade.importing import TradeDocument
from scf.trade.inputs import InvoiceIn
from scf.trade.matching.findings import Findings
from scf.trade.models import Invoice, InvoiceKind, Order

NUMBER_LENGTH = 40
DIGITAL = (InvoiceKind.DIGITAL_SPECIAL, InvoiceKind.DIGITAL_ORDINARY)


def is_digital_number(number: str) -> bool:
    """True for the 20 digits of a fully digital invoice (数电发票)."""
    return len(number) == 20 and number.isascii() and number.isdigit()


def kind_of(number: str) -> InvoiceKind:
    """The kind an invoice out of a file is recorded as.

    UBL does not say special or ordinary, and ordinary claims less: the tax office's verification
    says which it is.
    """
    digital = is_digital_number(number)
    return InvoiceKind.DIGITAL_ORDINARY if digital else InvoiceKind.PAPER_ORDINARY


def blue_of(
    document: TradeDocument, order: Order, *, is_red: bool, findings: Findings
) -> Invoice | None:
    """The invoice on the order that a red-letter one takes back; None, with an error, without."""
    if not is_red:
        return None
    named = {
        one.number.value
        for one in document.references
        if one.kind == "InvoiceDocumentReference" and one.number
    } - {document.number}
    blues = list(Invoice.objects.filter(order=order, number__in=named, gross_minor__gt=0)[:2])
    if len(blues) == 1:
        return blues[0]
    shown = "、".join(sorted(named)[:5])
    findings.wrong(
        "blue_invoice_unknown",
        f"红字发票须注明一张已登记的蓝字发票{f'（“{shown}”未登记）' if shown else ''}",
        "a red-letter invoice names one recorded invoice"
        + (f" (“{shown}” is not recorded on this order)" if shown else ""),
        todo_zh="请先登记蓝字发票，并在 BillingReference 注明其号码",
        todo_en="record that invoice first and name it in BillingReference",
        column="BillingReference/InvoiceDocumentReference/ID",
        value=shown,
    )
    return None


def check_bill(
    given: InvoiceIn, blue: Invoice | None, *, is_credit_note: bool, findings: Findings
) -> None:
    """Add an error for each thing ``record_invoice`` would refuse, in words of the paper."""
    _check_number(given, findings)
    if max(abs(given.net_minor), abs(given.tax_minor), abs(given.gross_minor)) > MAX_MINOR:
        _wrong_sum("amount_too_large", "金额过大", "the amounts are too large", findings)
    if is_credit_note and given.gross_minor >= 0:
        _wrong_sum(
            "invoice_sign",
            "红字发票的金额合计须大于零",
            "a credit note's total is above zero",
            findings,
        )
    if not is_credit_note and blue is None and given.gross_minor == 0:
        _wrong_sum("invoice_sign", "发票金额为零", "the invoice's total is zero", findings)
    if blue is not None:
        _check_credit(given, blue, findings)


def _check_number(given: InvoiceIn, findings: Findings) -> None:
    is_wrong = len(given.number) > NUMBER_LENGTH or (
        given.kind in DIGITAL and not is_digital_number(given.number)
    )
    known = Invoice.objects.filter(
        kind=given.kind,
        code=given.code,
        number=given.number,
        seller_tax_number=given.seller_tax_number,
    )
    if is_wrong:
        findings.wrong(
            "invoice_number",
            f"发票号码“{given.number[:60]}”不正确：数电发票为 20 位数字，其他不超过 40 个字符",
            f"the invoice number “{given.number[:60]}” is not right: 20 digits for a digital one,"
            " at most 40 characters for others",
            todo_zh="请核对发票号码",
            todo_en="check the number",
            column="ID",
            value=given.number,
        )
    elif known.exists():
        findings.wrong(
            "duplicate_invoice",
            f"发票“{given.number}”已登记",
            f"the invoice “{given.number}” is recorded already",
            todo_zh="同一发票只登记一次",
            todo_en="an invoice is recorded once",
            column="ID",
            value=given.number,
        )


def _wrong_sum(code: str, zh: str, en: str, findings: Findings) -> None:
    findings.wrong(
        code,
        zh,
        en,
        todo_zh="请核对金额与单据类型",
        todo_en="check the amounts and the type of the document",
        column="LegalMonetaryTotal/PayableAmount",
    )


def _check_credit(given: InvoiceIn, blue: Invoice, findings: Findings) -> None:
    before: int = blue.red_letters.aggregate(all=Sum("gross_minor"))["all"] or 0
    if blue.gross_minor + before + given.gross_minor < 0:
        findings.wrong(
            "over_credited",
            f"红字金额超过蓝字发票“{blue.number}”尚未冲红的金额",
            f"it takes back more than is left of the invoice “{blue.number}”",
            todo_zh="请核对红字金额",
            todo_en="check the amount taken back",
            column="LegalMonetaryTotal/PayableAmount",
        )
