"""Office documents (OOXML, OpenDocument) without what tells of who made them, when, on what. Pure.

An archive of XML and media: each part is cleaned by itself, parts that only tell of its making are left out, and the
archive is written anew with times of 1980. Sources: ECMA-376 parts 1 and 2; OpenDocument 1.3.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable

from lxml import etree

from amparo.files.clean_images import clean_image
from amparo.files.clean_sound import clean_sound
from amparo.files.clean_video import blank, plan_blanking
from amparo.files.errors import FilesError, NotCleaned
from amparo.files.kinds import tell_kind
from amparo.files.look import look_at

MOST_UNPACKED = 400 * 1024**2
_NESTED = 2
_MADE = (1980, 1, 1, 0, 0, 0)
_AUTHOR = "Author"
_CODES_OOXML = ("docx", "xlsx", "pptx")

# Parts that tell of the making: properties, thumbnails, people, printers, signatures, custom data.
_LEFT_OUT = re.compile(
    r"(?:docProps/|customXml/|docMetadata/|_xmlsignatures/|Thumbnails/|Configurations2/|layout-cache$)"
    r"|(?:^|/)(?:thumbnail[^/]*|people\.xml|persons?/.*|printerSettings/.*|revisions/.*|meta\.xml|settings\.bin"
    r"|documentsignatures\.xml|macrosignatures\.xml|ObjectReplacements/.*|changesInfos/.*|revisionInfo\.xml)$"
)
_ODF_SETTINGS = re.compile(r"(?:^|/)settings\.xml$")
_FONTS = re.compile(r"\.(?:odttf|fntdata|ttf|otf)$", re.IGNORECASE)
_DRAWINGS = re.compile(r"\.(?:emf|wmf|svm)$", re.IGNORECASE)
_XML = re.compile(r"(?:\.(?:xml|rels|vml|rdf|svg)|^\[Content_Types\]\.xml)$", re.IGNORECASE)

_AUTHOR_NAMES = {"author", "initials", "userName", "lastModifiedBy", "lastEditedBy", "userId", "providerId", "editBy"}
_TIME_NAMES = {"date", "dateUtc", "dT", "created", "modified", "time"}
_RSID = re.compile(r"^(?:paragraph-)?rsid")
_ELEMENTS_OUT = {
    "rsids", "rsid", "docVars", "attachedTemplate", "absPath", "fileSharing", "presenceInfo", "lastPrinted",
    "documentProtection", "script", "metadata", "fileRecoveryPr", "writeProtection", "proofState",
}  # fmt: skip
_AUTHOR_ELEMENTS = {"creator", "author", "creator-initials", "initials", "sender-initials", "initial-creator"}
_TIME_ELEMENTS = {"date", "creation-date", "modification-date"}
_FILE_NAME = re.compile(r"[\\/]|\.[A-Za-z0-9]{2,5}$")
_OF_PICTURES = {"cNvPr", "docPr"}


def clean_office(content: bytes, kind: str, nested: int = 0) -> bytes:
    """The same document. Raises `NotCleaned`: "damaged", "bomb", "encrypted", "embedded-file"."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = _read_parts(archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, EOFError, OSError):
        raise NotCleaned("damaged") from None
    left = {name: body for name, body in parts.items() if not _is_left_out(name, kind)}
    cleaned = {name: _clean_part(name, body, left, nested) for name, body in left.items()}
    return _write(cleaned)


def _read_parts(archive: zipfile.ZipFile) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    unpacked = 0
    for info in archive.infolist():
        if info.flag_bits & 1:
            raise NotCleaned("encrypted")
        if info.is_dir():
            continue
        with archive.open(info) as part:
            # What is unpacked counts, not what the list says.
            body = part.read(MOST_UNPACKED - unpacked + 1)
        unpacked += len(body)
        if unpacked > MOST_UNPACKED:
            raise NotCleaned("bomb")
        parts[info.filename] = body
    return parts


def _is_left_out(name: str, kind: str) -> bool:
    return bool(_LEFT_OUT.search(name) or (kind not in _CODES_OOXML and _ODF_SETTINGS.search(name)))


def _clean_part(name: str, body: bytes, left: Iterable[str], nested: int) -> bytes:
    if name == "mimetype" or not body:
        return body
    if name == "[Content_Types].xml":
        return _edit_xml(body, lambda root: _drop_missing_parts(root, left))
    if name == "META-INF/manifest.xml":
        return _edit_xml(body, lambda root: _clean_manifest(root, left))
    if name.endswith(".rels"):
        return _edit_xml(body, lambda root: _clean_relationships(root, name, left))
    if _XML.search(name):
        return _edit_xml(body, _clean_tree)
    if _FONTS.search(name) or _DRAWINGS.search(name):
        return body
    return _clean_media(body, nested)


