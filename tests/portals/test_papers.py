"""Papers about an order at the portals: uploaded beside orders, checked, done or given up."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from scf.trade.models import Delivery, ImportJob, Invoice
from tests.portals.rooms import browser_of, text_of
from tests.trade.papers import advice, bill, confirmed_from, order_from, sample

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _documents_root(settings, tmp_path):
    settings.DOCUMENTS_ROOT = str(tmp_path)


def uploaded(client, content: bytes):
    given = {"file": SimpleUploadedFile("paper.xml", content, "text/xml"), "is_read_as_cny": "on"}
    return client.post("/orders/import/", given, follow=True)


def the_paper() -> str:
    return f"/orders/papers/{ImportJob.objects.exclude(kind='order').get().pk}/"


def test_the_warehouse_brings_a_despatch_advice_and_ships_it():
    order = confirmed_from()
    ku = browser_of("ku")
    assert "导入单据" in text_of(ku.get("/orders/"))
    dry = uploaded(ku, advice())
    assert dry.redirect_chain[-1][0] == the_paper()
    page = text_of(dry)
    for words in ("发货通知", "Order-1", "CarrierPart", "登记发货", "没有可与订单核对的代码"):
        assert words in page
    assert not Delivery.objects.exists()
    assert "paper.xml" in text_of(ku.get("/orders/imports/"))

    done = ku.post(f"{the_paper()}confirm", follow=True)
    assert done.redirect_chain[-1][0] == f"/orders/{order.pk}/"
    assert "1234" in text_of(done)
    assert ku.post(f"{the_paper()}confirm").status_code == 409
    assert Delivery.objects.count() == 1


def test_sales_answer_an_order_and_finance_invoices_it():
    order = order_from()
    wei = browser_of("wei")
    assert "确认订单" in text_of(uploaded(wei, sample("OrderResponse_sc2.xml")))
    assert "paper.xml" in text_of(wei.get("/e/"))
    wei.post(f"{the_paper()}confirm")
    order.refresh_from_db()
    assert order.status == "confirmed"

    bai = browser_of("bai")
    dry = uploaded(bai, bill())
    page = text_of(dry)
    assert "8,550.00" in page
    assert "与订单价格不符" in page
    bai.post(f"{dry.redirect_chain[-1][0]}confirm")
    assert Invoice.objects.get().gross_minor == 8_550_00


def test_errors_are_shown_by_line_and_element_and_nothing_is_done():
    confirmed_from()
    ku = browser_of("ku")
    page = text_of(uploaded(ku, advice(("LineID>2<", "LineID>8<"))))

    assert "订单没有这一行：8" in page
    assert "OrderLineReference/LineID" in page
    assert "确认办理</button>" not in page
    assert ku.post(f"{the_paper()}confirm").status_code == 422
    assert not Delivery.objects.exists()


def test_a_refusal_while_doing_it_is_said_on_the_page():
    order_from(by="wei")
    wei = browser_of("wei")
    uploaded(wei, sample("OrderResponse_sc2.xml"))
    answer = wei.post(f"{the_paper()}confirm")

    assert answer.status_code == 403
    assert "经办与复核必须是两个人" in text_of(answer)


def test_the_same_paper_is_recognised_and_one_given_up_may_come_again():
    confirmed_from()
    ku = browser_of("ku")
    uploaded(ku, advice())
    assert "这个文件已经上传过" in text_of(uploaded(ku, advice()))

    ku.post(f"{the_paper()}refuse")
    uploaded(ku, advice())
    assert ImportJob.objects.exclude(kind="order").count() == 2


def test_a_paper_read_again_finds_the_order_that_came_meanwhile():
    wei = browser_of("wei")
    assert "平台上没有编号为" in text_of(uploaded(wei, sample("OrderResponse_sc2.xml")))
    order_from()
    assert "平台上没有编号为" not in text_of(wei.post(f"{the_paper()}check", follow=True))


def test_a_paper_is_its_organizations_own():
    confirmed_from()
    uploaded(browser_of("ku"), advice())
    address = the_paper()
    for key in ("ma", "sly", "he"):
        other = browser_of(key)
        assert other.get(address).status_code == 404
        for verb in ("check", "confirm", "refuse"):
            assert other.post(f"{address}{verb}").status_code == 404
    assert not Delivery.objects.exists()
