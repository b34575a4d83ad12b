"""Files that carry secrets in every place that is known for it, built for the tests."""

import io
import struct
import zipfile
from collections.abc import Mapping

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, PngImagePlugin

SECRET = "Invented Person Ninety"
PLACE = "Invented Camera of Nowhere"
XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:creator>{SECRET}</dc:creator></x:xmpmeta>'.encode()


def forms(secret: str) -> list[bytes]:
    """A secret as it may lie in bytes."""
    return [secret.encode(), secret.encode("utf-16-le"), secret.encode("utf-16-be")]


def assert_gone(content: bytes, *secrets: str) -> None:
    for secret in secrets or (SECRET, PLACE):
        for form in forms(secret):
            assert form not in content, f"{secret!r} is still there"


def exif(orientation: int = 1) -> Image.Exif:
    tags = Image.Exif()
    tags[0x010F], tags[0x013B], tags[0x0112] = PLACE, SECRET, orientation
    tags[0x8769] = {0x9003: "2026:01:01 00:00:00", 0x9286: b"ASCII\0\0\0" + SECRET.encode()}
    tags[0x8825] = {1: "N", 2: (12.0, 34.0, 56.0), 3: "E", 4: (98.0, 7.0, 6.0), 29: "2026:01:01"}
    return tags


def picture(mode: str = "RGB", size: tuple[int, int] = (40, 20)) -> Image.Image:
    """Left half red, right half blue."""
    drawn = Image.new("RGB", size, "red")
    drawn.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    return drawn.convert(mode)


def jpeg(orientation: int = 1, size: tuple[int, int] = (40, 20)) -> bytes:
    written = io.BytesIO()
    picture(size=size).save(written, "JPEG", exif=exif(orientation), comment=SECRET.encode(), xmp=XMP, quality=95)
    plain = written.getvalue()
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(SECRET) + 5) + b"\x1c\x02\x50" + SECRET.encode()
    segment = b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc
    # And what telephones append: a film, or another picture.
    return plain[:2] + segment + plain[2:] + SECRET.encode()


def png() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", SECRET)
    info.add_text("Comment", SECRET, zip=True)
    info.add_itxt("XML:com.adobe.xmp", XMP.decode())
    written = io.BytesIO()
    picture("RGBA").save(written, "PNG", pnginfo=info, exif=exif())
    return written.getvalue()


def webp() -> bytes:
    written = io.BytesIO()
    picture().save(written, "WEBP", exif=exif(), xmp=XMP, lossless=True)
    return written.getvalue()


def tiff() -> bytes:
    written = io.BytesIO()
    picture().save(written, "TIFF", tiffinfo={315: SECRET, 271: PLACE, 700: XMP, 33723: SECRET.encode()}, exif=exif())
    return written.getvalue()


def gif() -> bytes:
    frames = [picture("P"), picture("P").transpose(Image.Transpose.FLIP_LEFT_RIGHT), picture("L").convert("P")]
    written = io.BytesIO()
    frames[0].save(
        written,
        "GIF",
        save_all=True,
        append_images=frames[1:],
        duration=[100, 200, 300],
        loop=0,
        comment=SECRET.encode(),
    )
    return written.getvalue()


