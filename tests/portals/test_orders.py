"""Orders at the portals: list and filters, one order, import from a file step by step."""

import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from scf.portals.orders.figures import price_text
from scf.trade.importing import template_csv
from scf.trade.models import ImportJob, Order
from scf.trade.services import share_order
from tests.factories.parties import party, somebody
from tests.factories.trade import confirmed_order, draft_order
from tests.portals.rooms import browser_of, text_of

HEAD = template_csv().decode("utf-8-sig").splitlines()[0]
ROW = (
    "PO-7,91990100MA0D00017M,91990100MA0C000160,1,PP-T30S,聚丙烯 T30S,25 kg/袋,吨,"
    "32.5,8700.00,13%,2026-03-31"
)


@pytest.fixture(autouse=True)
def _documents_root(settings, tmp_path, db):
    settings.DOCUMENTS_ROOT = str(tmp_path)


def sheet(*rows: str, name: str = "orders.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\r\n".join([HEAD, *rows]).encode("utf-8-sig"), "text/csv")


def uploaded(client, *rows: str):
    return client.post("/orders/import/", {"file": sheet(*rows)}, follow=True)


def test_both_sides_see_the_order_and_a_stranger_does_not():
    order = confirmed_order()
    for key in ("ma", "wei", "lan", "bai"):
        assert "PO-2026-0305" in text_of(browser_of(key).get("/orders/"))
        page = browser_of(key).get(f"/orders/{order.pk}/")
        assert page.status_code == 200
        assert "1,000,000.00" in text_of(page)
    sly = browser_of("sly")
    assert "PO-2026-0305" not in text_of(sly.get("/orders/"))
    assert sly.get(f"/orders/{order.pk}/").status_code == 404
    for verb in ("confirm", "cancel"):
        assert sly.post(f"/orders/{order.pk}/{verb}", {"reason": "x"}).status_code == 404


def test_who_may_see_no_prices_has_no_orders_page():
    order = confirmed_order()
    he = browser_of("he")
    assert he.get("/orders/").status_code == 404
    assert he.get(f"/orders/{order.pk}/").status_code == 404
    assert he.get("/m/").status_code == 200


def test_a_bank_sees_the_order_it_was_shown():
    order = confirmed_order()
    assert browser_of("zhou").get(f"/orders/{order.pk}/").status_code == 404
    share_order(order.pk, organization_id=party("yuanfan").pk, by=somebody("ma"))
    assert browser_of("zhou").get(f"/orders/{order.pk}/").status_code == 200


def test_the_list_is_narrowed_by_the_address():
    confirmed_order(number="PO-A")
    draft_order(number="PO-B")
    ma = browser_of("ma")

    def shown(query: str) -> set[str]:
        return set(re.findall(r">(PO-[AB])</a>", text_of(ma.get(f"/orders/?{query}"))))

    assert shown("") == {"PO-A", "PO-B"}
    assert shown("status=draft") == {"PO-B"}
    assert shown("q=PO-A") == {"PO-A"}
    assert shown("q=恒砚") == {"PO-A", "PO-B"}
    assert shown("least=1,000,000.01") == set()
    assert "清除筛选" in text_of(ma.get("/orders/?q=nothing"))


def test_a_wrong_amount_in_the_filter_is_said_and_kept():
    answer = browser_of("ma").get("/orders/?least=12.345")
    assert answer.status_code == 400
    assert "金额最多两位小数" in text_of(answer)
    assert 'value="12.345"' in text_of(answer)


def test_a_long_list_goes_on_by_key():
    for number in range(27):
        draft_order(number=f"PO-{number:02d}")
    ma = browser_of("ma")
    first = text_of(ma.get("/orders/"))
    found = re.search(r'href="([^"]*after=[^"]*)" rel="next"', first)
    assert found
    assert "PO-26" in first
    assert "PO-00" not in first
    second = text_of(ma.get(found[1].replace("&amp;", "&")))
    assert "PO-00" in second
    assert "PO-26" not in second


def test_the_seller_confirms_with_one_button():
    order = draft_order()
    wei = browser_of("wei")
    assert "确认订单" in text_of(wei.get(f"/orders/{order.pk}/"))
    assert "确认订单" in text_of(wei.get("/e/"))
    assert "确认订单" not in text_of(browser_of("ma").get(f"/orders/{order.pk}/"))

    answer = wei.post(f"/orders/{order.pk}/confirm", follow=True)
    assert "已确认订单 PO-2026-0305" in text_of(answer)


