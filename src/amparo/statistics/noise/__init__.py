"""Counts with noise added, so that nobody can tell whether any one person is among them (differential privacy)."""
