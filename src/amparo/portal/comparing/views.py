"""The page that compares countries; the comparison stands whole in its address."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from amparo.portal.choices import measure_choices
from amparo.portal.comparing.address import Asked
from amparo.portal.comparing.comparison import MOST, Comparison, compare_countries
from amparo.portal.figures import datasets_of
from amparo.portal.pages import reads_latest_release, show
from amparo.portal.reasons import explain, is_mistake
from amparo.statistics.dimensions import MEASURES
from amparo.statistics.releases import NotPublished, OpenRelease


@reads_latest_release
def compare(request: HttpRequest, opened: OpenRelease) -> HttpResponse:
    chosen = request.GET.getlist("country")
    asked = Asked.read(request.GET.dict(), chosen, opened)
    if "country" in request.GET:
        # What a form sends has many names for one comparison: it has one address.
        return redirect(f"{reverse('compare')}?{asked.address()}")
    status, refused = 200, ""
    try:
        found = compare_countries(asked, opened)
    except NotPublished as error:
        status, refused = (400 if is_mistake(error) else 200), explain(error)
        found = Comparison(asked, ())
    return show(
        request,
        "portal/compare.html",
        opened,
        status=status,
        comparison=found,
        refused=refused,
        places=_places(found),
        measures=measure_choices(),
        measure=MEASURES.get(asked.measure),
        dataset=next((each for each in datasets_of(opened) if each.code == asked.dataset), None),
    )


def _places(found: Comparison) -> list[str]:
    """What each of the form's fields for a country holds: the chosen ones, then none."""
    known = {code for code, _name in found.offered}
    chosen = [code for code in found.asked.countries if code in known][:MOST]
    return chosen + [""] * (MOST - len(chosen))
