"""The worker inside `./amparo serve`: it sends what waits, and ends with the server."""

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.launcher.serving import served
from tests.notices.conftest import SENDER, Postbox

ROOT = Path(__file__).resolve().parents[2]
MAKE_STORE = """
from amparo.__main__ import set_up_django
set_up_django()
from amparo.config.store import prepare_store
prepare_store(with_institution=True)
from amparo.institutions.models import Institution, User
from amparo.notices.kinds import KINDS, NEW_REPORT
from amparo.notices.services import Wishes, keep_wishes, tell
institution = Institution.objects.get()
person = User.objects.create_user(username="invented", institution=institution, role="focal-point")
keep_wishes(person, Wishes("invented@institution.invalid", "", "en", KINDS, "at-once"))
tell(institution, NEW_REPORT)
"""


def test_it_works(postbox: Postbox, tmp_path: Path) -> None:
    variables = {name: value for name, value in os.environ.items() if not name.startswith("AMPARO_")} | {
        "AMPARO_DATA_DIR": str(tmp_path / "store"),
        "AMPARO_SMTP_URL": f"smtp://127.0.0.1:{postbox.port}",
        "AMPARO_MAIL_FROM": SENDER,
        "PYTHONPATH": str(ROOT / "src"),
        "LC_ALL": "C.UTF-8",
    }
    variables.pop("DATABASE_URL", None)
    subprocess.run([sys.executable, "-P", "-c", MAKE_STORE], env=variables, check=True, timeout=120)
    port = str(20_000 + os.getpid() % 20_000)
    command = [sys.executable, "-P", "-m", "amparo", "serve", "--port", port, "--workers", "1"]

    with served(command, variables, r"Amparo is at (\S+)", tmp_path / "log"):
        ends_at = time.monotonic() + 30
        while not postbox.envelopes and time.monotonic() < ends_at:
            time.sleep(0.1)

    assert [letter["To"] for letter in postbox.letters] == ["invented@institution.invalid"]
    assert "invented@institution.invalid" not in (tmp_path / "log").read_text(encoding="utf-8")
