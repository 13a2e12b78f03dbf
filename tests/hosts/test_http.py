"""The wire: keys, headers, TLS, names, and each fault in words."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import logging
import socket
import ssl
import threading
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from boocontrol.core.errors import BooError, SecretError, Unreachable
from boocontrol.core.registry import KeyRef, Provider
from boocontrol.hosts import dial, http
from boocontrol.hosts.http import HostHttp, TlsContexts
from boocontrol.hosts.keys import Keys
from tests.hosts.conftest import House, json

x509 = pytest.importorskip("cryptography.x509")


def client(house: House, url: str, key: str | None = None, **more: object) -> HostHttp:
    provider = Provider(id="box", base_url=url, **more)  # type: ignore[arg-type]
    made = HostHttp(provider, TlsContexts(), SecretStr(key) if key else None)
    house.stack.push_async_callback(made.aclose)
    return made


async def fails(http: HostHttp, path: str = "/x") -> BooError:
    with pytest.raises(BooError) as caught:
        await http.get(path)
    return caught.value


async def test_what_goes_up(house: House) -> None:
    host = await house.fake()
    host.says["/base/x"] = json({})
    asked = client(house, host.url + "/base", "geheim", headers={"X-Team": "grün"})
    await asked.get("/x")
    sent = host.requests[0].headers
    assert sent["Authorization"] == "Bearer geheim"
    assert sent["Accept"] == "application/json"
    assert sent["Accept-Encoding"] == "identity"
    assert sent["X-Team"].encode("utf-8", "surrogateescape") == "grün".encode()


async def test_the_environment_is_not_asked_for_proxies(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    host = await house.fake()
    host.says["/x"] = json({})
    assert (await client(house, host.url).get("/x")).status == 200


async def test_the_key_goes_to_its_own_origin_only(house: House) -> None:
    asked = client(house, "http://box:80/", "geheim")
    assert "Authorization" in asked._headers("http://box:80/x")
    for other in ("https://box:80/x", "http://box:81/x", "http://box.evil:80/x"):
        assert "Authorization" not in asked._headers(other)


async def test_a_key_never_shows(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    host = await house.fake()
    host.says["/x"] = json({})
    asked = client(house, host.url, "ge\nheim")
    error = await fails(asked)
    assert error.code == "bad_key"
    asked.key = SecretStr("gehéim")
    assert (await fails(asked)).code == "bad_key"
    asked.key = SecretStr("geheim")
    await asked.get("/x")
    assert "heim" not in caplog.text + str(error) + repr(asked) + repr(vars(asked))
    assert len(host.requests) == 1


async def test_a_header_that_cannot_be_sent(house: House) -> None:
    host = await house.fake()
    error = await fails(client(house, host.url, headers={"X Team": "a"}))
    assert error.code == "bad_header"
    assert error.__cause__ is None


async def test_names(house: House) -> None:
    error = await fails(client(house, "http://no-such-name.invalid:1"))
    assert error.code == "name_unknown"
    assert "no-such-name.invalid is not known" in error.title
    host = await house.fake()
    host.says["/x"] = json({})
    assert (await client(house, f"http://localhost:{host.port}").get("/x")).status == 200


async def test_a_name_server_that_hangs_holds_up_no_other_host(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "CONNECT_S", 0.2)
    release = threading.Event()
    asked: list[str] = []

    def hangs(host: str, *_: object, **__: object) -> list[object]:
        asked.append(host)
        release.wait(10)
        raise socket.gaierror

    monkeypatch.setattr(dial.socket, "getaddrinfo", hangs)
    dead = [client(house, f"http://host{i}.dead:1") for i in range(20)]
    try:
        errors = await asyncio.gather(*(fails(h) for h in (*dead, dead[0])))
    finally:
        release.set()
    assert {e.code for e in errors} == {"timeout"}
    assert len(asked) == 20, "one question for each name"


async def test_the_second_address_of_a_name(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    host = await house.fake()
    host.says["/x"] = json({})

    async def two(_: str) -> tuple[str, ...]:
        return ("127.0.0.99", "127.0.0.1")

    monkeypatch.setattr(dial, "addresses", two)
    assert (await client(house, f"http://box:{host.port}").get("/x")).status == 200

    async def none(_: str) -> tuple[str, ...]:
        return ("127.0.0.99", "127.0.0.98")

    monkeypatch.setattr(dial, "addresses", none)
    assert (await fails(client(house, f"http://box:{host.port}"))).code == "refused"


@pytest.mark.usefixtures("impatient")
async def test_a_server_that_says_nothing(house: House) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    error = await fails(client(house, f"http://127.0.0.1:{await house.raw(silent)}"))
    assert error.code == "timeout"
    assert "takes connections but does not answer" in error.title


async def test_a_drip_is_bounded_too(house: House) -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b" ")
            await writer.drain()
            await asyncio.wait([asyncio.ensure_future(reader.read())], timeout=0.05)

    asked = client(house, f"http://127.0.0.1:{await house.raw(drip)}")
    with pytest.raises(Unreachable):
        await asked.get("/x", within=0.3)


def test_texts_hold_nothing_that_clients_retry_on() -> None:
    request = httpx.Request("GET", "http://box/x")
    for error in (
        httpx.ConnectTimeout("", request=request),
        httpx.ReadTimeout("", request=request),
        httpx.ReadError("", request=request),
        httpx.RemoteProtocolError("bad", request=request),
    ):
        words = str(http.translate(error, "http://box/x")).lower()
        assert not any(c.isdigit() for c in words)
        assert "connection refused" not in words


# TLS


def certificate(folder: Path, *, name: str = "127.0.0.1", days: int = 30) -> ssl.SSLContext:
    """A self-signed certificate for an address, as `cert.pem`; the server's context."""
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    san = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(name))])
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=60))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(san, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert, secret = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, form, encryption_algorithm=serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, secret)
    return context


