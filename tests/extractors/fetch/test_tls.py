"""On the web proper: the connection goes to the vetted address, and the certificate must be the site's."""

import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from extractors.exceptions import AddressRefused
from extractors.fetch.client import _Route, _VettedAdapter

NAME = "www.fjordvik.kommune.no"


class Secure:
    """A server with a certificate for `NAME`, and the names that clients asked it for."""

    def __init__(self, folder) -> None:
        self.certificate, key = folder / "c.pem", folder / "k.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", self.certificate, "-days", "2", "-subj", f"/CN={NAME}",
             "-addext", f"subjectAltName=DNS:{NAME}"], check=True, capture_output=True)  # fmt: skip
        self.names: list[str | None] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(self.headers["Host"].encode())

            def log_message(self, format: str, *args: object) -> None:
                return

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        context.sni_callback = lambda sock, name, ctx: self.names.append(name)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *_: None  # clients hang up here on purpose
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()


@pytest.fixture(scope="module")
def secure(tmp_path_factory) -> Iterator[Secure]:
    if shutil.which("openssl") is None:
        pytest.skip("no openssl to make a certificate with")
    made = Secure(tmp_path_factory.mktemp("tls"))
    yield made
    made.server.shutdown()
    made.server.server_close()


def session_to(route: _Route | None, verify) -> requests.Session:
    adapter, session = _VettedAdapter(), requests.Session()
    session.trust_env, session.verify = False, verify
    adapter.route = route
    session.mount("https://", adapter)
    return session


def test_the_vetted_address_is_asked_by_the_site_s_name(secure):
    route = _Route("https", "127.0.0.1", secure.port, NAME, "127.0.0.1")
    answer = session_to(route, str(secure.certificate)).get(f"https://{NAME}/", headers={"Host": NAME})
    assert (answer.text, secure.names[-1]) == (NAME, NAME)


def test_another_site_s_certificate_is_refused(secure):
    route = _Route("https", "127.0.0.1", secure.port, "www.annet.no", "127.0.0.1")
    with pytest.raises(requests.exceptions.SSLError, match="doesn't match"):
        session_to(route, str(secure.certificate)).get("https://www.annet.no/")


def test_a_certificate_nobody_vouches_for_is_refused(secure):
    route = _Route("https", "127.0.0.1", secure.port, NAME, "127.0.0.1")
    with pytest.raises(requests.exceptions.SSLError, match="CERTIFICATE_VERIFY_FAILED"):
        session_to(route, True).get(f"https://{NAME}/")


def test_without_a_vetted_address_nothing_is_connected_to():
    with pytest.raises(AddressRefused):
        session_to(None, True).get(f"https://{NAME}/")
