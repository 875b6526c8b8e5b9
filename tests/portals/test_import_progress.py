"""A large import is followed while it is written, and leaves no trace of itself when it fails."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from scf.trade.models import ImportJob, Order
from scf.trade.progress import rows_written
from tests.factories.parties import party
from tests.factories.trade import draft_order
from tests.portals.rooms import browser_of, text_of
from tests.portals.test_orders import ROW, uploaded

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROWS = 600
BY_SCRIPT = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _documents_root(settings, tmp_path, transactional_db):
    settings.DOCUMENTS_ROOT = str(tmp_path)
    party("hengyan")


def rows(count: int, order: str = "PO-7") -> list[str]:
    return [
        ROW.replace("PO-7", order).replace(",1,PP", f",{number},PP")
        for number in range(1, count + 1)
    ]


def name_of_connection() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('application_name')")
        return str(cursor.fetchone()[0])


def test_the_bar_is_there_while_the_rows_are_written():
    ma = browser_of("ma")
    uploaded(ma, *rows(ROWS))
    job = ImportJob.objects.get()
    address = f"/orders/imports/{job.pk}/"
    assert f'hx-get="{address}progress"' in text_of(ma.get(address))
    assert ma.get(f"{address}progress").status_code == 204

    def confirm():
        try:
            return browser_of("ma").post(f"{address}confirm", headers=BY_SCRIPT)
        finally:
            connection.close()

    seen: list[int] = []
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(confirm)
        while not answer.done():
            page = ma.get(f"{address}progress")
            if page.status_code == 200:
                seen.append(page.context["written"])
                assert f'max="{ROWS}"' in text_of(page)
    assert seen == sorted(seen)
    assert seen[0] < ROWS
    assert seen[-1] <= ROWS

    order = Order.objects.get()
    assert answer.result().headers["HX-Redirect"] == f"/orders/{order.pk}/"
    assert order.lines.count() == ROWS
    done = ma.get(f"{address}progress", headers={"HX-Request": "true"})
    assert (done.status_code, done.headers["HX-Redirect"]) == (204, f"/orders/{order.pk}/")


def test_nothing_of_an_import_that_fails_is_left_to_be_followed():
    ma = browser_of("ma")
    uploaded(ma, *rows(3, "PO-6"), *rows(3))
    draft_order(number="PO-7")
    job = ImportJob.objects.get()
    before = name_of_connection()
    answer = ma.post(f"/orders/imports/{job.pk}/confirm", headers=BY_SCRIPT)
    assert answer.headers["HX-Redirect"] == f"/orders/imports/{job.pk}/"
    assert "PO-7 已存在" in text_of(ma.get(f"/orders/imports/{job.pk}/"))
    assert rows_written(job.pk) is None
    assert name_of_connection() == before
    assert not Order.objects.filter(number="PO-6").exists()


def test_a_stranger_follows_nothing():
    uploaded(browser_of("ma"), *rows(3))
    job = ImportJob.objects.get()
    assert browser_of("sly").get(f"/orders/imports/{job.pk}/progress").status_code == 404