async def test_tls_trusted_by_file_or_not_checked(house: House, tmp_path: Path) -> None:
    host = await house.fake(certificate(tmp_path))
    host.says["/x"] = json({})
    assert (await fails(client(house, host.url))).code == "tls_untrusted"
    assert (await client(house, host.url, ca_file=str(tmp_path / "cert.pem")).get("/x")).status == 200
    assert (await client(house, host.url, verify_tls=False).get("/x")).status == 200
    plain = client(house, host.url.replace("https", "http"))
    assert isinstance(await fails(plain), BooError)


@pytest.mark.parametrize(("more", "code"), [({"days": -1}, "tls_expired"), ({"name": "127.0.0.2"}, "tls_hostname")])
async def test_certificates_that_do_not_fit(house: House, tmp_path: Path, more: dict[str, object], code: str) -> None:
    host = await house.fake(certificate(tmp_path, **more))  # type: ignore[arg-type]
    error = await fails(client(house, host.url, ca_file=str(tmp_path / "cert.pem")))
    assert error.code == code


async def test_https_to_a_plain_server(house: House) -> None:
    host = await house.fake()
    assert (await fails(client(house, host.url.replace("http", "https")))).code == "not_tls"


def test_contexts_are_shared_and_made_when_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    contexts = TlsContexts()
    made: list[int] = []
    monkeypatch.setattr(TlsContexts, "_make", staticmethod(lambda: made.append(1) or ssl.create_default_context()))
    assert contexts.of("http://a") is contexts.of("http://b")
    assert not made
    assert contexts.of("https://a") is contexts.of("https://b")
    assert made == [1]
    assert contexts.of("https://a", verify=False) is not contexts.of("https://a")
    for broken in (tmp_path / "none.pem", tmp_path / "empty.pem"):
        (tmp_path / "empty.pem").write_text("no certificate")
        with pytest.raises(Unreachable, match="cannot be used"):
            contexts.of("https://a", ca_file=str(broken))


async def test_a_broken_ca_file_takes_the_host_down_in_words(house: House) -> None:
    watch = house.watch(Provider(id="box", base_url="https://127.0.0.1:1", ca_file="/no/such.pem"))
    await watch.look()
    assert "/no/such.pem cannot be used" in watch.history[-1].detail


# Keys


class SlowStore:
    """A password service that waits for its user."""

    def __init__(self) -> None:
        self.asked = 0
        self.open = threading.Event()

    def get(self, name: str) -> str | None:
        self.asked += 1
        self.open.wait(10)
        return "late"

    def set(self, name: str, value: str) -> None: ...
    def delete(self, name: str) -> None: ...


async def test_a_password_service_that_hangs_is_asked_once() -> None:
    store = SlowStore()
    keys, ref = Keys(store), KeyRef(keyring="a")
    for _ in range(3):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(keys.read(ref), 0.02)
    assert store.asked == 1
    store.open.set()
    found = await keys.read(ref)
    assert found is not None and found.get_secret_value() == "late"
    assert keys.known(ref) is found


async def test_a_key_read_before_a_change_is_not_kept() -> None:
    store = SlowStore()
    keys, ref = Keys(store), KeyRef(keyring="a")
    reading = asyncio.ensure_future(keys.read(ref))
    await asyncio.sleep(0)
    await keys.write("a", "new")
    store.open.set()
    await reading
    assert keys.known(ref) is None


async def test_a_missing_key_is_asked_for_again(house: House) -> None:
    ref = KeyRef(keyring="a")
    with pytest.raises(SecretError):
        await house.keys.read(ref)
    await house.keys.write("a", "b")
    found = await house.keys.read(ref)
    assert found is not None and found.get_secret_value() == "b"
    await house.keys.delete("a")
    assert house.keys.known(ref) is None
    assert await house.keys.read(None) is None
