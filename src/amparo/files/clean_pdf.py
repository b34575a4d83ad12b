"""PDF without what tells of its making, without what runs, and without files in it. Pure.

Keys after ISO 32000-2: 7.11.4 embedded files, 12.6 actions, 14.3 metadata, 14.5 page-piece dictionaries.
"""

import io

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from amparo.files.clean_images import strip_jpeg
from amparo.files.errors import NotCleaned

_DEEPEST = 200
_FROM_ROOT = (
    "/OpenAction", "/AA", "/AF", "/Collection", "/Perms", "/Legal", "/DSS", "/Threads", "/SpiderInfo", "/Requirements",
    "/URI",
)  # fmt: skip
# Anywhere: metadata, private data of programs, thumbnails, what happens by itself, embedded files.
_ANYWHERE = ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/AA", "/AF", "/EF", "/JS", "/XFA", "/Measure")
_ACTIONS_THAT_RUN = {
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Rendition", "/Movie", "/Sound",
    "/RichMediaExecute", "/GoTo3DView",
}  # fmt: skip
_ANNOTATIONS_OUT = {"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"}
# Of a remark in the margin: who made it, and when.
_OF_ANNOTATIONS = ("/T", "/M", "/CreationDate", "/NM", "/RC")
_OF_SIGNATURES = {"/Sig", "/DocTimeStamp"}


def clean_pdf(content: bytes) -> bytes:
    """The same pages. Raises `NotCleaned`: "encrypted", "damaged", "bomb" for what is nested without end."""
    try:
        with Pdf.open(io.BytesIO(content)) as pdf:
            if Name.Info in pdf.trailer:
                del pdf.trailer.Info
            _clean_root(pdf.Root)
            for each in pdf.objects:
                _clean(each, 0)
            written = io.BytesIO()
            # Only what the pages need is written: earlier versions of a page, kept in the file, are not.
            pdf.save(
                written,
                encryption=False,
                deterministic_id=True,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                fix_metadata_version=False,
            )
            return written.getvalue()
    except pikepdf.PasswordError:
        raise NotCleaned("encrypted") from None
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, KeyError, AttributeError):
        raise NotCleaned("damaged") from None


def _clean_root(root: Object) -> None:
    for name in _FROM_ROOT:
        _drop(root, name)
    if (names := root.get("/Names")) is not None:
        # Names of places, which links lead to, stay; scripts and embedded files have names too.
        kept = {"/Dests": names["/Dests"]} if "/Dests" in names else {}
        root["/Names"] = Dictionary(kept)


def _clean(each: Object, depth: int) -> None:
    """Clean an object and what lies in it directly: what it points to has a turn of its own."""
    if depth > _DEEPEST:
        raise NotCleaned("bomb")
    if isinstance(each, Array):
        _clean_array(each, depth)
    elif isinstance(each, Dictionary | Stream):
        _clean_dictionary(each, depth)


def _clean_array(array: Array, depth: int) -> None:
    for place in range(len(array) - 1, -1, -1):
        item = array[place]
        if isinstance(item, Dictionary) and str(item.get("/Subtype", "")) in _ANNOTATIONS_OUT and "/Rect" in item:
            del array[place]
        elif isinstance(item, Object) and not item.is_indirect:
            _clean(item, depth + 1)


def _clean_dictionary(each: Dictionary | Stream, depth: int) -> None:
    for name in _ANYWHERE:
        _drop(each, name)
    if str(each.get("/S", "")) in _ACTIONS_THAT_RUN:
        for name in list(each.keys()):
            _drop(each, name)
        # An action that leads nowhere, where one has to be.
        each["/S"] = Name.Named
        each["/N"] = Name("/Nothing")
    is_remark = "/Subtype" in each and "/Rect" in each and each.get("/Subtype") != Name.Widget
    if is_remark:
        for name in _OF_ANNOTATIONS:
            _drop(each, name)
    if str(each.get("/FT", "")) == "/Sig" or str(each.get("/Type", "")) in _OF_SIGNATURES:
        _drop(each, "/V")
        for name in ("/Name", "/Location", "/Reason", "/ContactInfo", "/M", "/Contents", "/Cert", "/Prop_Build"):
            _drop(each, name)
    if isinstance(each, Stream):
        _clean_stream(each)
    for name in list(each.keys()):
        item = each[name]
        if isinstance(item, Object) and not item.is_indirect and name != "/Parent":
            _clean(item, depth + 1)


def _clean_stream(stream: Stream) -> None:
    if str(stream.get("/Type", "")) == "/EmbeddedFile":
        stream.write(b"")
        return
    filters = stream.get("/Filter")
    only = filters[0] if isinstance(filters, Array) and len(filters) == 1 else filters
    if only == Name.DCTDecode:
        parameters = stream.get("/DecodeParms")
        stream.write(strip_jpeg(stream.read_raw_bytes()), filter=Name.DCTDecode)
        if parameters is not None:
            stream["/DecodeParms"] = parameters


def _drop(each: Object, name: str) -> None:
    if name in each:
        del each[name]
