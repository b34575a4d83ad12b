"""What of two records is compared and how: levels from the same to different, each with its reason code. Pure.

Levels are SQL for DuckDB over the columns of the left (`_l`) and the right record (`_r`), as splink takes them. `m` is
how often a pair of one and the same person falls into the level, `u` how often a pair of two people does (I. P. Fellegi
and A. B. Sunter, "A theory for record linkage", JASA 64, 1969). Where they are given they are used, and trained on
where the data allow it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from amparo.linkage.names import ALIKE, ALIKE_FROM, BEGINNING, ONE_SLIP_FROM, TWO_SLIPS_FROM

# The same rules as `names.are_near` and `names.compare_names`; a test holds them to each other.
MACROS = (
    f"""CREATE MACRO near_parts(a, b) AS a.word = b.word OR (
        NOT a.numbered AND NOT b.numbered AND (
            (least(length(a.word), length(b.word)) >= {ONE_SLIP_FROM} AND damerau_levenshtein(a.word, b.word) <= 1)
            OR (left(a.word, {BEGINNING}) = left(b.word, {BEGINNING}) AND (
                (least(length(a.word), length(b.word)) >= {TWO_SLIPS_FROM}
                    AND damerau_levenshtein(a.word, b.word) <= 2)
                OR (least(length(a.word), length(b.word)) >= {ALIKE_FROM}
                    AND jaro_winkler_similarity(a.word, b.word) >= {ALIKE})))
            OR list_has_any(a.sought, b.kept) OR list_has_any(b.sought, a.kept)))""",
    """CREATE MACRO parts_found(fewer, more) AS
        len(list_filter(fewer, lambda a: len(list_filter(more, lambda b: near_parts(a, b))) > 0))""",
    """CREATE MACRO parts_in_common(l, r) AS
        CASE WHEN len(l) <= len(r) THEN parts_found(l, r) ELSE parts_found(r, l) END""",
    """CREATE MACRO near_words(l, r) AS l = r OR (least(length(l), length(r)) >= 4 AND (
        damerau_levenshtein(l, r) <= CASE WHEN least(length(l), length(r)) >= 8 THEN 2 ELSE 1 END
        OR jaro_winkler_similarity(l, r) >= 0.92))""",
    """CREATE MACRO days_apart(l, r) AS abs(date_diff('day', l, r))""",
)


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a comparison. `frequency` names a column: the rarer its value, the more agreement in it tells."""

    code: str
    sql: str
    m: float | None = None
    u: float | None = None
    frequency: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison of one field; a pair falls into the first level that holds. `unknown`: when it tells nothing."""

    name: str
    unknown: str
    levels: tuple[Level, ...]

    def settings(self) -> dict[str, Any]:
        """The comparison as splink's settings take it."""
        levels: list[dict[str, Any]] = [
            {"sql_condition": self.unknown, "label_for_charts": f"{self.name}-unknown", "is_null_level": True}
        ]
        for level in self.levels:
            said: dict[str, Any] = {"sql_condition": level.sql, "label_for_charts": level.code}
            if level.m is not None and level.u is not None:
                said |= {"m_probability": level.m, "u_probability": level.u}
            if level.frequency:
                said |= {
                    "tf_adjustment_column": level.frequency,
                    # Else a name that is there once would tell more than anything can.
                    "tf_minimum_u_value": 1e-5,
                    "disable_tf_exact_match_detection": True,
                }
            levels.append(said)
        return {"output_column_name": self.name, "comparison_levels": levels}

    def code_of(self, value: int) -> str:
        """The reason code of the level with splink's number `value` (the last is 0); "" where it told nothing."""
        return "" if value < 0 else self.levels[len(self.levels) - 1 - value].code


Priors = Mapping[str, tuple[float, float]]
ELSE = "ELSE"


def _levels(levels: tuple[tuple[str, str, str], ...], priors: Priors) -> tuple[Level, ...]:
    found = []
    for code, sql, frequency in levels:
        m, u = priors.get(code, (None, None))
        found.append(Level(code, sql, m, u, frequency))
    return tuple(found)


def compare_person_names(priors: Priors = {}) -> Comparison:  # noqa: B006
    """Whole names, as their parts in any order (columns `parts`, `hints`, `name_key`)."""
    # A first glance at the hints, for counting parts takes a hundred times as long.
    # In a CASE, for DuckDB computes both sides of an AND.
    found = "CASE WHEN list_has_any(hints_l, hints_r) THEN parts_in_common(parts_l, parts_r) ELSE 0 END"
    fewer = "least(len(parts_l), len(parts_r))"
    levels = (
        ("name-same", "name_key_l = name_key_r AND len(parts_l) > 1", "name_key"),
        ("name-variant", f"len(parts_l) = len(parts_r) AND {fewer} >= 2 AND {found} = {fewer}", ""),
        ("name-part-missing", f"{fewer} >= 2 AND {found} = {fewer}", ""),
        ("name-part-differs", f"{found} >= 2", ""),
        ("name-one-part", f"{found} >= 1", ""),
        ("name-differs", ELSE, ""),
    )
    return Comparison("name", "parts_l IS NULL OR parts_r IS NULL", _levels(levels, priors))


