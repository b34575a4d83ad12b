"""A case as a Word document, in the reader's language; Arabic from right to left."""

from io import BytesIO

from django.db import transaction
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from amparo.cases.models import Incident
from amparo.evidence.case_content import CaseContent, Leaving, describe_case, open_for
from amparo.institutions.models import User, this_hour
from amparo.vault import log
from amparo.vault import services as vault


@transaction.atomic
def make_case_file(user: User, incident: Incident, unlocked: vault.Unlocked | None, leaving: Leaving) -> bytes:
    """The document, in memory; that it leaves is in the log. Without keys: the coded facts alone."""
    opened = open_for(incident, unlocked, leaving, user) if unlocked is not None else {}
    written = write_document(describe_case(incident, opened), rtl=get_language_bidi())
    to = {"recipient": leaving.recipient, "purpose": leaving.purpose} if leaving.recipient else {}
    log.record(
        "case-file-exported",
        actor=user.pk,
        institution=incident.institution.code,
        record=f"incident:{incident.pk}",
        facts={"sections": len(opened), **to},
    )
    return written


def write_document(content: CaseContent, *, rtl: bool) -> bytes:
    """`content` as .docx. Nobody's name is in its properties."""
    document = Document()
    _forget_properties(document)
    document.styles["Normal"].font.size = Pt(11)
    for section in document.sections:
        for place in (section.header, section.footer):
            _write(place.paragraphs[0], _("Confidential"), rtl=rtl, bold=True)
    _write(document.add_heading(level=1), content.title, rtl=rtl)
    for part in content.parts:
        if part.title:
            _write(document.add_heading(level=2), part.title, rtl=rtl)
        for fact in part.facts:
            paragraph = document.add_paragraph()
            _write(paragraph, f"{fact.title}: ", rtl=rtl, bold=True)
            _write(paragraph, fact.shown, rtl=rtl)
        if part.closed:
            _write(document.add_paragraph(), _("What is sealed here is not in this copy."), rtl=rtl)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _write(paragraph: Paragraph, text: str, *, rtl: bool, bold: bool = False) -> None:
    # XML takes no control characters, and what was typed or pasted may have some.
    run = paragraph.add_run("".join(each for each in text if each in "\n\t" or each.isprintable() or ord(each) > 159))
    run.bold = bold or None
    if rtl:
        run.font.rtl = True
        properties = paragraph._p.get_or_add_pPr()
        if properties.find(qn("w:bidi")) is None:
            # Its place in the order that the schema wants is before w:jc and w:rPr.
            properties.insert_element_before(
                OxmlElement("w:bidi"), "w:adjustRightInd", "w:spacing", "w:ind", "w:jc", "w:rPr"
            )


def _forget_properties(document: WordDocument) -> None:
    said = document.core_properties
    said.author = said.last_modified_by = said.comments = said.keywords = said.subject = said.title = ""
    said.created = said.modified = this_hour().replace(tzinfo=None)
    said.revision = 1
