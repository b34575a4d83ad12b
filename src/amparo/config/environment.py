"""Every environment variable that Amparo reads, in one table (shown by `./amparo help environment`).

Read once, at start. `read_environment` takes the mapping, so that tests need not change the process's own.
"""

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
    "AMPARO_SMTP_URL": "Mail server for notices: smtps://user:password@host, smtp+starttls://…, smtp://localhost.",
    "AMPARO_MAIL_FROM": "Address that notices come from. Without both, no e-mail is sent.",
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
    smtp_url: str | None = field(repr=False)
    mail_from: str | None


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
        smtp_url=variables.get("AMPARO_SMTP_URL") or None,
        mail_from=variables.get("AMPARO_MAIL_FROM") or None,
    )
