"""The page of stuck things says in words what waits, where its money is, and who may help."""

from scf.chain.apply import apply_confirmed
from scf.chain.models import ChainCommand
from tests.chain.conftest import fake, rotate, signer, untold
from tests.portals.conftest import log_in_with_code

__all__ = ["fake", "rotate", "signer", "untold"]


def test_a_refusal_our_books_did_not_take_stands_there_with_its_money_position(
    client, opal, untold
):
    log_in_with_code(client, "opal")
    assert "无需处理" in client.get("/stuck/").content.decode()
    apply_confirmed()

    page = client.get("/stuck/").content.decode()
    assert "更换签名密钥：" in page
    assert "合约已拒绝：款项没有移动；本系统登记这一结果时出错" in page
    assert "the books do not balance" in page
    command = ChainCommand.objects.get()
    assert f"/stuck/command/{command.pk}/retry" in page
    assert f"/stuck/command/{command.pk}/give-up" not in page
