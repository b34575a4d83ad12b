"""What every vocabulary must say: codes that stay, labels and definitions in four languages, matches that exist."""

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from amparo.vocabularies.catalogue import LANGUAGES, Term, Vocabulary, get_vocabulary, vocabulary_codes

PLACES = ("countries", "areas")
WRITTEN = tuple(code for code in vocabulary_codes() if code not in PLACES)
ARABIC_LETTER = re.compile(r"[\u0621-\u064a]")
FIGURES_ONLY = re.compile(r"[\d–]+")

# Other installations, stored data and releases use these codes: a code may be added, never changed or taken out.
CODES_THAT_STAY = {
    "acts": """killing attempted-killing enforced-disappearance torture arbitrary-detention kidnapping physical-attack
        sexual-violence threat death-threat harassment judicial-harassment fabricated-charge misuse-of-law
        counter-terrorism-law defamation-law cybercrime-law foreign-funding-law ngo-law protest-law blasphemy-law
        fake-news-law morality-law unfair-trial slapp fine sentence surveillance physical-surveillance
        digital-surveillance spyware smear-campaign hate-speech doxxing online-harassment gendered-disinformation
        hacking takedown blocking internet-shutdown travel-ban expulsion visa-refusal raid search seizure closure
        deregistration suspension funding-restriction frozen-account dismissal professional-sanction
        reprisal-against-relatives denial-of-access reprisal-for-cooperation unknown""",
    "targets": """human-rights-defender relative organisation network nhri-member nhri-chairperson nhri-ombudsperson
        nhri-director nhri-commissioner nhri-staff nhri-institution journalist media-worker trade-unionist lawyer
        unknown""",
    "victim-kinds": "person group institution unknown",
    "defender-profiles": """womens-rights environment land indigenous-peoples lgbtqi anti-corruption
        freedom-of-expression labour minority migrants-refugees children-youth disability health elections-democracy
        transitional-justice housing religion-belief peace digital-rights legal-aid community-leader afro-descendant
        unknown""",
    "sex": "female male intersex transgender prefers-not-to-say unknown",
    "gender": "woman man non-binary transgender-woman transgender-man another-gender prefers-not-to-say unknown",
    "age-bands": "0-17 18-24 25-34 35-49 50-64 65-plus unknown",
    "grounds": "disability indigenous minority migrant displaced unknown",
    "alleged-perpetrators": """police military intelligence prison-staff prosecutor-judge executive legislature
        local-authority paramilitary armed-group organised-crime company private-security political-party media
        religious-group community-family unknown-individual unknown-online-account hired-killer landowner poacher
        unknown""",
    "state-links": "agent acquiescence none unknown",
    "settings": "offline online both unknown",
    "information-status": "reported under-verification verified refuted unknown",
    "source-kinds": """nhri ngo un-body government press court police religious-body academic person regional-body
        trade-union unknown""",
    "source-reliability": "a b c d e f unknown",
    "information-credibility": "1 2 3 4 5 6 unknown",
    "date-precision": "day month year range unknown",
    "sectors": """agribusiness mining logging hydropower poaching fishing infrastructure conservation wind-power other
        unknown""",
    "un-regional-groups": """africa asia-pacific eastern-europe latin-america-caribbean western-europe-others
        unknown""",
    "ganhri-networks": "nanhri apf ennhri rindhca unknown",
    "countries": "COL PHL YUG XIP XKX XDM unknown",
    "areas": "CO-CAU CO-DC XDM-N XDM-S XDM-E XDM-W unknown",
}


def every_written_term() -> Iterator[tuple[Vocabulary, Term]]:
    for code in WRITTEN:
        vocabulary = get_vocabulary(code)
        for term in vocabulary.terms.values():
            yield vocabulary, term


@pytest.fixture(scope="module")
def huridocs(shared_data: Path) -> Mapping[str, Mapping[str, str]]:
    """The terms of the published micro-thesauri by "mt" and number of the list, colon, code."""
    path = shared_data.parent / "vocabularies" / "terms_multilingual.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {f"mt{row['list_code']}:{row['huri_code']}": row for row in csv.DictReader(file)}


@pytest.mark.parametrize("vocabulary", sorted(CODES_THAT_STAY))
def test_a_code_that_is_in_use_stays(vocabulary: str) -> None:
    assert set(CODES_THAT_STAY[vocabulary].split()) <= set(get_vocabulary(vocabulary).terms)


def test_every_vocabulary_has_a_title_a_description_a_version_and_a_source() -> None:
    for code in vocabulary_codes():
        vocabulary = get_vocabulary(code)

        assert vocabulary.version
        assert vocabulary.source
        for language in LANGUAGES:
            assert vocabulary.titles[language].strip(), (code, language)
            assert vocabulary.descriptions[language].endswith("."), (code, language)


def test_every_term_has_label_and_definition_in_each_language_and_a_source() -> None:
    for vocabulary, term in every_written_term():
        for language in LANGUAGES:
            assert term.labels[language].strip(), (vocabulary.code, term.code, language)
            assert term.definitions[language].endswith("."), (vocabulary.code, term.code, language)
        assert term.source, (vocabulary.code, term.code)


def test_every_place_has_a_name_in_each_language() -> None:
    for code in PLACES:
        for term in get_vocabulary(code).terms.values():
            assert all(term.labels[language].strip() for language in LANGUAGES), term


