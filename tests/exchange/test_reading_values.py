"""Cells into codes, dates and bands."""

from datetime import UTC, datetime, timedelta

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from amparo.exchange.problems import CellRefused
from amparo.exchange.values import CodeReader, read_age_band, value_key
from amparo.exchange.written_dates import DateReader, is_date_format
from amparo.vocabularies.catalogue import get_vocabulary


def refusal(read, *given: str) -> CellRefused:
    with pytest.raises(CellRefused) as refused:
        read(*given)
    return refused.value


class TestCodes:
    @pytest.mark.parametrize(
        ("vocabulary", "cell", "code"),
        [
            ("acts", "killing", "killing"),
            ("sex", " Female ", "female"),
            ("sex", "FEMME", "female"),
            ("countries", "Colombia", "COL"),
            ("countries", "co", "COL"),
            ("countries", "170", "COL"),
            ("countries", "8", "ALB"),
            ("countries", "Côte d'Ivoire", "CIV"),
            ("countries", "Democratic Republic of the Congo", "COD"),
            ("countries", "Yugoslavia", "YUG"),
            ("countries", "Israel and the Occupied Palestinian Territory", "XIP"),
            ("countries", "كولومبيا", "COL"),
        ],
    )
    def test_a_code_or_a_label_in_any_language_is_found(self, vocabulary: str, cell: str, code: str) -> None:
        assert CodeReader(vocabulary).read(cell) == (code,)

    @pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
    @pytest.mark.parametrize("vocabulary", ["sex", "acts", "alleged-perpetrators", "information-status", "targets"])
    def test_every_label_leads_to_its_term_or_one_of_the_same_name(self, vocabulary: str, language: str) -> None:
        for term in get_vocabulary(vocabulary).terms.values():
            (code,) = CodeReader(vocabulary).read(term.label(language))
            assert value_key(term.label(language)) in {
                value_key(label) for label in get_vocabulary(vocabulary).terms[code].labels.values()
            }

    def test_what_the_mapping_lists_comes_first(self) -> None:
        reader = CodeReader("sex", {value_key("Male"): "unknown", value_key("-"): "", value_key("?"): "unknown"})

        assert reader.read("male") == ("unknown",)
        assert reader.read("-") == ()
        assert reader.read("?") == ("unknown",)
        assert reader.read("female") == ("female",)

    def test_several_values_are_parted_and_a_listed_whole_is_not(self) -> None:
        listed = {value_key("police, military"): "state-actor"}
        reader = CodeReader("alleged-perpetrators", listed, ",")

        assert reader.read("police, , paramilitary ,") == ("police", "paramilitary")
        assert reader.read("Police, Military") == ("state-actor",)

    def test_a_blank_cell_gives_nothing(self) -> None:
        assert CodeReader("sex").read(" \n ") == ()

    def test_an_unknown_code_is_refused_with_the_nearest(self) -> None:
        refused = refusal(CodeReader("sex").read, "femal")

        assert refused.code == "unknown-code"
        assert refused.nearest[0] == "female"

    def test_an_area_is_looked_up_in_its_country(self) -> None:
        reader = CodeReader("areas")

        assert reader.read("Valle Del Cauca", "COL") == ("CO-VAC",)
        assert reader.read("CO-VAC", "COL") == ("CO-VAC",)
        assert reader.read("not known", "COL") == ("unknown",)
        assert refusal(reader.read, "Valle Del Cauca", "PER").code == "unknown-code"
        assert all(code.startswith("CO-") for code in refusal(reader.read, "Antioqia", "COL").nearest)

    @given(st.text(max_size=40))
    def test_any_cell_is_read_or_refused(self, cell: str) -> None:
        for vocabulary in ("sex", "areas", "countries"):
            try:
                codes = CodeReader(vocabulary, separator=";").read(cell, "COL")
            except CellRefused:
                continue
            # What stands in the coded plane is a code and never the cell.
            assert set(codes) <= set(get_vocabulary(vocabulary).terms)


