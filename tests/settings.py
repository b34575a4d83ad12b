"""The settings of the tests: Amparo's own, on a data folder that is made for this run and removed after it.

Whatever the environment says: a test never comes near a store that somebody uses. Each process of a run has its own.
"""

import atexit
import os
import shutil
import tempfile

for _name in (
    "AMPARO_KEY_DIR",
    "AMPARO_ALLOWED_HOSTS",
    "AMPARO_DEBUG",
    "AMPARO_HTTPS",
    "AMPARO_SMTP_URL",
    "AMPARO_MAIL_FROM",
    "AMPARO_SMS_URL",
    "AMPARO_SMS_TOKEN",
    "AMPARO_SMS_SIGN_IN",
    "AMPARO_SMS_BODY",
    "AMPARO_SMS_TAKEN",
    "AMPARO_SIGNAL_URL",
    "AMPARO_SIGNAL_NUMBER",
    "AMPARO_CLAMD",
    "AMPARO_TSA_URL",
    "AMPARO_TSA_CA",
    "AMPARO_CAPTURE",
    "AMPARO_CAPTURE_PROXY",
    "AMPARO_FEEDS",
):
    os.environ.pop(_name, None)
os.environ["AMPARO_DATA_DIR"] = tempfile.mkdtemp(prefix="amparo-tests-")
atexit.register(shutil.rmtree, os.environ["AMPARO_DATA_DIR"], ignore_errors=True)

from amparo.config.settings import *  # noqa: E402, F403
from amparo.vault.keys import Argon2Cost  # noqa: E402

# Half of the time of a run would go into stretching invented passwords: tests/config/test_costs.py holds the real cost.
PASSWORD_COST = Argon2Cost(memory=64, passes=1, lanes=1)
PASSWORD_HASHERS = ["tests.cheap_hashing.CheapArgon2PasswordHasher"]
RECEIPT_COSTS = {1: Argon2Cost(memory=64, passes=1, lanes=1)}
