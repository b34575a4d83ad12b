from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from amparo.warning.duty.signal_daemon import read_signal_daemon
from amparo.warning.duty.sms_gateway import read_sms_gateway
from tests.warning.duty.desks import Gateway, answer_with

SENT = '{"jsonrpc":"2.0","id":"1","result":{"timestamp":1,"results":[{"type":"SUCCESS"}]}}'


@pytest.fixture
def gateway(settings: Settings) -> Iterator[Gateway]:
    """An SMS gateway that Amparo is set up for."""
    there = Gateway()
    settings.SMS_GATEWAY = read_sms_gateway(f"{there.url}/send", "invented-token")
    yield there
    there.stop()


@pytest.fixture
def signal(settings: Settings) -> Iterator[Gateway]:
    """A daemon of signal-cli that Amparo is set up for."""
    there = Gateway(answer_with("200 OK", SENT))
    settings.SIGNAL_DAEMON = read_signal_daemon(there.url, "+10000000001")
    yield there
    there.stop()
