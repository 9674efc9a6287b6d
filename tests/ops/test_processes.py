import os
import signal
import socket
import sys

import pytest

from handoff.ops import processes
from handoff.ops.console import Problem, wait_until
from handoff.ops.processes import Child, Watch, check_port_free

SERVER = """
import http.server, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def child(port, tmp_path):
    made = Child("bot", [sys.executable, "-c", SERVER, str(port)], port, dict(os.environ), tmp_path)
    made.start()
    assert wait_until(made.healthy, 20, made.is_alive)
    yield made
    made.stop()


def test_a_killed_process_is_noticed_started_again_and_told(child, capsys) -> None:
    first = child.process.pid
    os.kill(first, signal.SIGKILL)
    child.process.wait()
    Watch([child]).check()
    assert wait_until(child.healthy, 20, child.is_alive)
    assert child.process.pid != first
    assert "the bot ended (killed by signal 9); starting it again" in capsys.readouterr().out


def test_a_process_that_keeps_dying_is_started_after_growing_pauses(port, tmp_path, capsys) -> None:
    dying = Child("bot", [sys.executable, "-c", "print('no model'); raise SystemExit(3)"], port, {}, tmp_path)
    watch = Watch([dying])
    dying.start()
    dying.process.wait()
    watch.check()  # the first time at once
    dying.process.wait()
    watch.check()
    told = capsys.readouterr().out
    assert "exit code 3" in told
    assert "in 1 s" in told
    assert "no model" in told
    assert not dying.is_alive()


def test_a_process_that_hangs_is_killed_and_started_again(child, monkeypatch, capsys) -> None:
    os.kill(child.process.pid, signal.SIGSTOP)
    monkeypatch.setattr(processes, "HANGS_AFTER", -1.0)
    monkeypatch.setattr(child, "healthy", lambda: False)
    watch = Watch([child])
    watch.check()
    child.process.wait()
    watch.check()
    assert child.is_alive()
    assert "has not answered" in capsys.readouterr().out


def test_stopping_ends_a_process_that_ignores_the_request(port, tmp_path) -> None:
    stubborn = "import signal as s, time; s.signal(s.SIGTERM, s.SIG_IGN); print('up', flush=1); time.sleep(9)"
    child = Child("bot", [sys.executable, "-c", stubborn], port, {}, tmp_path)
    child.start()
    assert wait_until(lambda: "up" in child.last_words(), 20)
    child.stop(patience=0.1)
    assert not child.is_alive()


def test_a_port_in_use_is_told_with_another_one_to_take(port) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(Problem, match=f"cannot use port {port}") as caught:
            check_port_free("127.0.0.1", port, "gateway", "SETU_GATEWAY_PORT")
    assert f"SETU_GATEWAY_PORT={port + 10}" in caught.value.way_out
    check_port_free("127.0.0.1", port, "gateway", "SETU_GATEWAY_PORT")
