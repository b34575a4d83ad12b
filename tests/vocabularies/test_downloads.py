"""What is taken away reads the same elsewhere: in a spreadsheet, a program, a thesaurus."""

import csv
import io
import json
from dataclasses import replace
from typing import Any

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, SKOS

from amparo.vocabularies.catalogue import LANGUAGES, Term, Vocabulary, get_vocabulary, vocabulary_codes
from amparo.vocabularies.downloads import to_csv, to_json, to_skos


def read_csv(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def read_skos(vocabulary: Vocabulary) -> Graph:
    return Graph().parse(data=to_skos(vocabulary), format="turtle")


def concept(vocabulary: str, term: str) -> URIRef:
    return URIRef(f"urn:amparo:vocabulary:{vocabulary}:{term}")


def with_label(label: str) -> Vocabulary:
    term = Term("one", None, dict.fromkeys(LANGUAGES, label), dict.fromkeys(LANGUAGES, label), source=label)
    return replace(get_vocabulary("sex"), terms={"one": term})


@pytest.mark.parametrize("code", vocabulary_codes())
def test_csv_says_all(code: str) -> None:
    vocabulary = get_vocabulary(code)

    rows = read_csv(to_csv(vocabulary))

    assert [row["code"] for row in rows] == list(vocabulary.terms)
    for row in rows:
        term = vocabulary.terms[row["code"]]
        assert row["broader"] == (term.broader or "")
        assert [row[f"label_{language}"] for language in LANGUAGES] == [term.label(each) for each in LANGUAGES]
        assert row["definition_ar"] == term.definition("ar")
        assert row["exact_match"] == "".join(match.code for match in term.matches if match.exact)


def test_a_spreadsheet_sees_unicode_and_rows() -> None:
    data = to_csv(get_vocabulary("sex"))

    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == len(get_vocabulary("sex").terms) + 1


@pytest.mark.parametrize("label", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(label: str) -> None:
    (row,) = read_csv(to_csv(with_label(label)))

    for column in ("label_en", "label_ar", "definition_fr", "source"):
        assert row[column] == f"'{label}"


@pytest.mark.parametrize("code", vocabulary_codes())
def test_json_says_all(code: str) -> None:
    vocabulary = get_vocabulary(code)

    said: dict[str, Any] = json.loads(to_json(vocabulary))

    assert (said["code"], said["version"], said["source"]) == (code, vocabulary.version, vocabulary.source)
    assert said["titles"] == vocabulary.titles
    assert [term["code"] for term in said["terms"]] == list(vocabulary.terms)
    assert [term["labels"] for term in said["terms"]] == [term.labels for term in vocabulary.terms.values()]
    matched = {term["code"]: term["matches"] for term in said["terms"]}
    for term in vocabulary.terms.values():
        assert [each["huridocs"] for each in matched[term.code]] == [match.code for match in term.matches]


@pytest.mark.parametrize("code", [code for code in vocabulary_codes() if code != "areas"])
def test_skos_says_all(code: str) -> None:
    vocabulary = get_vocabulary(code)

    graph = read_skos(vocabulary)

    scheme = URIRef(f"urn:amparo:vocabulary:{code}")
    assert (scheme, RDF.type, SKOS.ConceptScheme) in graph
    assert set(graph.subjects(RDF.type, SKOS.Concept)) == {concept(code, term) for term in vocabulary.terms}
    for term in vocabulary.terms.values():
        this = concept(code, term.code)
        assert set(graph.objects(this, SKOS.prefLabel)) == {
            Literal(term.label(language), lang=language) for language in LANGUAGES
        }
        assert len(set(graph.objects(this, SKOS.definition))) == len(term.definitions)
        assert graph.value(this, SKOS.broader) == (concept(code, term.broader) if term.broader else None)
        assert graph.value(this, SKOS.notation) == Literal(term.code)
        assert ((this, SKOS.topConceptOf, scheme) in graph) == (term.broader is None)


def test_skos_names_the_matches() -> None:
    graph = read_skos(get_vocabulary("acts"))

    exact = URIRef("urn:huridocs:micro-thesaurus:mt4:010109000000")
    broad = URIRef("urn:huridocs:micro-thesaurus:mt4:010101000000")
    assert (concept("acts", "attempted-killing"), SKOS.exactMatch, exact) in graph
    assert (concept("acts", "killing"), SKOS.broadMatch, broad) in graph


def test_an_area_is_narrower_than_its_country() -> None:
    areas = get_vocabulary("areas")
    few = replace(areas, terms={code: areas.terms[code] for code in ("CO-CAU", "XDM-N", "unknown")})

    graph = read_skos(few)

    assert graph.value(concept("areas", "CO-CAU"), SKOS.broadMatch) == concept("countries", "COL")
    assert graph.value(concept("areas", "unknown"), SKOS.broadMatch) is None


@pytest.mark.parametrize("label", ['said "so"', "back\\slash", "two\nlines", "tab\there", "عن «حقوق»", "a\u2028b"])
def test_skos_carries_any_label(label: str) -> None:
    graph = read_skos(with_label(label))

    assert graph.value(concept("sex", "one"), SKOS.notation) == Literal("one")
    assert Literal(label, lang="ar") in set(graph.objects(concept("sex", "one"), SKOS.prefLabel))
