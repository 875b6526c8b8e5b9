"""The embedded PostgreSQL: made, started, killed, back with its data."""

import os
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from scf.runtime.postgres import APP, Cluster, PostgresError
from scf.runtime.sockets import PATH_LIMIT


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    # pytest's own folders are closed to the server's user, so this also tries the second way.
    cluster = Cluster(tmp_path / "pg")
    cluster.initialise()
    server = cluster.start()
    cluster.wait_ready(server)
    yield cluster
    cluster.stop(server)


def test_it_speaks_utf8_keeps_checksums_and_writes_through(cluster):
    with psycopg.connect(cluster.url("postgres")) as connection:
        asked = {
            name: connection.execute(f"SHOW {name}").fetchone()[0]
            for name in ("server_encoding", "data_checksums", "fsync", "full_page_writes")
        }
    assert asked == {
        "server_encoding": "UTF8",
        "data_checksums": "on",
        "fsync": "on",
        "full_page_writes": "on",
    }


def test_it_listens_on_a_private_socket_only(cluster):
    with psycopg.connect(cluster.url("postgres")) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    assert stat.S_IMODE(cluster.sockets.stat().st_mode) == 0o700


def test_the_app_role_may_write_rows_and_not_change_tables(cluster):
    cluster.create_database("scf")
    with psycopg.connect(cluster.url("scf")) as owner:
        owner.execute("CREATE TABLE thing (id bigint)")
    with psycopg.connect(cluster.url("scf", role=APP)) as app:
        app.execute("INSERT INTO thing VALUES (1)")
        assert app.execute("SELECT count(*) FROM thing").fetchone() == (1,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("DROP TABLE thing")


def test_after_kill_9_it_starts_again_with_every_committed_row(tmp_path):
    cluster = Cluster(tmp_path / "pg")
    cluster.initialise()
    server = cluster.start()
    cluster.wait_ready(server)
    with psycopg.connect(cluster.url("postgres")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    os.kill(server.pid, signal.SIGKILL)
    server.wait(10)

    again = cluster.start()
    try:
        cluster.wait_ready(again)
        with psycopg.connect(cluster.url("postgres")) as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)
    finally:
        cluster.stop(again)


def test_a_deep_folder_gets_a_short_socket(tmp_path):
    deep = Cluster(tmp_path / ("deep" * 30))
    assert len(os.fsencode(deep.sockets / ".s.PGSQL.5432")) < PATH_LIMIT
    assert deep.sockets != Cluster(tmp_path / ("other" * 30)).sockets


def test_what_cannot_start_says_why(tmp_path):
    cluster = Cluster(tmp_path / "pg")
    cluster.initialise()
    (cluster.data / "PG_VERSION").write_text("9.1\n")
    server = cluster.start()
    with pytest.raises(PostgresError, match=r"9\.1"):
        cluster.wait_ready(server)
