"""A vocabulary as CSV, JSON and SKOS. Pure."""

import csv
import io
import json

from amparo.vocabularies.catalogue import LANGUAGES, Vocabulary
from amparo.vocabularies.spreadsheets import guard_formula


def to_csv(vocabulary: Vocabulary) -> bytes:
    """One row a term, UTF-8 with a byte-order mark for spreadsheets."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    parts = [f"{part}_{language}" for part in ("label", "definition") for language in LANGUAGES]
    writer.writerow(["code", "broader", *parts, "exact_match", "broad_match", "source"])
    for term in vocabulary.terms.values():
        matches = {match.exact: match.code for match in term.matches}
        cells = [
            *(term.label(language) for language in LANGUAGES),
            *(term.definition(language) for language in LANGUAGES),
            matches.get(True, ""),
            matches.get(False, ""),
            term.source,
        ]
        writer.writerow([term.code, term.broader or "", *map(guard_formula, cells)])
    return out.getvalue().encode("utf-8-sig")


def to_json(vocabulary: Vocabulary) -> bytes:
    """The vocabulary as one object."""
    said = {
        "code": vocabulary.code,
        "version": vocabulary.version,
        "titles": dict(vocabulary.titles),
        "definitions": dict(vocabulary.descriptions),
        "source": vocabulary.source,
        "terms": [
            {
                "code": term.code,
                "broader": term.broader,
                "labels": dict(term.labels),
                "definitions": dict(term.definitions),
                "matches": [
                    {"huridocs": match.code, "exact": match.exact, "labels": dict(match.labels)}
                    for match in term.matches
                ],
                "source": term.source,
            }
            for term in vocabulary.terms.values()
        ],
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


def to_skos(vocabulary: Vocabulary) -> bytes:
    """The vocabulary as SKOS in Turtle (W3C SKOS Reference, 2009); matches point to the HURIDOCS micro-thesauri."""
    lines = [
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .",
        "",
        f"<urn:amparo:vocabulary:{vocabulary.code}> a skos:ConceptScheme"
        + "".join(f" ;\n  skos:prefLabel {_text(vocabulary.title(language), language)}" for language in LANGUAGES)
        + "".join(f" ;\n  skos:definition {_text(text, each)}" for each, text in vocabulary.descriptions.items())
        + " .",
    ]
    for term in vocabulary.terms.values():
        said = [
            "a skos:Concept",
            f"skos:inScheme <urn:amparo:vocabulary:{vocabulary.code}>",
            f"skos:notation {json.dumps(term.code)}",
            *(f"skos:prefLabel {_text(term.label(language), language)}" for language in LANGUAGES),
            *(f"skos:definition {_text(text, language)}" for language, text in term.definitions.items()),
            *(
                f"skos:{'exactMatch' if match.exact else 'broadMatch'} <urn:huridocs:micro-thesaurus:{match.code}>"
                for match in term.matches
            ),
        ]
        if term.broader in vocabulary.terms:
            said.append(f"skos:broader <urn:amparo:vocabulary:{vocabulary.code}:{term.broader}>")
        elif term.broader:  # the country of an area
            said.append(f"skos:broadMatch <urn:amparo:vocabulary:countries:{term.broader}>")
        else:
            said.append(f"skos:topConceptOf <urn:amparo:vocabulary:{vocabulary.code}>")
        lines.append(f"<urn:amparo:vocabulary:{vocabulary.code}:{term.code}> " + " ;\n  ".join(said) + " .")
    return "\n".join([*lines, ""]).encode()


def _text(text: str, language: str) -> str:
    return f"{json.dumps(text, ensure_ascii=False)}@{language}"
