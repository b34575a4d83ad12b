"""The database settings: SQLite as the embedded default, PostgreSQL where DATABASE_URL names one. Pure."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def database_settings(url: str | None, data_dir: Path) -> dict[str, Any]:
    """Django's settings of the default database. Raises ValueError for a URL that is not PostgreSQL's."""
    if url is None:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": data_dir / "amparo.sqlite3",
            "OPTIONS": {
                # One writer at a time who waits for its turn, readers never blocked, nothing lost when power fails.
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
                    "PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32000;"
                ),
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError("DATABASE_URL must begin with postgresql://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or dict(parse_qsl(parts.query)).get("host", "")),
        "PORT": str(parts.port or ""),
        "OPTIONS": {"pool": True},
    }
