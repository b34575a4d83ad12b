"""Telling people that there is something new, and never what."""
