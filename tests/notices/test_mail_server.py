"""The line to the mail server: what the address in the environment may say, and that it is encrypted."""

from collections.abc import Callable
from pathlib import Path

import pytest

from amparo.config.environment import read_environment
from amparo.notices.letters import write_notice
from amparo.notices.outgoing import BadMailServer, Line, NotSent, hand_over, read_mail_server
from tests.notices.conftest import MAIL_PASSWORD, SENDER, USER, Postbox, server_at

ADDRESS = "invented@institution.invalid"


def test_it_works() -> None:
    server = server_at("smtps://name:pass%20word@mail.example.org")

    assert (server.host, server.port, server.line) == ("mail.example.org", 465, Line.TLS)
    assert (server.user, server.password) == ("name", "pass word")
    assert "pass word" not in repr(server)


@pytest.mark.parametrize(
    "url",
    [
        "http://mail.example.org",
        "mail.example.org:25",
        "smtps://",
        "smtp://mail.example.org",
        "smtps://mail.example.org:99999",
        "smtps://mail.example.org:port",
    ],
)
def test_an_address_that_is_none_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(BadMailServer, match="AMPARO_SMTP_URL") as refused:
        read_mail_server(url.replace("://", "://name:hidden@"), SENDER)

    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize("sender", ["", "nobody", "a@b.example\nBcc: c@d.example"])
def test_a_sender_that_is_none_is_refused(sender: str) -> None:
    with pytest.raises(BadMailServer, match="AMPARO_MAIL_FROM"):
        read_mail_server("smtp://localhost", sender)


def test_the_environments_own_words_do_not_show_the_password() -> None:
    environment = read_environment({"AMPARO_SMTP_URL": "smtps://name:hidden@mail.example.org"})

    assert "hidden" not in repr(environment)


def test_the_line_is_encrypted_before_name_and_password_are_said(
    safe_postbox: Callable[[], Postbox], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = safe_postbox()
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    secret = MAIL_PASSWORD.replace(" ", "%20")

    hand_over(write_notice(ADDRESS, "en", SENDER), server_at(f"smtp+starttls://{USER}:{secret}@127.0.0.1:{box.port}"))

    assert box.over_tls == [True]


def test_a_wrong_password_is_named_so(
    safe_postbox: Callable[[], Postbox], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = safe_postbox()
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))

    with pytest.raises(NotSent, match="sign-in-refused"):
        hand_over(write_notice(ADDRESS, "en", SENDER), server_at(f"smtp+starttls://{USER}:no@127.0.0.1:{box.port}"))


def test_a_certificate_that_nobody_vouches_for_gets_nothing(safe_postbox: Callable[[], Postbox]) -> None:
    box = safe_postbox()

    with pytest.raises(NotSent, match="line-not-safe"):
        hand_over(write_notice(ADDRESS, "en", SENDER), server_at(f"smtp+starttls://127.0.0.1:{box.port}"))

    assert box.envelopes == []


def test_a_server_without_tls_gets_nothing_where_tls_was_asked_for(postbox: Postbox) -> None:
    with pytest.raises(NotSent, match="line-not-safe"):
        hand_over(write_notice(ADDRESS, "en", SENDER), server_at(f"smtp+starttls://127.0.0.1:{postbox.port}"))

    assert postbox.envelopes == []