class TestDates:
    FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%B %d, %Y", "%B %Y", "%d %B %Y", "%d de %B de %Y", "%Y")

    @pytest.mark.parametrize(
        ("cell", "date"),
        [
            ("2016-10-22", "2016-10-22"),
            ("22/10/2016", "2016-10-22"),
            ("October 22, 2016", "2016-10-22"),
            ("October  2,\n2016", "2016-10-02"),
            ("October 2016", "2016-10"),
            ("2016", "2016"),
            ("October 2015 to June 2016", "2015-10/2016-06"),
            ("22 de octubre de 2016", "2016-10-22"),
            ("22 Octubre 2016", "2016-10-22"),
            ("1er janvier 2016", "2016-01-01"),
            ("3 déc. 2015", "2015-12-03"),
            ("12 Août 2014", "2014-08-12"),
            ("٢٢ أكتوبر ٢٠١٦", "2016-10-22"),
            ("5 كانون الثاني 2016", "2016-01-05"),
            ("5 جانفي 2016", "2016-01-05"),
            ("2016-10-22T13:05:00", "2016-10-22"),
            ("about then", "2016/2017"),
        ],
    )
    def test_it_works(self, cell: str, date: str) -> None:
        reader = DateReader(self.FORMATS, " to ", {value_key("about then"): "2016/2017"})

        assert str(reader.read(cell)) == date

    @pytest.mark.parametrize("cell", ["", " ", "Unknown", "UNKNOWN "])
    def test_what_is_not_known_is_none(self, cell: str) -> None:
        assert DateReader(self.FORMATS, None, {value_key("Unknown"): ""}).read(cell) is None

    @pytest.mark.parametrize(
        ("cell", "code"),
        [
            ("2016-02-30", "no-date"),
            ("2016-13-01", "no-date"),
            ("31/11/2016", "no-date"),
            ("0/0/2016", "no-date"),
            ("June 2016 to October 2015", "no-date"),
            ("soon", "no-date"),
            ("22.10.2016", "no-date"),
            ("1899-12-31", "date-not-possible"),
            ("0216-10-22", "date-not-possible"),
            ("2999-01-01", "date-not-possible"),
        ],
    )
    def test_an_impossible_date_is_refused(self, cell: str, code: str) -> None:
        assert refusal(DateReader(self.FORMATS, " to ").read, cell).code == code

    def test_what_was_expected_is_shown_as_a_day_that_anybody_can_read(self) -> None:
        refused = refusal(DateReader(("%d/%m/%Y", "%Y")).read, "soon")

        assert refused.details["formats"] == "22/10/2016 (%d/%m/%Y), 2016 (%Y)"

    def test_today_is_possible_and_next_week_is_not(self) -> None:
        today = datetime.now(UTC).date()

        assert DateReader(("%Y-%m-%d",)).read(today.isoformat()).earliest == today
        assert refusal(DateReader(("%Y-%m-%d",)).read, (today + timedelta(days=7)).isoformat()).code

    @pytest.mark.parametrize("locale", ["fr", "es", "ar", "ar_SY", "ar_DZ", "ar_MA", "en"])
    @pytest.mark.parametrize("width", ["wide", "abbreviated"])
    def test_every_month_is_read_in_every_language(self, locale: str, width: str) -> None:
        for number, name in Locale.parse(locale).months["format"][width].items():
            assert DateReader(("%d %B %Y",)).read(f"3 {name} 2015").month == number, name

    @pytest.mark.parametrize("pattern", ["%Q", "%d/%Y", "%m", "%", "%Y %Y", "%Y%", "soon"])
    def test_what_is_no_format_is_told(self, pattern: str) -> None:
        assert not is_date_format(pattern)

    @given(st.text(max_size=30))
    def test_any_cell_is_read_or_refused(self, cell: str) -> None:
        try:
            DateReader(self.FORMATS, " - ").read(cell)
        except CellRefused:
            return


class TestAges:
    @pytest.mark.parametrize(
        ("cell", "band"),
        [
            ("0", "0-17"), ("17.9", "0-17"), ("18", "18-24"), ("24", "18-24"), ("25", "25-34"), ("49.0", "35-49"),
            ("50", "50-64"), ("64,5", "50-64"), ("65", "65-plus"), ("130", "65-plus"), ("٤٩", "35-49"),
            ("", "unknown"), ("25-34", "25-34"), ("about 40", "35-49"), ("n.a.", "unknown"),
        ],
    )  # fmt: skip
    def test_it_works(self, cell: str, band: str) -> None:
        assert read_age_band(cell, {value_key("about 40"): "35-49", value_key("n.a."): ""}) == band

    @pytest.mark.parametrize("cell", ["-1", "131", "4145.0", "nan", "inf", "old", "4O"])
    def test_no_age_is_refused(self, cell: str) -> None:
        assert refusal(read_age_band, cell).code == "no-age"
