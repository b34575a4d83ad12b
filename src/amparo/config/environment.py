"""Every environment variable that Amparo reads, in one table (shown by `./amparo help environment`).

Read once, at start. `read_environment` takes the mapping, so that tests need not change the process's own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

VARIABLES: dict[str, str] = {
    "AMPARO_DATA_DIR": "Folder that holds everything the system keeps. Default: ./var beside the launcher.",
    "AMPARO_KEY_DIR": "Folder of the keys that lie outside the database. Default: keys/ in the data folder.",
    "AMPARO_ALLOWED_HOSTS": "Host names that may be asked for, comma-separated. Default: localhost,127.0.0.1,[::1].",
    "AMPARO_DEBUG": "1 shows tracebacks in the browser. Never where others can reach it. Default: 0.",
    "AMPARO_HTTPS": "1 behind TLS: cookies only over TLS, strict transport security. Default: 0.",
    "AMPARO_CHANNEL_RATE": "Reports a minute that the safe channel takes in the long run. Default: 30.",
    "AMPARO_ONION": "Address of the onion service: 56 letters and digits, then .onion. See docs/onion.md.",
    "AMPARO_QUICK_EXIT": "Where “Leave this page now” leads. Default: https://www.wikipedia.org/.",
    "AMPARO_SMTP_URL": "Mail server for notices: smtps://user:password@host, smtp+starttls://…, smtp://localhost.",
    "AMPARO_MAIL_FROM": "Address that notices come from. Without both, no e-mail is sent.",
    "AMPARO_SMS_URL": "SMS gateway for calls about alerts: takes a POST. Default: none. See docs/operating.md.",
    "AMPARO_SMS_TOKEN": "What the SMS gateway is shown.",
    "AMPARO_SMS_SIGN_IN": "How: bearer, basic (name:password) or the name of a header. Default: bearer.",
    "AMPARO_SMS_BODY": 'What it takes, JSON or fields of a form. Default: {"to": "{number}", "text": "{text}"}.',
    "AMPARO_SMS_TAKEN": "What its answer holds where it took a message, if 2xx alone does not say so. Default: none.",
    "AMPARO_SIGNAL_URL": "signal-cli daemon for calls about alerts, such as http://127.0.0.1:8080. Default: none.",
    "AMPARO_SIGNAL_NUMBER": "Number that it sends from, where the daemon serves several.",
    "AMPARO_CLAMD": "ClamAV for files that arrive: path of its socket, or host:port. Default: none. See docs/files.md.",
    "AMPARO_TSA_URL": "Time-stamp authority (RFC 3161) for evidence. Default: none. See docs/evidence.md.",
    "AMPARO_TSA_CA": "PEM file of certificates that the authority’s signature must lead to. Default: not checked.",
    "AMPARO_CAPTURE": "on lets this server fetch web pages as evidence: the site sees its address. Default: off.",
    "AMPARO_CAPTURE_PROXY": "SOCKS proxy that pages and feeds are fetched through: socks5h://127.0.0.1:9050.",
    "AMPARO_FEEDS": "on lets this server ask newspapers for their feeds: they see what is followed. Default: off.",
    "DATABASE_URL": "postgresql://user:password@host:port/name. Default: SQLite in the data folder.",
}


@dataclass(frozen=True, slots=True)
class Environment:
    """What the environment asks for, checked."""

    data_dir: Path
    key_dir: Path
    allowed_hosts: tuple[str, ...]
    debug: bool
    https: bool
    database_url: str | None
    channel_rate: float
    onion: str | None
    quick_exit: str
    smtp_url: str | None = field(repr=False)
    mail_from: str | None
    sms_url: str | None
    sms_token: str | None = field(repr=False)
    sms_sign_in: str | None
    sms_body: str | None = field(repr=False)
    sms_taken: str | None
    signal_url: str | None
    signal_number: str | None = field(repr=False)
    clamd: str | None
    tsa_url: str | None
    tsa_ca: Path | None
    capture: bool
    capture_proxy: tuple[str, int] | None
    feeds: bool


def read_environment(variables: Mapping[str, str]) -> Environment:
    """The settings in `variables`, each with its default where it is not set."""
    root = Path(__file__).resolve().parents[3]
    data_dir = Path(variables.get("AMPARO_DATA_DIR") or root / "var").absolute()
    hosts = variables.get("AMPARO_ALLOWED_HOSTS") or "localhost,127.0.0.1,[::1]"
    return Environment(
        data_dir=data_dir,
        key_dir=Path(variables.get("AMPARO_KEY_DIR") or data_dir / "keys").absolute(),
        allowed_hosts=tuple(host.strip() for host in hosts.split(",") if host.strip()),
        debug=variables.get("AMPARO_DEBUG") == "1",
        https=variables.get("AMPARO_HTTPS") == "1",
        database_url=variables.get("DATABASE_URL") or None,
        channel_rate=float(variables.get("AMPARO_CHANNEL_RATE") or 30),
        onion=_read_onion(variables.get("AMPARO_ONION") or ""),
        quick_exit=_read_quick_exit(variables.get("AMPARO_QUICK_EXIT") or "https://www.wikipedia.org/"),
        smtp_url=variables.get("AMPARO_SMTP_URL") or None,
        mail_from=variables.get("AMPARO_MAIL_FROM") or None,
        sms_url=variables.get("AMPARO_SMS_URL") or None,
        sms_token=variables.get("AMPARO_SMS_TOKEN") or None,
        sms_sign_in=variables.get("AMPARO_SMS_SIGN_IN") or None,
        sms_body=variables.get("AMPARO_SMS_BODY") or None,
        sms_taken=variables.get("AMPARO_SMS_TAKEN") or None,
        signal_url=variables.get("AMPARO_SIGNAL_URL") or None,
        signal_number=variables.get("AMPARO_SIGNAL_NUMBER") or None,
        clamd=_read_clamd(variables.get("AMPARO_CLAMD") or ""),
        tsa_url=_read_tsa_url(variables.get("AMPARO_TSA_URL") or ""),
        tsa_ca=_read_existing_file("AMPARO_TSA_CA", variables.get("AMPARO_TSA_CA") or ""),
        capture=_read_switch("AMPARO_CAPTURE", variables.get("AMPARO_CAPTURE") or "off"),
        capture_proxy=_read_socks_proxy(variables.get("AMPARO_CAPTURE_PROXY") or ""),
        feeds=_read_switch("AMPARO_FEEDS", variables.get("AMPARO_FEEDS") or "off"),
    )


def _read_onion(address: str) -> str | None:
    name = address.strip().lower().removeprefix("http://").rstrip("/")
    if name and not re.fullmatch(r"[a-z2-7]{56}\.onion", name):
        raise ValueError("AMPARO_ONION must be 56 letters and digits, then .onion")
    return name or None


def _read_clamd(address: str) -> str | None:
    host, _, port = address.rpartition(":")
    if address and not address.startswith("/") and not (host and port.isascii() and port.isdigit()):
        raise ValueError("AMPARO_CLAMD must be the path of a socket, or host:port")
    return address or None


def _read_quick_exit(address: str) -> str:
    if not re.fullmatch(r"https://[^\s\"'<>]+", address):
        raise ValueError("AMPARO_QUICK_EXIT must begin with https://")
    return address


def _read_tsa_url(address: str) -> str | None:
    if address and not re.fullmatch(r"https?://[^\s\"'<>@]+", address):
        raise ValueError("AMPARO_TSA_URL must begin with https:// or http://, and carry no password")
    return address or None


def _read_existing_file(name: str, path: str) -> Path | None:
    if path and not Path(path).is_file():
        raise ValueError(f"{name} must be the path of a file that is there")
    return Path(path).absolute() if path else None


def _read_switch(name: str, said: str) -> bool:
    if said not in ("on", "off"):
        raise ValueError(f"{name} must be on or off")
    return said == "on"


def _read_socks_proxy(address: str) -> tuple[str, int] | None:
    found = re.fullmatch(r"socks5h://(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):(\d{1,5})/?", address)
    if address and not found:
        raise ValueError("AMPARO_CAPTURE_PROXY must be socks5h://host:port")
    return (found[1].strip("[]"), int(found[2])) if found else None