def compare_words(column: str, *, common: bool = True, priors: Priors = {}) -> Comparison:  # noqa: B006
    """One word or short text: the same, up to typing errors, or different. `common`: rare words tell more."""
    frequency = column if common else ""
    levels = (
        (f"{column}-same", f"{column}_l = {column}_r", frequency),
        (f"{column}-alike", f"near_words({column}_l, {column}_r)", ""),
        (f"{column}-a-little-alike", f"jaro_winkler_similarity({column}_l, {column}_r) >= 0.8", ""),
        (f"{column}-differs", ELSE, ""),
    )
    return Comparison(column, f"{column}_l IS NULL OR {column}_r IS NULL", _levels(levels, priors))


def compare_codes(column: str, priors: Priors = {}) -> Comparison:  # noqa: B006
    """A code: the same, or not."""
    levels = ((f"{column}-same", f"{column}_l = {column}_r", ""), (f"{column}-differs", ELSE, ""))
    return Comparison(column, f"{column}_l IS NULL OR {column}_r IS NULL", _levels(levels, priors))


def compare_numbers_as_written(column: str, priors: Priors = {}) -> Comparison:  # noqa: B006
    """A number or date as digits: the same, with a slip or two swapped, or different."""
    levels = (
        (f"{column}-same", f"{column}_l = {column}_r", ""),
        (f"{column}-alike", f"damerau_levenshtein({column}_l, {column}_r) <= 1", ""),
        (f"{column}-a-little-alike", f"damerau_levenshtein({column}_l, {column}_r) <= 2", ""),
        (f"{column}-differs", ELSE, ""),
    )
    return Comparison(column, f"{column}_l IS NULL OR {column}_r IS NULL", _levels(levels, priors))


def compare_birth_years(priors: Priors = {}) -> Comparison:  # noqa: B006
    """Years of birth (column `birth_year`); one that is worked out from an age can be one off."""
    levels = (
        ("birth-year-same", "birth_year_l = birth_year_r", ""),
        ("birth-year-near", "abs(birth_year_l - birth_year_r) <= 2", ""),
        ("birth-year-differs", ELSE, ""),
    )
    return Comparison("birth_year", "birth_year_l IS NULL OR birth_year_r IS NULL", _levels(levels, priors))


def compare_event_dates(priors: Priors = {}) -> Comparison:  # noqa: B006
    """Dates of events (columns `earliest`, `latest`); the same rules as `dates.compare_dates`."""
    days = "earliest_l = latest_l AND earliest_r = latest_r AND days_apart(earliest_l, earliest_r)"
    levels = (
        ("date-same-day", f"{days} = 0", ""),
        ("date-within-week", f"{days} <= 7", ""),
        ("date-within-month", f"{days} <= 31", ""),
        (
            "date-may-be-same",
            "earliest_l <= latest_r AND earliest_r <= latest_l AND (earliest_l < latest_l OR earliest_r < latest_r)",
            "",
        ),
        ("date-apart", ELSE, ""),
    )
    return Comparison("date", "earliest_l IS NULL OR earliest_r IS NULL", _levels(levels, priors))


def compare_places(priors: Priors = {}) -> Comparison:  # noqa: B006
    """Places (column `place`) within areas (`area`) within countries (`country`)."""
    levels = (
        (
            "place-same",
            "near_words(place_l, place_r) AND coalesce(area_l = area_r, country_l = country_r, true)",
            "",
        ),
        ("area-same", "area_l = area_r", ""),
        ("area-differs", "area_l <> area_r AND country_l = country_r", ""),
        ("country-same", "country_l = country_r", ""),
        ("country-differs", ELSE, ""),
    )
    unknown = (
        "(country_l IS NULL OR country_r IS NULL) AND (area_l IS NULL OR area_r IS NULL) "
        "AND (place_l IS NULL OR place_r IS NULL)"
    )
    return Comparison("place", unknown, _levels(levels, priors))


def compare_roles(priors: Priors = {}) -> Comparison:  # noqa: B006
    """Words on occupation, function and organisation (column `role`, a list)."""
    shared = "len(list_intersect(role_l, role_r))"
    levels = (
        ("role-same", f"{shared} >= 2 AND {shared} >= 0.6 * least(len(role_l), len(role_r))", ""),
        ("role-alike", f"{shared} >= 1", ""),
        ("role-differs", ELSE, ""),
    )
    return Comparison("role", "role_l IS NULL OR role_r IS NULL", _levels(levels, priors))
