"""A stack is saved in one file and comes back from it, rows, documents, keys and chain."""

import stat
import tarfile

import psycopg
import pytest
from django.core.management import CommandError, call_command

from scf.runtime import jsonrpc
from scf.runtime.anvil import Anvil
from scf.runtime.backup import running
from scf.runtime.home import Home
from scf.runtime.ports import any_free
from scf.runtime.postgres import APP, Cluster
from scf.runtime.stack import DATABASE
from tests.runtime.test_anvil import LOGGER, mined, on_disk


def lived_in(home: Home) -> None:
    """A stack with a row, a document, a key and a block; down again."""
    home.make()
    cluster = Cluster(home.postgres)
    with running(cluster):
        cluster.create_database(DATABASE)
        with psycopg.connect(cluster.url(DATABASE)) as connection:
            connection.execute("CREATE TABLE deal (number text)")
            connection.execute("INSERT INTO deal VALUES ('订单一')")
    for name in ("documents", "keystores"):
        (home.folder / name).mkdir()
        (home.folder / name / "one").write_text(name)
    chain = Anvil(any_free(), 20260, folder=home.chain)
    process = chain.start()
    chain.wait_ready(process)
    mined(chain, data=LOGGER, gasPrice="0x0")
    on_disk(chain)
    process.terminate()
    process.wait(10)


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path / "home")
    lived_in(home)
    return home


def deals(home: Home, role: str) -> list[tuple[str]]:
    cluster = Cluster(home.postgres)
    with running(cluster), psycopg.connect(cluster.url(DATABASE, role=role)) as connection:
        return connection.execute("SELECT number FROM deal").fetchall()


def test_what_was_saved_comes_back_after_everything_was_lost(home, tmp_path):
    file = tmp_path / "backup.tar.gz"
    call_command("backup", str(file), home=home.folder, embedded=True)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    home.forget()

    call_command("restore", str(file), home=home.folder, embedded=True)

    assert deals(home, APP) == [("订单一",)]
    assert (home.folder / "documents" / "one").read_text() == "documents"
    assert (home.folder / "keystores" / "one").read_text() == "keystores"
    chain = Anvil(any_free(), 20260, folder=home.chain)
    process = chain.start()
    chain.wait_ready(process)
    assert jsonrpc.number(chain.url, "eth_blockNumber") == 1
    process.terminate()
    process.wait(10)


def test_a_full_database_is_replaced_only_when_told_so(home, tmp_path):
    file = tmp_path / "backup.tar.gz"
    call_command("backup", str(file), home=home.folder, embedded=True)
    with pytest.raises(CommandError, match="not empty"):
        call_command("restore", str(file), home=home.folder, embedded=True)

    call_command("restore", str(file), home=home.folder, embedded=True, replace=True)
    assert deals(home, APP) == [("订单一",)]


def test_a_file_that_leads_elsewhere_is_refused(home, tmp_path):
    evil = tmp_path / "evil.tar.gz"
    with tarfile.open(evil, "w:gz") as archive:
        archive.add(__file__, "../outside")
    with pytest.raises(CommandError, match="not a backup"):
        call_command("restore", str(evil), home=home.folder, embedded=True, replace=True)


def test_where_nothing_ever_ran_there_is_nothing_to_save(tmp_path):
    with pytest.raises(CommandError, match="nothing to save"):
        call_command("backup", str(tmp_path / "b"), home=tmp_path / "none", embedded=True)
    assert not (tmp_path / "none").exists()


def test_a_backup_is_never_written_over_another(home, tmp_path):
    file = tmp_path / "backup.tar.gz"
    file.write_text("yesterday's")
    with pytest.raises(CommandError, match="there already"):
        call_command("backup", str(file), home=home.folder, embedded=True)
    assert file.read_text() == "yesterday's"