def test_an_order_is_cancelled_with_a_reason_and_not_without():
    order = draft_order()
    ma = browser_of("ma")
    answer = ma.post(f"/orders/{order.pk}/cancel", {"reason": ""})
    assert answer.status_code == 400
    assert "必填" in text_of(answer)
    ma.post(f"/orders/{order.pk}/cancel", {"reason": "重复下单"})
    order.refresh_from_db()
    assert order.status == "cancelled"


def test_a_file_becomes_an_order_in_three_steps():
    ma = browser_of("ma")
    party("hengyan")
    dry = uploaded(ma, ROW)
    assert "PO-7" in text_of(dry)
    assert "282,750.00" in text_of(dry)
    assert not Order.objects.exists()

    job = ImportJob.objects.get()
    answer = ma.post(f"/orders/imports/{job.pk}/confirm", follow=True)
    assert answer.redirect_chain[-1][0] == f"/orders/{Order.objects.get().pk}/"
    assert "已导入，等待卖方确认" in text_of(answer)
    assert "下载原件" in text_of(answer)


def test_every_error_of_a_file_is_shown_with_row_and_column_and_comes_back_as_a_file():
    ma = browser_of("ma")
    party("hengyan")
    dry = uploaded(ma, ROW.replace("32.5", "-1").replace("13%", "1300%"))
    page = text_of(dry)
    assert "2 处错误" in page
    assert re.search(r'data-label="文件行">2<', page)
    assert re.search(r'data-label="列">I 数量<', page)
    assert "确认导入</button>" not in page

    job = ImportJob.objects.get()
    marked = ma.get(f"/orders/imports/{job.pk}/errors.xlsx")
    assert marked.content.startswith(b"PK")
    assert ma.post(f"/orders/imports/{job.pk}/confirm").status_code == 422
    assert not Order.objects.exists()


def test_the_same_file_is_recognised():
    ma = browser_of("ma")
    party("hengyan")
    uploaded(ma, ROW)
    again = uploaded(ma, ROW)
    assert "这个文件已经上传过" in text_of(again)
    assert ImportJob.objects.count() == 1

    ma.post(f"/orders/imports/{ImportJob.objects.get().pk}/refuse")
    uploaded(ma, ROW)
    assert ImportJob.objects.count() == 2


def test_a_file_of_another_kind_is_refused_at_its_field():
    ma = browser_of("ma")
    given = SimpleUploadedFile("orders.csv", b"%PDF-1.7 not a sheet", "text/csv")
    answer = ma.post("/orders/import/", {"file": given, "side": ""})
    assert answer.status_code == 400
    assert 'id="id_file_error"' in text_of(answer)


def test_a_side_without_a_company_is_asked_for():
    party("hengyan")
    answer = browser_of("ma").post("/orders/import/", {"file": sheet(ROW), "side": "buyer"})
    assert answer.status_code == 400
    assert "请同时选择本机构的角色和对方企业" in text_of(answer)
    assert '<option value="buyer" selected>' in text_of(answer)


def test_an_import_is_its_organizations_own():
    uploaded(browser_of("ma"), ROW)
    job = ImportJob.objects.get()
    for key in ("wei", "sly"):
        other = browser_of(key)
        assert other.get(f"/orders/imports/{job.pk}/").status_code == 404
        assert other.get(f"/orders/imports/{job.pk}/errors.xlsx").status_code == 404
        for verb in ("check", "confirm", "refuse"):
            assert other.post(f"/orders/imports/{job.pk}/{verb}").status_code == 404


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_template_is_downloaded(kind):
    ma = browser_of("ma")
    answer = ma.get(f"/orders/template.{kind}")
    assert f"order-template.{kind}" in answer.headers["Content-Disposition"]
    assert ma.get("/orders/template.pdf").status_code == 404
    assert browser_of("zhou").get(f"/orders/template.{kind}").status_code == 404


def test_the_dry_run_of_a_sheet_names_buyer_and_seller_and_shows_prices_as_on_a_contract():
    party("hengyan")
    page = text_of(uploaded(browser_of("ma"), ROW))
    assert "云岫金禾塑编有限公司" in page.split("买方", 1)[1].split("行数")[0]
    assert "临洲恒砚高分子股份有限公司" in page.split("卖方", 1)[1].split("行数")[0]
    assert price_text(Decimal("8120.500000")) == "8,120.50"
    assert price_text(Decimal("0.012500")) == "0.0125"
