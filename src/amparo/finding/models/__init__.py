"""Everything that is kept to find cases again, in one place to look for it."""

from amparo.finding.models.bulk import BulkChange, ChangedCase
from amparo.finding.models.names import NameIndexed, NameToken
from amparo.finding.models.searches import ListColumns, SavedSearch
from amparo.finding.models.selections import NameSelection

__all__ = [
    "BulkChange",
    "ChangedCase",
    "ListColumns",
    "NameIndexed",
    "NameSelection",
    "NameToken",
    "SavedSearch",
]