def _clean_media(body: bytes, nested: int) -> bytes:
    """A picture, a sound, a film or another document inside a document."""
    try:
        kind = tell_kind(look_at(body))
    except FilesError:
        raise NotCleaned("embedded-file") from None
    if kind.shown == "image":
        return clean_image(body, kind.code)
    if kind.code in ("mp3", "wav", "flac", "ogg"):
        return clean_sound(body, kind.code)
    if kind.code in ("mp4", "m4a", "mov", "3gp"):
        return b"".join(blank(iter([body]), plan_blanking(io.BytesIO(body))))
    if kind.code in ("docx", "xlsx", "pptx", "odt", "ods", "odp") and nested < _NESTED:
        return clean_office(body, kind.code, nested + 1)
    raise NotCleaned("embedded-file")


def _edit_xml(body: bytes, edit: Callable[[etree._Element], None]) -> bytes:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        raise NotCleaned("damaged") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise NotCleaned("damaged")
    edit(root)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written


def _clean_tree(root: etree._Element) -> None:
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            _remove(element)
            continue
        name = etree.QName(element).localname
        if name in _ELEMENTS_OUT and element.getparent() is not None:
            _remove(element)
        elif name in _AUTHOR_ELEMENTS and element.text and len(element) == 0:
            element.text = _AUTHOR
        elif name in _TIME_ELEMENTS and len(element) == 0 and _is_change(element):
            element.text = "1980-01-01T00:00:00"
        _clean_attributes(element, name)


def _is_change(element: etree._Element) -> bool:
    """Whether a date is of a change or a remark, not a date in the text itself."""
    parent = element.getparent()
    return parent is not None and etree.QName(parent).localname in ("change-info", "annotation", "creation", "deletion")


def _clean_attributes(element: etree._Element, name: str) -> None:
    is_author = name in ("cmAuthor", "author", "person")
    for attribute in list(element.attrib):
        local = etree.QName(attribute).localname
        value = str(element.attrib[attribute])
        if _RSID.match(local):
            del element.attrib[attribute]
        elif (local in _AUTHOR_NAMES and not _is_number(value)) or (is_author and local in ("name", "displayName")):
            element.attrib[attribute] = _AUTHOR
        elif local in _TIME_NAMES and re.match(r"\d{4}-\d\d-\d\dT", value):
            del element.attrib[attribute]
        elif (name in _OF_PICTURES and local in ("name", "descr", "title") and _FILE_NAME.search(value)) or (
            name == "imagedata" and local == "title"
        ):
            element.attrib[attribute] = "image"
        elif local == "href" and value.lower().startswith("file:"):
            element.attrib[attribute] = ""


def _is_number(value: str) -> bool:
    # In slides and tables “author” may be the number of one in a list.
    return value.isascii() and value.isdigit()


def _drop_missing_parts(root: etree._Element, left: Iterable[str]) -> None:
    there = set(left)
    for element in list(root):
        part = element.get("PartName")
        if part is not None and part.lstrip("/") not in there:
            _remove(element)


def _clean_manifest(root: etree._Element, left: Iterable[str]) -> None:
    there = set(left)
    for element in list(root.iter()):
        if etree.QName(element).localname == "encryption-data":
            raise NotCleaned("encrypted")
    for element in list(root):
        path = next((value for key, value in element.attrib.items() if etree.QName(key).localname == "full-path"), "/")
        is_folder = path.endswith("/")
        if (not is_folder and path not in there) or (is_folder and _LEFT_OUT.search(path)):
            _remove(element)


def _clean_relationships(root: etree._Element, name: str, left: Iterable[str]) -> None:
    there = set(left)
    folder = posixpath.dirname(posixpath.dirname(name))
    for element in list(root):
        target, kind = element.get("Target", ""), element.get("Type", "")
        if element.get("TargetMode") == "External":
            if kind.endswith("/attachedTemplate"):
                _remove(element)
            elif not kind.endswith("/hyperlink") or target.lower().startswith("file:") or "\\" in target:
                # What would be fetched when the document is opened, and paths of somebody's computer.
                element.set("Target", "about:blank")
            continue
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        if path not in there:
            _remove(element)


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _write(parts: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        # The media type of OpenDocument comes first, and not packed.
        for name in sorted(parts, key=lambda each: (each != "mimetype", each != "[Content_Types].xml")):
            info = zipfile.ZipInfo(name, _MADE)
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            info.create_system = 0
            archive.writestr(info, parts[name])
    return written.getvalue()
