"""Certificates are checked, and https never becomes http."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.webserver import Site, serve
from transforms.read.exchange import Exchange, HttpParams
from transforms.read.patience import Clock, WebError
from transforms.read.ranges import WebFile


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate that no authority has signed, with its key, for 127.0.0.1."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs the openssl command to make a certificate")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    name = ["-subj", "/CN=firsthand test", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = [openssl, "req", "-x509", *kind, *name, "-keyout", str(path), "-out", f"{path}.crt"]
    subprocess.run(command, check=True, capture_output=True)
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


@pytest.fixture
def site(certificate: Path) -> Iterator[Site]:
    """A server on https."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with serve(Site({"/a": b"content"}, tls=context, redirects={"/plain": "http://127.0.0.1:1/a"})) as served:
        yield served


def fetch(url: str, waits: list[float]) -> bytes:
    return WebFile(url, Exchange(HttpParams(), Clock(sleep=waits.append))).fetch(0, 100)


def test_a_certificate_that_nobody_has_signed_is_an_error_at_once(site: Site) -> None:
    waits: list[float] = []
    with pytest.raises(WebError, match=r"'https://127[^/]*': its certificate is not valid \(self.signed certificate"):
        fetch(site.url("/a"), waits)
    assert waits == []
    assert site.requests == []


def test_an_authority_of_ones_own_is_named_as_openssl_has_it(
    site: Site, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert fetch(site.url("/a"), []) == b"content"
    with pytest.raises(WebError, match="redirects from https to http, which is not followed"):
        fetch(site.url("/plain"), [])