def pdf() -> bytes:
    """One page of text and a photo, with secrets in all places that are known for it."""
    made = pikepdf.new()
    photo = jpeg(size=(64, 64))
    page = made.add_blank_page(page_size=(200, 200))
    image = made.make_stream(
        photo,
        Type=Name.XObject, Subtype=Name.Image, Width=64, Height=64, ColorSpace=Name.DeviceRGB, BitsPerComponent=8,
        Filter=Name.DCTDecode, Metadata=made.make_stream(XMP),
    )  # fmt: skip
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.Resources = Dictionary(XObject=Dictionary(Photo=image), Font=Dictionary(F=font))
    page.Contents = made.make_stream(b"BT /F 12 Tf 10 10 Td (What happened.) Tj ET q 64 0 0 64 10 50 cm /Photo Do Q")
    page.obj["/PieceInfo"] = Dictionary(Program=Dictionary(LastModified=String("D:2026"), Private=String(SECRET)))
    page.obj["/LastModified"] = String("D:20260101")
    page.obj["/Thumb"] = made.make_stream(SECRET.encode())
    page.obj["/AA"] = Dictionary(O=Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{SECRET}')")))
    rect = Array([0, 0, 9, 9])
    embedded = Dictionary(F=made.make_stream(SECRET.encode(), Type=Name.EmbeddedFile))
    attached = Dictionary(Type=Name.Filespec, F=String(SECRET), EF=embedded)
    launch = Dictionary(S=Name.Launch, F=String(f"C:\\Users\\{SECRET}"))
    kept = Dictionary(S=Name.URI, URI=String("https://example.org/kept"))
    remark = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=rect, T=String(SECRET), Contents=String("A remark."))
    remark["/M"], remark["/NM"] = String("D:2026"), String(SECRET)
    page.obj["/Annots"] = Array(
        [
            made.make_indirect(remark),
            Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=rect, FS=attached),
            made.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=rect, A=launch)),
            made.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=rect, A=kept)),
        ]
    )
    made.docinfo["/Author"], made.docinfo["/Creator"], made.docinfo["/Secret"] = SECRET, PLACE, SECRET
    made.Root.Metadata = made.make_stream(XMP, Type=Name.Metadata, Subtype=Name.XML)
    made.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String(SECRET))
    signed = Dictionary(Type=Name.Sig, Name=String(SECRET), Contents=String(SECRET))
    signature = made.make_indirect(Dictionary(FT=Name.Sig, T=String("Signature"), V=signed))
    made.Root.AcroForm = Dictionary(Fields=[signature], XFA=made.make_stream(SECRET.encode()))
    made.attachments["invented.txt"] = pikepdf.AttachedFileSpec(made, SECRET.encode(), filename=f"{SECRET}.txt")
    made.Root.Names["/JavaScript"] = Dictionary(
        Names=[String("first"), Dictionary(S=Name.JavaScript, JS=String(SECRET))]
    )
    written = io.BytesIO()
    made.save(written, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return written.getvalue()


def archive(parts: Mapping[str, bytes | str], *, stored: bool = False) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as made:
        for name, body in parts.items():
            info = zipfile.ZipInfo(name, (2026, 1, 2, 3, 4, 6))
            made.writestr(info, body, zipfile.ZIP_STORED if stored or name == "mimetype" else zipfile.ZIP_DEFLATED)
    return written.getvalue()


_W = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"'
)
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def docx_parts() -> dict[str, bytes | str]:
    overrides = "".join(
        f'<Override PartName="{name}" ContentType="{kind}"/>'
        for name, kind in (
            ("/word/document.xml", f"{WORD}.document.main+xml"),
            ("/word/comments.xml", f"{WORD}.comments+xml"),
            ("/word/people.xml", f"{WORD}.people+xml"),
            ("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
        )
    )
    picture_part = (
        '<w:drawing><wp:docPr xmlns:wp="urn:wp" id="1" name="IMG_2026.jpg" '
        f'descr="C:\\Users\\{SECRET}\\IMG_2026.jpg"/></w:drawing>'
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="jpg" ContentType="image/jpeg"/><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_R}/officeDocument" Target="word/document.xml"/>'
        '<Relationship Id="r2" Type="core" Target="docProps/core.xml"/>'
        '<Relationship Id="r3" Type="thumbnail" Target="docProps/thumbnail.jpeg"/></Relationships>',
        "word/document.xml": f'<w:document {_W}><w:body><w:p w:rsidR="00AB12CD"><w:r><w:t>What happened.</w:t></w:r>'
        f'<w:ins w:id="1" w:author="{SECRET}" w:date="2026-01-01T00:00:00Z"><w:r><w:t>Added.</w:t></w:r></w:ins>'
        f"<w:r>{picture_part}</w:r></w:p><!-- {SECRET} --></w:body></w:document>",
        "word/comments.xml": f'<w:comments {_W}><w:comment w:id="0" w:author="{SECRET}" w:initials="IPN" '
        'w:date="2026-01-01T00:00:00Z"><w:p><w:r><w:t>A remark.</w:t></w:r></w:p></w:comment></w:comments>',
        "word/people.xml": f'<w15:people {_W}><w15:person w15:author="{SECRET}"/></w15:people>',
        "word/settings.xml": f'<w:settings {_W}><w:rsids><w:rsid w:val="00AB12CD"/></w:rsids>'
        f'<w:docVars><w:docVar w:name="a" w:val="{SECRET}"/></w:docVars></w:settings>',
        "word/_rels/settings.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_R}/attachedTemplate" Target="file:///C:/Users/{SECRET}/x.dotm" '
        'TargetMode="External"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_R}/image" Target="media/image1.jpg"/>'
        f'<Relationship Id="r2" Type="{_R}/hyperlink" Target="https://example.org/kept" TargetMode="External"/>'
        '<Relationship Id="r3" Type="people" Target="people.xml"/></Relationships>',
        "word/media/image1.jpg": jpeg(),
        "docProps/core.xml": f"<a><creator>{SECRET}</creator></a>",
        "docProps/app.xml": f"<a><Company>{PLACE}</Company></a>",
        "docProps/custom.xml": f"<a>{SECRET}</a>",
        "docProps/thumbnail.jpeg": jpeg(),
        "customXml/item1.xml": f"<a>{SECRET}</a>",
    }


