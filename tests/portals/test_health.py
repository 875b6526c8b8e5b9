"""Readiness is told in time, whatever the parts it asks do."""

import socket


def test_a_broker_that_hangs_is_told_as_down(client, db, settings):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.BROKER_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["parts"] == {"database": "up", "broker": "down"}
