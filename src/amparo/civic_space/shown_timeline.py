"""The timeline of a country in the reader's language: what is drawn, and the list that its numbers point to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from amparo.civic_space.facts import in_language
from amparo.civic_space.models import ConditionVersion
from amparo.civic_space.ratings import ShownRating
from amparo.civic_space.scales import Scale
from amparo.civic_space.timeline import Lane, Mark, RatingLine, RatingStep, Strip, draw_timeline
from amparo.ui.templatetags.ui import label as label_of
from amparo.ui.templatetags.ui import number, partial_date
from amparo.vocabularies.catalogue import get_vocabulary

MOST_DRAWN = 60
# What goes on until it is ended; anything else is of its day.
_LASTING = frozenset({"law", "internet", "emergency", "nhri-law", "nhri-sca-review"})
_ENDING = frozenset({"suspended", "struck-down", "repealed", "withdrawn", "ended"})
# Effects with the colours of the style sheet; what is mixed stands with what is not known.
_LANES = (("restrictive", 2), ("enabling", 1), ("mixed", 3), ("unknown", 5))


@dataclass(frozen=True, slots=True)
class Numbered:
    """A condition with its number on the timeline, its title and text, and the languages that these are in."""

    number: int
    version: ConditionVersion
    title: str
    title_language: str
    text: str
    text_language: str


@dataclass(frozen=True, slots=True)
class RatedScale:
    """Somebody else's scale in the reader's language, with the country's ratings on it."""

    scale: Scale
    title: str
    terms: str
    ratings: tuple[tuple[ShownRating, str], ...]


@dataclass(frozen=True, slots=True)
class ShownTimeline:
    """The drawing, its list, how many of that are not drawn; `hides`: a count of the drawing is not shown."""

    svg: SafeString
    items: tuple[Numbered, ...]
    scales: tuple[RatedScale, ...]
    not_drawn: int
    hides: bool


def show_timeline(
    versions: Iterable[ConditionVersion],
    ratings: Sequence[ShownRating],
    strips: Sequence[Strip],
    *,
    title: str,
    identifier: str = "timeline",
) -> ShownTimeline:
    """The timeline of `versions`, oldest first in its numbers; the newest are drawn where there are too many."""
    items = tuple(number_conditions(versions))
    scales = tuple(_scales(ratings))
    dated = [each for each in items if each.version.earliest is not None]
    svg = draw_timeline(
        _lanes(dated[-MOST_DRAWN:]),
        [_rating_line(each) for each in scales],
        strips,
        title=title,
        description=_("Each mark has the number of its row in the list below; counts and ratings stand in tables."),
        identifier=identifier,
        form=number,
        rtl=get_language_bidi(),
    )
    # The drawing escapes every text.
    return ShownTimeline(
        mark_safe(svg),  # noqa: S308
        items,
        scales,
        len(items) - min(len(dated), MOST_DRAWN),
        any(bar.value is None for strip in strips for bar in strip.bars),
    )


def number_conditions(versions: Iterable[ConditionVersion]) -> list[Numbered]:
    """`versions` in the order of time with their numbers, in the reader's language as far as they are translated."""
    language = (get_language() or "en").split("-")[0]
    ordered = sorted(versions, key=lambda each: (each.earliest or date.min, each.pk))
    return [
        Numbered(place, each, *in_language(each.titles, language), *in_language(each.texts, language))
        for place, each in enumerate(ordered, start=1)
    ]


def _lanes(items: Sequence[Numbered]) -> list[Lane]:
    known = {effect for effect, _series in _LANES}
    return [
        Lane(
            label_of(effect, "condition-effects"),
            series,
            tuple(
                _mark(each)
                for each in items
                if (each.version.effect if each.version.effect in known else "unknown") == effect
            ),
        )
        for effect, series in _LANES
    ]


def _mark(item: Numbered) -> Mark:
    version = item.version
    assert version.earliest is not None  # noqa: S101  (only those with a date are drawn)
    told = f"{number(item.number)}. {partial_date(version.date)}: {item.title}"
    end = version.ends or _end_by_stage(version)
    lasting = version.kind in _LASTING or get_vocabulary("condition-kinds").top(version.kind) in _LASTING
    goes_on = end is None and lasting and version.stage not in _ENDING
    until = timezone.now().date() if goes_on else end
    return Mark(item.number, version.earliest, max(until or version.earliest, version.earliest), goes_on, told)


def _end_by_stage(version: ConditionVersion) -> date | None:
    stages = list(version.stages.all())
    return stages[-1].earliest if stages and stages[-1].stage in _ENDING else None


def _scales(ratings: Sequence[ShownRating]) -> Iterable[RatedScale]:
    language = (get_language() or "en").split("-")[0]
    for scale in dict.fromkeys(each.scale.code for each in ratings):
        of_scale = [each for each in ratings if each.scale.code == scale]
        said = of_scale[0].scale
        rated = tuple((each, each.value.labels.get(language, each.value.labels["en"])) for each in of_scale)
        yield RatedScale(said, said.titles[language], said.terms[language], rated)


def _rating_line(shown: RatedScale) -> RatingLine:
    steps = tuple(RatingStep(each.rating.earliest, each.rating.position, label) for each, label in shown.ratings)
    language = (get_language() or "en").split("-")[0]
    labels = tuple(value.labels.get(language, value.labels["en"]) for value in shown.scale.values.values())
    return RatingLine(shown.title, labels, steps)
