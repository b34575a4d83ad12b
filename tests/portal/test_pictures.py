"""Charts taken away as files: they say by themselves what they are and where they are from."""

import re
from io import BytesIO

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client
from lxml import etree
from PIL import Image

from amparo.portal.charting.pictures import HIGHEST, PNG_WIDTH, to_png
from amparo.statistics.models import Release
from amparo.ui.charts.alone import Picture
from tests.portal.reading import ask, make_cache

KINDS = {
    "line": "dataset=cpj&rows=year&columns=sex&chart=line",
    "bar": "dataset=cpj&rows=sex&chart=bar",
    "multiples": "dataset=cpj&rows=year&columns=status&chart=multiples",
    "heat": "dataset=global-witness&rows=sector&columns=year&chart=heat",
    "slope": "dataset=global-witness&rows=sex&columns=year&chart=slope",
    "map": "dataset=global-witness&rows=country&chart=map",
}
each_kind = pytest.mark.parametrize("kind", KINDS)
LARGEST = 400_000


def open_png(content: bytes) -> Image.Image:
    picture = Image.open(BytesIO(content))
    picture.load()
    return picture


@each_kind
@pytest.mark.parametrize("language", ["en", "ar"])
def test_it_works(kind: str, language: str, release: Release, client: Client) -> None:
    answer = client.get(f"/{language}/explore/chart.svg?{KINDS[kind]}")

    svg = etree.fromstring(answer.content)
    said = " ".join("".join(each.itertext()) for each in svg.iter("{*}text"))
    assert answer["Content-Type"] == "image/svg+xml"
    assert "attachment" in answer["Content-Disposition"]
    assert release.identifier in said
    assert f"http://testserver/{language}/releases/{release.identifier}/" in said
    assert svg.find("{*}style") is not None
    assert not re.search(rb"url\(|@import|href|<script", answer.content)


@each_kind
def test_as_png_it_can_be_opened_and_shows_something(kind: str, release: Release, client: Client) -> None:
    answer = client.get(f"/ar/explore/chart.png?{KINDS[kind]}")

    picture = open_png(answer.content)
    assert answer["Content-Type"] == "image/png"
    assert picture.format == "PNG"
    assert picture.width == PNG_WIDTH
    assert 400 < picture.height <= HIGHEST
    assert len(answer.content) < LARGEST
    grey = picture.convert("L")
    dark = sum(grey.histogram()[:100]) / (grey.width * grey.height)
    assert 0.005 < dark < 0.5
    assert grey.getpixel((3, 3)) == 255


def words_alone(text: str) -> Image.Image:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 20" width="200" height="40">'
        f'<text font-family="Amiri" font-size="14" x="2" y="15">{text}</text></svg>'
    )
    return open_png(to_png(Picture(svg, 200, 40))).convert("L")


def ink(picture: Image.Image) -> int:
    return sum(picture.point(lambda level: 1 if level < 128 else 0).tobytes())


def test_arabic_letters_are_joined_and_run_from_right_to_left() -> None:
    joined, apart = words_alone("بيت"), words_alone("ب\u200cي\u200cت")
    first_then_last = words_alone("ا\u200cج")

    # Letters that are joined take less room than their forms that stand apart.
    assert _width_of_ink(joined) < _width_of_ink(apart)
    # A thin alif read first stands at the right of a wide jim.
    box = first_then_last.point(lambda level: 255 if level < 128 else 0).getbbox()
    assert box is not None
    left = first_then_last.crop((box[0], 0, (box[0] + box[2]) // 2, first_then_last.height))
    right = first_then_last.crop(((box[0] + box[2]) // 2, 0, box[2], first_then_last.height))
    assert ink(left) > ink(right)


def _width_of_ink(picture: Image.Image) -> int:
    box = picture.point(lambda level: 255 if level < 128 else 0).getbbox()
    assert box is not None
    return box[2] - box[0]


def test_letters_of_every_language_have_a_shape() -> None:
    assert ink(words_alone("é ñ ¿ ç œ")) > 0
    assert words_alone("قتل").tobytes() != words_alone("فتل").tobytes()


def test_a_very_high_chart_makes_no_huge_picture() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 5000" width="200" height="10000"/>'

    assert open_png(to_png(Picture(svg, 200, 10_000))).height <= HIGHEST + 1


def test_the_same_figures_make_the_same_picture(release: Release, client: Client) -> None:
    first, second = (client.get(f"/fr/explore/chart.png?{KINDS['line']}").content for _ in range(2))

    assert first == second


@pytest.mark.parametrize("form", ["svg", "png"])
def test_a_mistake_is_named_with_what_is_nearest(form: str, release: Release, client: Client) -> None:
    answer = client.get(f"/en/explore/chart.{form}?rows=yaer")

    reason, _said, *addresses = answer.content.decode().splitlines()
    assert answer.status_code == 400
    assert "yaer" in reason
    assert addresses[0].startswith(f"http://testserver/en/explore/chart.{form}?")
    assert "rows=year" in addresses[0]
    assert client.get(addresses[0]).status_code == 200


def test_what_cannot_be_drawn_is_not_there(release: Release, client: Client) -> None:
    assert client.get("/en/explore/chart.svg?rows=sex&chart=none").status_code == 404
    assert client.get("/en/explore/chart.gif?rows=sex").status_code == 404


def test_without_a_release_there_is_no_picture(db: None, client: Client) -> None:
    assert client.get("/en/explore/chart.svg").status_code == 404


def test_it_is_kept_by_the_cache_under_each_host_for_itself(release: Release) -> None:
    asked = []

    def counting(environ: object, start_response: object) -> object:
        asked.append(environ)
        return WSGIHandler()(environ, start_response)

    cache = make_cache(release.folder.parent, allowed_hosts=["testserver", "localhost"])
    cache.application = counting
    address = f"/en/explore/chart.svg?{KINDS['bar']}"

    once, again = (ask(cache, address).text for _ in range(2))
    elsewhere = ask(cache, address, HTTP_HOST="localhost").text

    assert once == again
    assert len(asked) == 2
    assert "http://testserver/en/releases/" in once
    assert "http://localhost/en/releases/" in elsewhere
    assert "testserver" not in elsewhere
