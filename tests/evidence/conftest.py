"""Somebody who documents cases, signed in with her keys open."""

from tests.channel.triage.conftest import desk

__all__ = ["desk"]
