"""Feeds and tables are read from their bytes, and nothing in them does any harm."""

import time
from contextlib import suppress
from datetime import date

import pytest

from amparo.warning.media.feeds import read_feed
from amparo.warning.media.items import MOST_ITEMS, Item, ItemsRefused, is_link, plain_text
from amparo.warning.media.tables import read_table

RSS = """<?xml version="1.0" encoding="{encoding}"?>
<rss version="2.0"><channel><title>Invented Gazette</title><language>es-CO</language>{items}</channel></rss>"""
ENTRY = (
    "<item><title>Amenaza a <b>defensora</b> &amp; líder</title><link>https://gazette.example/1</link>"
    "<pubDate>Tue, 10 Mar 2026 23:30:00 -0500</pubDate></item>"
)
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ar"><title>صحيفة متخيَّلة</title>
<entry><title type="html">&lt;p&gt;خبر&lt;/p&gt;</title><link href="https://gazette.example/2"/>
<updated>2026-04-02T01:00:00Z</updated></entry></feed>"""


def rss(items: str, encoding: str = "utf-8") -> bytes:
    return RSS.format(encoding=encoding, items=items).encode(encoding)


def test_it_works() -> None:
    assert read_feed(rss(ENTRY)).items == (
        Item("Amenaza a defensora & líder", "https://gazette.example/1", "Invented Gazette", "es", date(2026, 3, 11)),
    )


def test_atom_is_read_too() -> None:
    (item,) = read_feed(ATOM.encode()).items
    assert (item.title, item.link, item.published_on) == ("خبر", "https://gazette.example/2", date(2026, 4, 2))


@pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-16", "windows-1252"])
def test_a_declared_encoding_is_followed(encoding: str) -> None:
    assert read_feed(rss(ENTRY, encoding)).items[0].title == "Amenaza a defensora & líder"


def test_a_wrong_encoding_breaks_nothing() -> None:
    (item,) = read_feed(rss(ENTRY, "iso-8859-1").replace(b"iso-8859-1", b"utf-8")).items
    assert item.link == "https://gazette.example/1"
    assert item.title.startswith("Amenaza a defensora")


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://a.example/", "/relative", "",
     "https://user:word@gazette.example/", "https://", "https://gazette.example/a b", "https://[::1", "x" * 2000],
)  # fmt: skip
def test_what_is_no_address_of_a_page_is_left_out(link: str) -> None:
    assert not is_link(link)
    read = read_feed(rss(ENTRY + f"<item><title>Other</title><link>{link}</link></item>"))
    assert (len(read.items), read.left_out) == (1, 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_bomb_is_not_set_off(encoding: str) -> None:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha">{levels}]><rss><channel>&l11;</channel></rss>'
    with pytest.raises(ItemsRefused) as refused:
        read_feed(bomb.encode(encoding))
    assert refused.value.code == "declares-entities"


def test_a_file_of_this_machine_is_not_read_into_a_feed() -> None:
    stolen = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    with pytest.raises(ItemsRefused):
        read_feed(stolen.encode() + rss("<item><title>&x;</title><link>https://a.example/</link></item>"))


@pytest.mark.parametrize("encoding", ["utf-7", "unicode-1-1-utf-7", "hz-gb-2312", "cp037", "zlib", "rot13", "no-such"])
def test_an_encoding_in_which_signs_hide_is_refused(encoding: str) -> None:
    hidden = f'<?xml version="1.0" encoding="{encoding}"?>+ADwAIQ-DOCTYPE rss+AD4-' + rss(ENTRY).decode()[40:]
    for content in (hidden.encode(), b"\xef\xbb\xbf" + hidden.encode(), rss(ENTRY).decode().encode("cp037")):
        with pytest.raises(ItemsRefused, match="no-feed"):
            read_feed(content)


def test_where_the_feed_declares_no_encoding_that_of_its_answer_is_followed() -> None:
    content = rss(ENTRY).split(b"?>", 1)[1].decode().encode("windows-1252")
    assert read_feed(content, "windows-1252").items[0].title == "Amenaza a defensora & líder"
    assert read_feed(rss(ENTRY), "windows-1252").items[0].title == "Amenaza a defensora & líder"
    for wrong in ("no-such\r\nX: y", "utf-7", "utf-16", ""):
        assert read_feed(content, wrong).items[0].link == "https://gazette.example/1"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig"])
def test_a_feed_tells_its_title_its_language_and_whether_its_end_is_there(encoding: str) -> None:
    whole = rss(ENTRY).decode().replace("utf-8", encoding.removesuffix("-sig"))
    read = read_feed(whole.encode(encoding))
    assert (read.title, read.language, read.is_whole) == ("Invented Gazette", "es", True)
    assert not read_feed(whole[:-20].encode(encoding)).is_whole
    assert read_feed(ATOM.encode() + b"<!-- made in 0.1 seconds -->").is_whole


def test_a_feed_of_100_000_items_is_refused_at_once() -> None:
    with pytest.raises(ItemsRefused) as refused:
        read_feed(b"<rss><channel>" + b"<item/>" * 100_000)
    assert (refused.value.code, refused.value.details) == ("too-many-items", {"limit": MOST_ITEMS})
    with pytest.raises(ItemsRefused, match="too-large"):
        read_feed(rss(ENTRY * 20_000))


@pytest.mark.parametrize("signs", ["&lt;a ", "&lt;/", "&lt;?", '&lt;a b="', "&lt;!--", "&amp;#x"])
def test_a_title_that_is_made_to_be_read_slowly_is_cut(signs: str) -> None:
    began = time.process_time()
    read_feed(rss(ENTRY.replace("Amenaza", signs * 50_000)))
    assert time.process_time() - began < 2


@pytest.mark.parametrize("signs", ["<a>", "<a ", "<![", "</", "<b/>", "<", "<a:b>"])
def test_a_file_of_nothing_but_tags_is_refused_at_once(signs: str) -> None:
    began = time.process_time()
    with pytest.raises(ItemsRefused, match="no-feed"):
        read_feed(rss(ENTRY + signs * 400_000))
    assert time.process_time() - began < 1


def test_as_many_items_as_are_allowed_are_read() -> None:
    assert len(read_feed(rss(ENTRY * MOST_ITEMS)).items) == MOST_ITEMS


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<",
        b"<html><body>no feed</body></html>",
        b"\x00\xff" * 50,
        b"https://a/",
        b'<?xml version="1.0" encoding="u\xcaf"?><rss/>',
    ],
)
def test_what_is_no_feed_is_refused(content: bytes) -> None:
    with pytest.raises(ItemsRefused, match="no-feed"):
        read_feed(content)


def test_scripts_and_turned_letters_go_out_of_words() -> None:
    assert plain_text("A<script>alert(1)</script> <p>b</p>\u202ec\x07\ud800") == "A bc ?"
    assert plain_text("1 < 2 and <unfinished") != ""


@pytest.mark.parametrize("broken", ["<![CDATAx", "<![", "&#99999999999999999999;", "<!DOCTYPE", "<!x", "<?", "&#0;"])
def test_broken_markup_breaks_nothing(broken: str) -> None:
    assert "words" in plain_text(f"words {broken}")
    for content in (f"{ENTRY}{broken}", f"{broken}{ENTRY}", ENTRY.replace("Amenaza", f"<![CDATA[{broken}]]>")):
        with suppress(ItemsRefused):
            assert read_feed(rss(content)).items


def test_the_same_page_is_the_same_item() -> None:
    one, other = (Item("x", f"https://a.example/p?q=1{more}") for more in ("", "&utm_source=feed#top"))
    assert one.key == other.key
    assert one.key != Item("x", "https://a.example/p?q=2").key


def test_a_table_is_read() -> None:
    content = (
        "\ufeffLink;Title;Language;published_on\nhttps://a.example/;Título;es;2026-03-10\n\nhttp://b.example;Otro;;\n"
    )
    assert read_table(content.encode()) == (
        Item("Título", "https://a.example/", "", "es", date(2026, 3, 10)),
        Item("Otro", "http://b.example"),
    )


@pytest.mark.parametrize(
    ("content", "code", "row", "field"),
    [
        ("title,publisher\nx,y\n", "missing-column", None, "link"),
        ("", "missing-column", None, "link"),
        ("title,link\n", "no-items", None, ""),
        ("title,link\nx,https://a.example/\n,https://b.example/\n", "no-title", 3, "title"),
        ("title,link\nx,javascript:alert(1)\n", "no-link", 2, "link"),
        ("title,link,language\nx,https://a.example/,english!\n", "no-language", 2, "language"),
        ("title,link,published_on\nx,https://a.example/,10/03/2026\n", "no-day", 2, "published_on"),
        ("title,link,published_on\nx,https://a.example/,2026-02-30\n", "no-day", 2, "published_on"),
        ("title,link\nx,https://a.example/,more\n", "too-many-cells", 2, ""),
        (f"title,link\n{'x' * 501},https://a.example/\n", "too-long", 2, "title"),
        ('title,link\n"x"y,https://a.example/\n', "not-csv", 2, ""),
        ("title,link\n" + "x,https://a.example/\n" * (MOST_ITEMS + 1), "too-many-items", None, ""),
    ],
)
def test_a_wrong_table_is_refused_with_its_place(content: str, code: str, row: int | None, field: str) -> None:
    with pytest.raises(ItemsRefused) as refused:
        read_table(content.encode())
    assert (refused.value.code, refused.value.row, refused.value.field) == (code, row, field)


@pytest.mark.parametrize(
    "content", ["title,link\né,https://a.example/".encode("latin-1"), "title,link".encode("utf-16")]
)
def test_a_table_in_another_encoding_is_refused(content: bytes) -> None:
    with pytest.raises(ItemsRefused, match="not-utf-8"):
        read_table(content)
