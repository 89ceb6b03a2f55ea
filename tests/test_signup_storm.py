"""The promises of sign-up while very many come at once and processes are killed: workers, visitors and mail are real.

All cases: python3 run.py bench signup
"""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from portal.pages.bench.signup import proof
from portal.pages.bench.signup.storm_client import Crowd


def test_nobody_is_lost_and_no_place_is_given_twice_in_a_storm(own_database, tmp_path):
    rows = list(proof.run(tmp_path, small=True))
    assert all(row.ok for row in rows), "\n".join(map(str, rows))


# --- The visitors see what they are there to see ----------------------------------------------------------------------


@pytest.fixture
def faltering_server():
    """Hands out a form; breaks the first connection that sends it, and keeps what is sent."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.answer(200, b'<input type="hidden" name="stamp" value="abc:1">')

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.sent.append(parse_qs(body.decode())["stamp"])
            if len(server.sent) > 1:
                self.answer(303, b"")

        def answer(self, status: int, content: bytes):
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.sent = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


def visit(server, tmp_path, **how) -> dict:
    request = {"path": "/", "form": "/", "fields": {"first_name": "Anna"}}
    address = f"http://127.0.0.1:{server.server_port}"
    (answer,) = Crowd({"address": address, "requests": [request], "pressed": str(tmp_path / "pressed"), **how}).storm()
    return answer


def test_a_connection_that_breaks_is_no_success(faltering_server, tmp_path):
    assert visit(faltering_server, tmp_path)["status"] == 0


def test_who_gets_no_answer_sends_the_same_form_again(faltering_server, tmp_path):
    answer = visit(faltering_server, tmp_path, again=1)
    assert (answer["status"], answer["tries"]) == (303, 2)
    assert faltering_server.sent == [["abc:1"], ["abc:1"]]


def test_only_this_machine_is_stormed(tmp_path):
    with pytest.raises(ValueError):
        Crowd({"address": "http://portal.example", "requests": [], "pressed": str(tmp_path / "pressed")})
