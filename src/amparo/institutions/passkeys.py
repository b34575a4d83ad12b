"""Passkeys (WebAuthn), by python-fido2: what a browser is asked, and whether what it answered is right.

A passkey belongs to a host name: it is shown to no other site, so that nobody can be talked into giving it away. An
address in numbers, such as 127.0.0.1, is no name: browsers refuse passkeys there, and "localhost" stands for it. Other
names need TLS.
"""

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestationConveyancePreference,
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from amparo.institutions.models import SecondFactor, User
from amparo.institutions.problems import WrongCode
from amparo.vault.key_files import load_or_make_key

State = dict[str, Any]
_LONGEST_ANSWER = 20_000


@dataclass(frozen=True, slots=True)
class Asked:
    """`options` for the browser, as JSON, and the `state` to judge its answer by."""

    options: str
    state: State


def passkey_host(request: HttpRequest) -> str:
    """The host name that passkeys belong to here; "" where the address is one that browsers refuse them at."""
    host = split_domain_port(request.get_host())[0]
    if not (request.is_secure() or host == "localhost" or host.endswith(".localhost")):
        return ""
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return host
    return ""


def ask_to_make(host: str, user: User, known: Sequence[SecondFactor]) -> Asked:
    """What to ask the browser so that it makes a passkey for `user`, on a device that holds none of `known`."""
    # By the handle a device knows the account. Not the number of the row: it is in the log.
    key = load_or_make_key(settings.KEY_DIR, "second-factors.key")
    handle = hmac.digest(key, b"amparo/passkey-handle/1/" + str(user.pk).encode(), "sha256")
    options, state = _server(host).register_begin(
        PublicKeyCredentialUserEntity(id=handle, name=user.username, display_name=user.username),
        [AttestedCredentialData(bytes(each.content)) for each in known],
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return Asked(json.dumps(dict(options)), state)


def read_made(host: str, state: State, answer: str) -> tuple[bytes, int]:
    """The public credential that the browser made, and its count of signatures. Raises `WrongCode`."""
    try:
        response = RegistrationResponse.from_dict(json.loads(answer[:_LONGEST_ANSWER]))
        made = _server(host).register_complete(state, response)
    except (ValueError, TypeError, KeyError, AttributeError, AssertionError):
        raise WrongCode from None
    if made.credential_data is None:
        raise WrongCode
    return bytes(made.credential_data), made.counter


def ask_to_show(host: str, known: Sequence[SecondFactor]) -> Asked:
    """What to ask the browser so that it shows one of the passkeys `known`."""
    options, state = _server(host).authenticate_begin(
        [AttestedCredentialData(bytes(each.content)) for each in known], UserVerificationRequirement.PREFERRED
    )
    return Asked(json.dumps(dict(options)), state)


def read_shown(host: str, state: State, known: Sequence[SecondFactor], answer: str) -> tuple[SecondFactor, int]:
    """Which of `known` was shown, and its count of signatures now. Raises `WrongCode`."""
    credentials = {each: AttestedCredentialData(bytes(each.content)) for each in known}
    try:
        response = AuthenticationResponse.from_dict(json.loads(answer[:_LONGEST_ANSWER]))
        shown = _server(host).authenticate_complete(state, list(credentials.values()), response)
        counter = response.response.authenticator_data.counter
    except (ValueError, TypeError, KeyError, AttributeError, AssertionError):
        raise WrongCode from None
    return next(each for each, credential in credentials.items() if credential == shown), counter


def _server(host: str) -> Fido2Server:
    return Fido2Server(
        PublicKeyCredentialRpEntity(id=host, name="Amparo"), attestation=AttestationConveyancePreference.NONE
    )
