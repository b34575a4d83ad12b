"""Everything that is kept to find cases again, in one place to look for it."""

from amparo.finding.models.names import NameIndexed, NameToken

__all__ = ["NameIndexed", "NameToken"]
