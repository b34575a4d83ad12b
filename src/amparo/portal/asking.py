"""What the address of the explore page, and of all that hangs on it, asks for."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from amparo.portal.charting.pictures import draw_alone
from amparo.portal.choices import Choice
from amparo.portal.figures import ShownDataset, datasets_of
from amparo.portal.presentation import title_of
from amparo.portal.words.saying import words_of
from amparo.statistics.models import Erratum
from amparo.statistics.releases import OpenRelease, PublishedTable, find_release, latest_release, open_release
from amparo.ui.charts.alone import Picture
from amparo.ui.templatetags.ui import left_to_right


@dataclass(frozen=True, slots=True)
class Asked:
    """A published table as it was asked for."""

    opened: OpenRelease
    choice: Choice
    table: PublishedTable

    @property
    def title(self) -> str:
        return title_of(self.choice.query)

    @property
    def dataset(self) -> ShownDataset:
        return next(each for each in datasets_of(self.opened) if each.code == self.choice.dataset)

    @property
    def words(self) -> tuple[str, ...]:
        return words_of(self.table, self.choice.compared(self.table))

    @property
    def kept_address(self) -> str:
        """The query string that gives the same chart again, whatever a later release has."""
        compared = self.choice.compared(self.table)
        years = dict(zip(("earlier", "later"), compared or ("", ""), strict=True))
        return self.choice.address(release=self.opened.identifier, chart=self.choice.shown_chart, **years)

    @property
    def has_errata(self) -> bool:
        """Whether something was found to be wrong with the release since."""
        return Erratum.objects.filter(release__identifier=self.opened.identifier).exists()

    @property
    def source(self) -> str:
        """Where the figures are from, in a sentence."""
        said = {"dataset": self.dataset.title, "release": left_to_right(self.opened.identifier)}
        return _("Source: Amparo, %(dataset)s, release %(release)s.") % said

    def tell_source(self, request: HttpRequest) -> tuple[str, ...]:
        """Where the figures are from, for a picture: lines with the release and its address."""
        address = request.build_absolute_uri(reverse("release", args=[self.opened.identifier]))
        lines = [self.source, left_to_right(address)]
        if self.has_errata:
            lines.append(_("This release was corrected since: its page says what is wrong."))
        if self.dataset.invented:
            lines.insert(0, _("Demonstration: everything counted here is invented."))
        return tuple(lines)

    def draw_alone(self, request: HttpRequest) -> Picture | None:
        """The chart as a picture; None where there is nothing to draw."""
        return draw_alone(
            self.table,
            self.choice.shown_chart,
            self.title,
            words=self.words,
            source=self.tell_source(request),
            compared=self.choice.compared(self.table),
        )


def release_asked(request: HttpRequest, latest: OpenRelease) -> OpenRelease:
    """The release that the address names; the latest where it names none, or one that there is not."""
    identifier = request.GET.get("release", "")
    if identifier in {"", latest.identifier}:
        return latest
    found = find_release(identifier)
    return open_release(found) if found else latest


def read_asked(request: HttpRequest, latest: OpenRelease | None = None) -> Asked:
    """The table that the address asks for. Raises Http404 before the first release, `NotPublished`."""
    if latest is None:
        newest = latest_release()
        if newest is None:
            raise Http404
        latest = open_release(newest)
    opened = release_asked(request, latest)
    choice = Choice.read(request.GET.dict(), opened)
    return Asked(opened, choice, choice.read_table(opened))
