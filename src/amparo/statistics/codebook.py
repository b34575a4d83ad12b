"""The codebook of a release: each measure and dimension with its definition, each code with its labels.

After DDI Codebook 2.5 (ddialliance.org), of which it is the description of variables: `codeBook/dataDscr/var` with
`labl`, `txt` and `catgry`, every text in four languages by `xml:lang`.
"""

from collections.abc import Collection, Mapping
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from django.utils import translation
from django.utils.functional import Promise

from amparo.statistics.dimensions import DIMENSIONS, MEASURES
from amparo.statistics.published import PUBLISHED
from amparo.vocabularies.catalogue import LANGUAGES, get_vocabulary

NAMESPACE = "ddi:codebook:2_5"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def make_codebook(identifier: str, title: str, codes: Mapping[str, Collection[str]]) -> bytes:
    """The codebook of the release `identifier` as XML in UTF-8: what its measures count and what its codes mean.

    `codes` are those of each dimension that the release has.
    """
    book = Element("codeBook", {"xmlns": NAMESPACE, "version": "2.5"})
    citation = SubElement(SubElement(SubElement(book, "stdyDscr"), "citation"), "titlStmt")
    SubElement(citation, "titl").text = title
    SubElement(citation, "IDNo", agency="Amparo").text = identifier
    variables = SubElement(book, "dataDscr")
    for code, measure in MEASURES.items():
        variable = SubElement(variables, "var", ID=code, name=code, intrvl="discrete")
        _in_each_language(variable, "labl", measure.name)
        _in_each_language(variable, "txt", measure.definition)
        SubElement(variable, "varFormat", type="numeric")
    for code in PUBLISHED:
        dimension = DIMENSIONS[code]
        variable = SubElement(variables, "var", ID=code, name=code, intrvl="discrete")
        _in_each_language(variable, "labl", dimension.name)
        if dimension.vocabulary:
            _add_categories(variable, dimension.vocabulary, codes.get(code, ()))
        SubElement(variable, "varFormat", type="character")
    indent(book)
    written: bytes = tostring(book, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _add_categories(variable: Element, vocabulary: str, codes: Collection[str]) -> None:
    for term in get_vocabulary(vocabulary).terms.values():
        if term.code not in codes:
            continue
        category = SubElement(variable, "catgry")
        SubElement(category, "catValu").text = term.code
        for language in LANGUAGES:
            SubElement(category, "labl", {_LANGUAGE: language}).text = term.label(language)
        for language, definition in term.definitions.items():
            SubElement(category, "txt", {_LANGUAGE: language}).text = definition


def _in_each_language(parent: Element, tag: str, said: "str | Promise") -> None:
    for language in LANGUAGES:
        with translation.override(language):
            SubElement(parent, tag, {_LANGUAGE: language}).text = str(said)
