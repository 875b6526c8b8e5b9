"""Pages: security headers, vendored files, downloads, the public verification, health."""

import html
import re

import pytest

from scf.core.actor import SYSTEM
from scf.documents.services import issue_paper, open_document, store_document
from scf.parties.selectors import actor_for
from scf.portals.vendored import FOLDER, locked, sum_of
from tests.documents.conftest import PDF
from tests.documents.test_issue_paper import TX, data_of
from tests.portals.conftest import log_in, organization_of


@pytest.fixture(autouse=True)
def _documents_root(settings, tmp_path):
    settings.DOCUMENTS_ROOT = str(tmp_path)


@pytest.fixture
def paper(ma):
    return issue_paper(
        "payment_receipt", data=data_of("payment_receipt"), key="p", deal_id=None, by=SYSTEM,
        owner_id=organization_of("member").id, tx_hash=TX,
    )  # fmt: skip


@pytest.mark.parametrize("address", ["/accounts/login/", "/m/", "/accounts/security/", "/verify/"])
def test_no_page_allows_or_needs_anything_from_elsewhere(client, ma, address):
    log_in(client, "ma")
    client.logout() if address == "/accounts/login/" else None
    answer = client.get(address)
    page = answer.content.decode()

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert not re.search(r'\sstyle="|\son\w+="|(src|href)="(https?:)?//', page)
    assert not re.search(r"<script(?![^>]*\ssrc=)", page)


def test_every_vendored_file_is_the_one_that_was_locked():
    files = {path.name for path in FOLDER.iterdir()} - {"lock.json", "LICENSES.txt"}
    assert files == set(locked())
    for name, entry in locked().items():
        assert sum_of(name) == entry["integrity"], name
        assert f"{entry['version']}" in (FOLDER / "LICENSES.txt").read_text()


def test_a_download_is_an_attachment_for_who_may_read_it(client, ma, wei):
    stored = store_document(PDF, name="合同.pdf", by=actor_for(ma))
    log_in(client, "ma")
    answer = client.get(f"/documents/{stored.id}")
    assert answer.content == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]

    client.logout()
    assert client.get(f"/documents/{stored.id}").status_code == 302
    log_in(client, "wei")
    assert client.get(f"/documents/{stored.id}").status_code == 404


def test_anybody_verifies_a_paper_by_its_number(client, paper):
    page = client.get(f"/verify/{paper.number}").content.decode()
    for shown in (paper.number, paper.data_sha256, TX, "372,602.37", "电子回单"):
        assert shown in page
    assert "payer 甲" not in html.unescape(page)


@pytest.mark.parametrize(("change", "words"), [(b"", "一致：您上传的就是"), (b" ", "不一致")])
def test_an_uploaded_file_is_compared(client, paper, tmp_path, change, words):
    _document, content = open_document(paper.document_id, by=SYSTEM)
    file = tmp_path / "paper.pdf"
    file.write_bytes(content + change)
    with file.open("rb") as given:
        answer = client.post(f"/verify/{paper.number}", {"file": given})
    assert words in answer.content.decode()


def test_an_unknown_number_is_said_so(client, db):
    answer = client.get("/verify/HD20260312-2222222222")
    assert answer.status_code == 404
    assert "没有编号为 HD20260312-2222222222 的单据" in answer.content.decode()


def test_the_number_typed_in_leads_to_its_page(client, paper):
    answer = client.get("/verify/", {"number": f" {paper.number} "})
    assert answer.headers["Location"] == f"/verify/{paper.number}"


def test_live_and_ready_say_so_without_login(client, db):
    assert client.get("/livez").content == b"ok\n"
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["parts"]["database"] == "up"


@pytest.mark.parametrize(
    "address", ["/verify/%00", "/verify/?number=%00", "/evidence/%00", "/tx/a%00", "/m/?%00=1"]
)
def test_what_no_database_can_seek_is_a_400_in_words(client, db, address):
    answer = client.get(address)
    assert answer.status_code == 400
    assert "请求格式不正确" in answer.content.decode()


def test_a_page_that_does_not_exist_is_404_in_words(client, ma):
    log_in(client, "ma")
    answer = client.get("/m/nothing/")
    assert answer.status_code == 404
    assert "没有这个页面" in answer.content.decode()
