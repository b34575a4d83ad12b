"""Amparo: protects human rights defenders, and those who protect them."""

__version__ = "0.1.0"
