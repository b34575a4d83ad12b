"""Whatever is given, shared, withdrawn, left to run out, rewritten and rotated, in whatever order: no recipient opens a
section without a valid consent, through Amparo or with the wrapped keys that lie in the store."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from amparo.vault import seal
from amparo.vault import services as vault
from amparo.vault.consent import today
from amparo.vault.keys import VaultError
from amparo.vault.models import Consent, KeyPair, Section, SectionKey
from amparo.vault.services import ConsentMissing, Unlocked

pytestmark = pytest.mark.django_db
RECIPIENTS = ("network", "ganhri")
PURPOSES = ("support-protection", "statistics")
FIELDS: dict[str, object] = {"text": "An invented story."}

sections = st.integers(0, 1)
recipients = st.sampled_from(RECIPIENTS)
purposes = st.sampled_from(PURPOSES)
days = st.integers(-2, 2)


class Consents(RuleBasedStateMachine):
    """The model is what was agreed, in plain days: `agreed[section, recipient, purpose]` is its last day."""

    def __init__(self) -> None:
        super().__init__()
        self.own = vault.make_institutional_key_pair("nhri")
        self.holders = {each: vault.make_institutional_key_pair(each) for each in RECIPIENTS}
        self.sections = [vault.keep_section(FIELDS, "narrative", [self.own[0]]) for _ in range(2)]
        self.agreed: dict[tuple[int, str, str], date] = {}
        # What a thief who was at each recipient kept: private key and wrapped keys of every moment.
        self.kept: dict[str, list[tuple[int, bytes, Unlocked]]] = {each: [] for each in RECIPIENTS}

    def stored(self, section: int) -> Section:
        return Section.objects.get(pk=self.sections[section].pk)

    def may(self, section: int, recipient: str) -> bool:
        return any(self.agreed.get((section, recipient, purpose), date.min) >= today() for purpose in PURPOSES)

    @rule(section=sections, recipient=recipients, purpose=purposes, lasts=days)
    def give(self, section: int, recipient: str, purpose: str, lasts: int) -> None:
        last = today() + timedelta(days=lasts)
        given = today() - timedelta(days=3)
        vault.give_consent([self.stored(section)], recipient, purpose, "in-person", "en", given, last)
        self.agreed[section, recipient, purpose] = last

    @rule(section=sections, recipient=recipients, purpose=purposes)
    def share(self, section: int, recipient: str, purpose: str) -> None:
        valid = self.agreed.get((section, recipient, purpose), date.min) >= today()
        pair: tuple[KeyPair, Unlocked] = self.holders[recipient]
        try:
            vault.share_section(self.stored(section), self.own[1], pair[0], purpose)
        except ConsentMissing:
            assert not valid
        else:
            assert valid
            assert vault.open_sections([self.stored(section)], pair[1])

    @rule(section=sections, recipient=recipients, purpose=st.none() | purposes, open_session=st.booleans())
    def withdraw(self, section: int, recipient: str, purpose: str | None, open_session: bool) -> None:
        unlocked = self.own[1] if open_session else None
        vault.withdraw_consent([self.stored(section)], recipient, purpose, unlocked)
        for each in [purpose] if purpose else PURPOSES:
            self.agreed.pop((section, recipient, each), None)

    @rule(section=sections)
    def let_run_out(self, section: int) -> None:
        yesterday = today() - timedelta(days=1)
        Consent.objects.filter(section=self.sections[section].pk).update(expires_on=yesterday)
        for key in [key for key in self.agreed if key[0] == section]:
            self.agreed[key] = min(self.agreed[key], yesterday)

    @rule()
    def a_day_begins(self) -> None:
        vault.close_expired()
        for section in range(2):
            vault.open_sections([self.stored(section)], self.own[1])
        for recipient in RECIPIENTS:
            for section in range(2):
                if not self.may(section, recipient):
                    assert not SectionKey.objects.filter(
                        section=self.sections[section].pk, holder=self.holders[recipient][0]
                    ).exists()
                    self.nothing_kept_opens(section, recipient)

    @rule(section=sections)
    def rewrite(self, section: int) -> None:
        vault.rewrite_section(self.stored(section), self.own[1], FIELDS)

    @rule(section=sections, recipient=recipients)
    def write_like(self, section: int, recipient: str) -> None:
        try:
            vault.keep_section(FIELDS, "message", [self.own[0], self.holders[recipient][0]], like=self.stored(section))
        except ConsentMissing:
            return
        assert self.may(section, recipient)

    @rule(recipient=recipients)
    def rotate(self, recipient: str) -> None:
        person, _ = vault.make_institutional_key_pair()
        self.holders[recipient] = vault.rotate_key_pair(self.holders[recipient][1], [person])

    def nothing_kept_opens(self, section: int, recipient: str) -> None:
        ciphertext = bytes(self.stored(section).ciphertext)
        for kept, wrapped, unlocked in self.kept[recipient]:
            if kept == section:
                try:
                    seal.open_section(
                        seal.Sealed(ciphertext, wrapped), self.sections[section].pk, "narrative", unlocked.private
                    )
                except VaultError:
                    continue
                raise AssertionError("A key that was kept opens what is stored now.")

    @invariant()
    def who_opens_has_a_valid_consent(self) -> None:
        for recipient, (pair, unlocked) in self.holders.items():
            for section in range(2):
                stored = self.stored(section)
                opened = vault.open_sections([stored], unlocked)
                assert not opened or self.may(section, recipient)
                for key in SectionKey.objects.filter(section=stored, holder=pair):
                    self.kept[recipient].append((section, bytes(key.wrapped_key), unlocked))

    @invariant()
    def the_own_institution_always_opens(self) -> None:
        for section in range(2):
            assert vault.open_sections([self.stored(section)], self.own[1])


class TestConsents(Consents.TestCase, TestCase):  # type: ignore[misc, name-defined]
    settings = settings(max_examples=12, stateful_step_count=20, suppress_health_check=list(HealthCheck))