def docx() -> bytes:
    return archive(docx_parts())


def odt_parts() -> dict[str, bytes | str]:
    office = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" '
        'xmlns:officeooo="http://openoffice.org/2009/office" '
        'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"'
    )
    manifest = "".join(
        f'<m:file-entry m:full-path="{name}" m:media-type=""/>'
        for name in ("/", "content.xml", "meta.xml", "settings.xml", "Thumbnails/thumbnail.png", "Pictures/1.jpg")
    )
    return {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f"<office:document-content {office}><office:body><office:text>"
        f"<text:tracked-changes><text:changed-region><text:insertion><office:change-info><dc:creator>{SECRET}</dc:creator>"
        "<dc:date>2026-01-01T00:00:00</dc:date></office:change-info></text:insertion></text:changed-region></text:tracked-changes>"
        f'<text:p officeooo:rsid="00ab12cd">What happened.<office:annotation><dc:creator>{SECRET}</dc:creator>'
        f"<meta:creator-initials>{SECRET}</meta:creator-initials></office:annotation></text:p>"
        f'<text:a xlink:href="file:///home/{SECRET}/x.odt">there</text:a></office:text></office:body></office:document-content>',
        "meta.xml": f"<a><creator>{SECRET}</creator></a>",
        "settings.xml": f"<a>{PLACE}</a>",
        "Thumbnails/thumbnail.png": png(),
        "Pictures/1.jpg": jpeg(),
        "META-INF/manifest.xml": '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        + manifest
        + "</m:manifest>",
    }


def odt() -> bytes:
    return archive(odt_parts())