def test_a_definition_says_more_than_its_label() -> None:
    for vocabulary, term in every_written_term():
        for language in LANGUAGES:
            definition = term.definitions[language]
            assert f": {term.labels[language]}" not in definition, (vocabulary.code, term.code, definition)
            assert len(definition) > len(term.labels[language]) / 2, (vocabulary.code, term.code, definition)


def test_a_definition_can_be_read_in_one_breath() -> None:
    longest = max(
        (len(term.definitions[language]), vocabulary.code, term.code)
        for vocabulary, term in every_written_term()
        for language in LANGUAGES
    )

    assert longest[0] <= 260, longest


def test_each_definition_is_its_own() -> None:
    for code in WRITTEN:
        for language in LANGUAGES:
            seen = [term.definitions[language] for term in get_vocabulary(code).terms.values()]
            assert len(set(seen)) == len(seen), (code, language)


def test_no_language_repeats_the_words_of_another() -> None:
    for vocabulary, term in every_written_term():
        said = [term.definitions[language] for language in LANGUAGES]
        assert len(set(said)) == len(LANGUAGES), (vocabulary.code, term.code)


def test_arabic_is_written_in_arabic() -> None:
    for vocabulary, term in every_written_term():
        assert ARABIC_LETTER.search(term.definitions["ar"]), (vocabulary.code, term.code)
        if not FIGURES_ONLY.fullmatch(term.labels["ar"]):
            assert ARABIC_LETTER.search(term.labels["ar"]), (vocabulary.code, term.code)
    for language in ("en", "fr", "es"):
        for vocabulary, term in every_written_term():
            said = term.labels[language] + term.definitions[language]
            assert not ARABIC_LETTER.search(said), (vocabulary.code, term.code, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_terms_of_a_vocabulary_have_the_same_label(language: str) -> None:
    for code in WRITTEN:
        labels = [term.labels[language] for term in get_vocabulary(code).terms.values()]
        assert len(set(labels)) == len(labels), code


def test_codes_are_short_and_plain() -> None:
    for vocabulary, term in every_written_term():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", term.code), (vocabulary.code, term.code)
        assert len(term.code) <= 40


def test_no_code_is_given_twice() -> None:
    data = Path(__file__).resolve().parents[2] / "src" / "amparo" / "vocabularies" / "data"
    for code in WRITTEN:
        with (data / f"{code}.csv").open(encoding="utf-8", newline="") as file:
            codes = [row["code"] for row in csv.DictReader(file)]
        assert len(set(codes)) == len(codes), code


def test_every_broader_term_is_there_and_none_is_its_own_ancestor() -> None:
    for vocabulary, term in every_written_term():
        passed, above = {term.code}, term.broader
        while above is not None:
            assert above in vocabulary.terms, (vocabulary.code, term.code, above)
            assert above not in passed, (vocabulary.code, term.code)
            passed.add(above)
            above = vocabulary.terms[above].broader


def test_every_area_lies_in_a_country() -> None:
    countries = get_vocabulary("countries").terms
    for term in get_vocabulary("areas").terms.values():
        assert term.code == "unknown" or term.broader in countries, term


def test_what_is_counted_can_be_not_known() -> None:
    # What people choose for themselves, or the institution decides, is always known.
    uncounted = {
        "roles",
        "institution-kinds",
        "reporter-naming",
        "consent-recipients",
        "report-status",
        "report-outcomes",
    }
    for code in vocabulary_codes():
        assert ("unknown" in get_vocabulary(code).terms) or code in uncounted, code


def test_every_match_is_in_the_micro_thesauri(huridocs: Mapping[str, Mapping[str, str]]) -> None:
    matches = [match for _, term in every_written_term() for match in term.matches]

    assert len(matches) > 100
    for match in matches:
        row = huridocs[match.code]
        assert match.labels["en"] == row["english"].strip()
        assert match.labels["fr"] == row["french"].strip()
        assert match.labels["es"] == row["spanish"].strip()


def test_arabic_labels_of_matches_are_published_ones_or_left_out(huridocs: Mapping[str, Mapping[str, str]]) -> None:
    for _, term in every_written_term():
        for match in term.matches:
            of_the_list = [row["l10n_ar"].strip("؛ ") for row in huridocs.values() if _list(row) == _list(match.code)]
            assert match.labels["ar"] in ("", *of_the_list), match


def _list(match: str | Mapping[str, str]) -> str:
    return match.partition(":")[0].removeprefix("mt") if isinstance(match, str) else match["list_code"]


def test_known_matches_are_what_they_say() -> None:
    acts = get_vocabulary("acts").terms

    (attempted,) = acts["attempted-killing"].matches
    (torture,) = acts["torture"].matches

    assert (attempted.code, attempted.exact) == ("mt4:010109000000", True)
    assert attempted.label("ar") == "محاولات القتل"
    # "Torture" there leaves out ill-treatment, so only what is above both is wider than ours.
    assert (torture.code, torture.exact) == ("mt4:020100000000", False)


def test_an_exact_match_is_given_to_one_term_of_a_vocabulary() -> None:
    for code in WRITTEN:
        exact = [match.code for term in get_vocabulary(code).terms.values() for match in term.matches if match.exact]
        assert len(set(exact)) == len(exact), code


def test_a_label_that_demeans_is_not_shown() -> None:
    (match,) = get_vocabulary("sexual-orientation").terms["gay"].matches

    assert match.labels["ar"] == ""
    assert (match.language("ar"), match.label("ar")) == ("en", "Gay")
