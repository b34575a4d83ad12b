"""Copies without metadata: what was hidden is gone, what can be seen and heard stays."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import openpyxl
import pikepdf
import pytest
import xlsxwriter
from PIL import Image, ImageCms

from amparo.files.clean_images import clean_image
from amparo.files.clean_office import clean_office
from amparo.files.clean_pdf import clean_pdf
from amparo.files.errors import NotCleaned
from amparo.files.previews import first_lines, make_small
from tests.files import making
from tests.files.making import PLACE, SECRET, assert_gone

IMAGES: dict[str, Callable[[], bytes]] = {
    "jpeg": making.jpeg,
    "png": making.png,
    "webp": making.webp,
    "gif": making.gif,
    "tiff": making.tiff,
}


def reason(clean: Callable[[], object]) -> str:
    with pytest.raises(NotCleaned) as not_cleaned:
        clean()
    return not_cleaned.value.code


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def is_red(pixel: object) -> bool:
    red, green, blue = pixel  # type: ignore[misc]
    return red > 200 and green < 60 and blue < 60


@pytest.mark.parametrize("kind", IMAGES)
def test_an_image_keeps_its_pixels_and_nothing_else(kind: str) -> None:
    original = IMAGES[kind]()
    assert SECRET.encode() in original or kind == "png"

    cleaned = clean_image(original, kind)

    assert_gone(cleaned)
    with Image.open(io.BytesIO(cleaned)) as image:
        assert image.format == kind.upper()
        assert image.size == (40, 20)
        assert dict(image.getexif().get_ifd(0x8825)) == {}
        assert not {"comment", "xmp", "XML:com.adobe.xmp", "photoshop", "icc_profile", "Author"} & set(image.info)
        assert is_red(image.convert("RGB").getpixel((2, 2)))


def test_a_photo_is_upright_afterwards() -> None:
    # Six: the camera was turned by a quarter.
    with Image.open(io.BytesIO(clean_image(making.jpeg(orientation=6), "jpeg"))) as image:
        assert image.size == (20, 40)
        assert is_red(image.getpixel((10, 4)))
        assert not is_red(image.getpixel((10, 36)))


def test_an_animation_keeps_its_frames_and_their_times() -> None:
    with Image.open(io.BytesIO(clean_image(making.gif(), "gif"))) as image:
        assert (image.n_frames, image.info["loop"]) == (3, 0)
        durations = []
        for number in range(3):
            image.seek(number)
            durations.append(image.info["duration"])
    assert durations == [100, 200, 300]


def test_colours_of_another_profile_come_out_right_and_the_profile_goes() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    written = io.BytesIO()
    making.picture().save(written, "PNG", icc_profile=profile)

    with Image.open(io.BytesIO(clean_image(written.getvalue(), "png"))) as image:
        assert "icc_profile" not in image.info
        assert image.getpixel((2, 2)) == (255, 0, 0)


def test_an_image_that_would_fill_the_memory_is_refused_before_it_is_unpacked() -> None:
    huge = bytearray(making.png())
    huge[16:24] = struct.pack(">II", 100_000, 100_000)
    start = huge.index(b"IHDR")
    huge[start + 17 : start + 21] = struct.pack(">I", zlib.crc32(huge[start : start + 17]))

    assert reason(lambda: clean_image(bytes(huge), "png")) == "bomb"


@pytest.mark.parametrize("kind", IMAGES)
def test_a_damaged_image_is_said_to_be(kind: str) -> None:
    assert reason(lambda: clean_image(IMAGES[kind]()[:60], kind)) == "damaged"
    assert reason(lambda: clean_image(b"words", kind)) == "damaged"


def test_a_pdf_keeps_its_pages_and_links_and_nothing_else() -> None:
    original = making.pdf()
    assert original.count(SECRET.encode()) > 8

    cleaned = clean_pdf(original)

    with pikepdf.open(io.BytesIO(cleaned)) as pdf:
        assert len(pdf.pages) == 1
        assert b"What happened." in pdf.pages[0].Contents.read_bytes()
        assert not {"/Info"} & set(pdf.trailer.keys())
        assert not {"/Metadata", "/OpenAction", "/AA"} & set(pdf.Root.keys())
        assert len(pdf.attachments) == 0
        links = [each.A for each in pdf.pages[0].Annots if "/A" in each]
        assert [str(each.URI) for each in links if "/URI" in each] == ["https://example.org/kept"]
        assert "/Launch" not in [str(each.S) for each in links]
        photo = pdf.pages[0].Resources.XObject.Photo.read_raw_bytes()
        with Image.open(io.BytesIO(photo)) as image:
            assert image.size == (64, 64)
            assert not image.getexif()
        unpacked = io.BytesIO()
        pdf.save(
            unpacked,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    assert_gone(unpacked.getvalue())
    assert_gone(cleaned)
    for word in (b"JavaScript", b"EmbeddedFile", b"PieceInfo", b"XFA"):
        assert word not in unpacked.getvalue()


def test_a_pdf_under_a_password_is_said_to_be() -> None:
    with pikepdf.open(io.BytesIO(making.pdf())) as pdf:
        written = io.BytesIO()
        pdf.save(written, encryption=pikepdf.Encryption(user="invented", owner="invented"))

    assert reason(lambda: clean_pdf(written.getvalue())) == "encrypted"
    assert reason(lambda: clean_pdf(b"%PDF-1.7\nwords")) == "damaged"


def test_a_word_document_keeps_its_text_and_pictures_and_nothing_else() -> None:
    cleaned = clean_office(making.docx(), "docx")

    parts = parts_of(cleaned)
    for name, body in parts.items():
        assert_gone(body)
        assert_gone(name.encode())
    assert_gone(cleaned)
    assert not any(name.startswith(("docProps/", "customXml/")) or name.endswith("people.xml") for name in parts)
    text = parts["word/document.xml"].decode()
    assert "What happened." in text
    assert "Added." in text
    assert 'w:author="Author"' in text
    assert "rsid" not in text
    assert "2026-01-01" not in text + parts["word/comments.xml"].decode()
    assert "A remark." in parts["word/comments.xml"].decode()
    assert "docProps" not in parts["[Content_Types].xml"].decode() + parts["_rels/.rels"].decode()
    assert "https://example.org/kept" in parts["word/_rels/document.xml.rels"].decode()
    with Image.open(io.BytesIO(parts["word/media/image1.jpg"])) as image:
        assert not image.getexif()
    with zipfile.ZipFile(io.BytesIO(cleaned)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_an_excel_table_opens_afterwards_with_its_numbers() -> None:
    written = io.BytesIO()
    workbook = xlsxwriter.Workbook(written, {"in_memory": True})
    workbook.set_properties({"author": SECRET, "company": PLACE, "comments": SECRET})
    workbook.set_custom_property("Checked by", SECRET)
    sheet = workbook.add_worksheet("Attacks")
    sheet.write("A1", 42)
    sheet.write("A2", "What happened.")
    sheet.write_comment("A1", "A remark.", {"author": SECRET})
    sheet.insert_image(
        "C3", "photo.jpg", {"image_data": io.BytesIO(making.jpeg()), "description": f"C:\\{SECRET}\\a.jpg"}
    )
    workbook.close()

    cleaned = clean_office(written.getvalue(), "xlsx")

    opened = openpyxl.load_workbook(io.BytesIO(cleaned))
    assert (opened["Attacks"]["A1"].value, opened["Attacks"]["A2"].value) == (42, "What happened.")
    assert opened["Attacks"]["A1"].comment.text == "A remark."
    for body in parts_of(cleaned).values():
        assert_gone(body)


def test_an_opendocument_text_keeps_its_words_and_nothing_else() -> None:
    cleaned = clean_office(making.odt(), "odt")

    parts = parts_of(cleaned)
    for body in parts.values():
        assert_gone(body)
    assert set(parts) == {"mimetype", "content.xml", "Pictures/1.jpg", "META-INF/manifest.xml"}
    assert "What happened." in parts["content.xml"].decode()
    assert "2026" not in parts["content.xml"].decode()
    assert "rsid" not in parts["content.xml"].decode().replace("officeooo", "")
    assert "meta.xml" not in parts["META-INF/manifest.xml"].decode()
    assert cleaned[30:38] == b"mimetype"
    assert cleaned[38:77] == b"application/vnd.oasis.opendocument.text"


@pytest.mark.parametrize(
    ("code", "parts"),
    [
        ("embedded-file", {"word/embeddings/object.bin": bytes(range(256))}),
        ("embedded-file", {"word/media/image2.png": b"MZ" + bytes(50)}),
        ("damaged", {"word/document.xml": "<w:document"}),
        ("damaged", {"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
    ],
)
def test_a_document_that_cannot_be_cleaned_is_said_to_be(code: str, parts: dict[str, bytes | str]) -> None:
    assert reason(lambda: clean_office(making.archive({**making.docx_parts(), **parts}), "docx")) == code


def test_a_document_inside_a_document_is_cleaned_too() -> None:
    outer = making.archive({**making.docx_parts(), "word/embeddings/sheet.docx": making.docx()})

    inner = parts_of(parts_of(clean_office(outer, "docx"))["word/embeddings/sheet.docx"])

    for body in inner.values():
        assert_gone(body)


def test_a_bomb_inside_an_office_document_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amparo.files.clean_office.MOST_UNPACKED", 1_000_000)
    bomb = making.archive({**making.docx_parts(), "word/media/zeros.bin": bytes(2_000_000)})

    assert reason(lambda: clean_office(bomb, "docx")) == "bomb"


@pytest.mark.parametrize("kind", IMAGES)
def test_a_preview_is_small_and_clean(kind: str) -> None:
    small = make_small(IMAGES[kind](), kind)

    assert_gone(small)
    with Image.open(io.BytesIO(small)) as image:
        assert (image.format, image.size) == ("JPEG", (40, 20))


def test_a_large_photo_is_shown_small() -> None:
    with Image.open(io.BytesIO(make_small(making.jpeg(size=(4000, 1000)), "jpeg"))) as image:
        assert image.size == (1200, 300)


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        ("ما حدث".encode(), "ما حدث"),
        ("é".encode("utf-16"), "é"),
        ("é".encode("cp1252"), "é"),
        (b"\xef\xbb\xbfwords", "words"),
        ("é".encode() * 9000, "é" * 5000),
    ],
)
def test_a_text_is_shown_whatever_its_encoding(content: bytes, shown: str) -> None:
    assert first_lines(content) == shown