def box(kind: bytes, *inner: bytes) -> bytes:
    body = b"".join(inner)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def movie(brand: bytes = b"isom", *, position_track: bool = True, index_last: bool = True) -> bytes:
    """A film of one video track and one track of positions, with secrets wherever cameras put them."""
    ftyp = box(b"ftyp", brand, bytes(4), brand)
    film, positions = b"film-samples" * 50, (SECRET.encode() + b" 12.34 56.78 ") * 4
    mdat = box(b"mdat", film + positions)

    def track(handler: bytes, start: int, size: int, samples: int, entry: bytes) -> bytes:
        stbl = box(
            b"stbl",
            box(b"stsd", struct.pack(">II", 0, 1), entry),
            box(b"stsz", struct.pack(">III", 0, size // samples, samples)),
            box(b"stsc", struct.pack(">II", 0, 1), struct.pack(">III", 1, samples, 1)),
            box(b"stco", struct.pack(">III", 0, 1, start)),
        )
        hdlr = box(b"hdlr", bytes(8), handler, b"appl" + bytes(8), PLACE.encode() + b"\0")
        mdhd = box(b"mdhd", struct.pack(">IIIII", 0, 3_800_000_001, 3_800_000_002, 600, 1200), bytes(4))
        tkhd = box(b"tkhd", struct.pack(">IIIII", 7, 3_800_000_001, 3_800_000_002, 1, 0), bytes(64))
        return box(
            b"trak", tkhd, box(b"udta", box(b"name", SECRET.encode())), box(b"mdia", mdhd, hdlr, box(b"minf", stbl))
        )

    def index(offset: int) -> bytes:
        compressor = bytes([len(PLACE)]) + PLACE.encode().ljust(31, b"\0")
        numbers = struct.pack(">HH", 64, 48) + bytes(14) + compressor + bytes(4)
        visual = box(b"avc1", bytes(6), b"\0\1", bytes(4), b"appl", bytes(8), numbers, box(b"avcC", bytes(8)))
        tracks = [track(b"vide", offset, len(film), 50, visual)]
        if position_track:
            tracks.append(
                track(b"meta", offset + len(film), len(positions), 4, box(b"mebx", bytes(8), SECRET.encode()))
            )
        return box(
            b"moov",
            box(b"mvhd", struct.pack(">IIIII", 0, 3_800_000_001, 3_800_000_002, 600, 1200), bytes(80)),
            *tracks,
            box(b"udta", box(b"\xa9xyz", b"\0\x12\x15\xc7" + PLACE.encode()), box(b"loci", bytes(6), PLACE.encode())),
            box(
                b"meta",
                bytes(4),
                box(b"keys", bytes(8), b"mdtacom.apple.quicktime.location.ISO6709"),
                box(b"ilst", PLACE.encode()),
            ),
        )

    xmp = box(b"uuid", bytes(16), XMP)
    waste = box(b"free", SECRET.encode())
    if index_last:
        return ftyp + waste + mdat + index(len(ftyp) + len(waste) + 8) + xmp
    length = len(index(0))
    return ftyp + index(len(ftyp) + length + 8) + mdat + xmp + waste


def heic(*, further: bytes = b"Exif") -> bytes:
    """A photo of one invented picture item, with Exif in the data, and XMP beside the index."""
    picture_bytes, told = b"picture-bits" * 20, b"\0\0\0\6Exif\0\0" + SECRET.encode() + PLACE.encode()
    ftyp = box(b"ftyp", b"heic", bytes(4), b"mif1heic")

    def entry(item: int, kind: bytes) -> bytes:
        return box(
            b"infe", b"\2\0\0\0", struct.pack(">HH", item, 0), kind, b"\0", b"application/rdf+xml\0" * (kind == b"mime")
        )

    def meta(start: int) -> bytes:
        places = struct.pack(">HHHHII", 1, 0, 0, 1, start, len(picture_bytes))
        places += struct.pack(">HHHHII", 2, 0, 0, 1, start + len(picture_bytes), len(told))
        places += struct.pack(">HHHHII", 3, 1, 0, 1, 0, len(XMP))
        return box(
            b"meta",
            bytes(4),
            box(b"hdlr", bytes(8), b"pict", bytes(13)),
            box(b"pitm", bytes(4), b"\0\1"),
            box(b"iinf", bytes(4), b"\0\3", entry(1, b"hvc1"), entry(2, further), entry(3, b"mime")),
            box(b"iloc", b"\1\0\0\0", b"\x44\0", b"\0\3", places),
            box(b"iprp", box(b"ipco", box(b"irot", b"\1"), box(b"udes", bytes(4), SECRET.encode() + b"\0"))),
            box(b"idat", XMP),
        )

    head = len(ftyp) + len(meta(0)) + 8
    return ftyp + meta(head) + box(b"mdat", picture_bytes, told)
