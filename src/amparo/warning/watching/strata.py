"""Which series are watched: counts of incidents by month, of a country and of parts of it. Pure."""

from dataclasses import dataclass

# Each kind of series has its own fit: places lend to places, kinds of act to kinds of act.
COUNTRY = ("country",)
WATCHED: tuple[tuple[str, ...], ...] = (
    COUNTRY,
    ("country", "act_group"),
    ("country", "profile"),
    ("country", "target"),
    ("country", "perpetrator"),
    ("country", "area"),
)
MULTIVALUED = frozenset({"profile", "perpetrator", "source"})


@dataclass(frozen=True, slots=True, order=True)
class Stratum:
    """A country (`by` is ("country",)), or what `by` says of it: `codes` are in the order of `by`."""

    by: tuple[str, ...]
    codes: tuple[str, ...]

    @property
    def country(self) -> str:
        return self.codes[self.by.index("country")]

    @property
    def wider(self) -> "Stratum | None":
        """The country of a part of it."""
        return None if self.by == COUNTRY else Stratum(COUNTRY, (self.country,))

    def holds(self, other: "Stratum") -> bool:
        """Whether everything that counts for `other` counts here."""
        return all(name in other.by and other.codes[other.by.index(name)] == code for name, code in self._pairs)

    @property
    def _pairs(self) -> tuple[tuple[str, str], ...]:
        return tuple(zip(self.by, self.codes, strict=True))
