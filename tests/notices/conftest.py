"""A real mail server on this machine for the tests, with or without TLS, that keeps what it is given."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pytest_django.fixtures import Settings

from amparo.notices.outgoing import MailServer, read_mail_server

SENDER = "Amparo <amparo@amparo.invalid>"
USER, MAIL_PASSWORD = "invented-mail-user", "invented mail password"


@dataclass
class Postbox:
    """What a mail server took in, and how it answers."""

    port: int = field(default_factory=lambda: free_port())
    refusal: str = ""
    envelopes: list[Any] = field(default_factory=list)
    over_tls: list[bool] = field(default_factory=list)

    @property
    def letters(self) -> list[EmailMessage]:
        return [message_from_bytes(each.content, policy=policy.SMTP) for each in self.envelopes]  # type: ignore[misc]

    async def handle_RCPT(  # noqa: N802  (aiosmtpd's name)
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.envelopes.append(envelope)
        self.over_tls.append(session.ssl is not None)
        return "250 OK"


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def postbox(settings: Settings) -> Iterator[Postbox]:
    """A mail server that Amparo is set up for."""
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    settings.MAIL_SERVER = server_at(f"smtp://127.0.0.1:{box.port}")
    yield box
    controller.stop()


@pytest.fixture
def safe_postbox(tmp_path: Path) -> Iterator[Callable[[], Postbox]]:
    """Starts a mail server that wants STARTTLS and a name and password first."""
    controllers = []

    def check(server: Any, session: Any, envelope: Any, mechanism: str, given: LoginPassword) -> AuthResult:
        right = (given.login, given.password) == (USER.encode(), MAIL_PASSWORD.encode())
        return AuthResult(success=right, handled=False)

    def start() -> Postbox:
        box = Postbox()
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(make_certificate(tmp_path), tmp_path / "key.pem")
        controller = Controller(
            box,
            hostname="127.0.0.1",
            port=box.port,
            tls_context=tls,
            require_starttls=True,
            auth_required=True,
            authenticator=check,
        )
        controller.start()
        controllers.append(controller)
        return box

    yield start
    for controller in controllers:
        controller.stop()


def server_at(url: str) -> MailServer:
    found = read_mail_server(url, SENDER)
    assert found is not None
    return found


def make_certificate(folder: Path) -> Path:
    """A certificate for this machine that signs itself, with its key beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "invented mail server")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return folder / "certificate.pem"
