"""Audit by attack: what a solver can tell of the hidden cells of a release, from everything published."""
