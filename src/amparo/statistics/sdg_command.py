"""`./amparo stats sdg`."""

import json
from pathlib import Path

import click
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from amparo.cases.coded_plane import read_coded_plane
from amparo.statistics.asking import QuestionRefused, read_where
from amparo.statistics.earlier import read_earlier_releases
from amparo.statistics.in_memory import open_plane
from amparo.statistics.releases import NotPublished
from amparo.statistics.sdg import Indicator, IndicatorRefused, count_indicator
from amparo.statistics.sdg_files import NoAreaCode, describe, to_csv, to_sdmx_csv, to_xlsx

_WRITERS = {"csv": to_csv, "xlsx": to_xlsx, "sdmx-csv": to_sdmx_csv}
_REFUSALS = {
    "several-datasets": _("The cases lie in several datasets, which are never added: %(datasets)s. Choose: --dataset."),
    "no-cases": _("There are no verified cases of %(country)s that the indicator counts."),
}


@click.command()
@click.option("--country", required=True, help="Its code or name: COL.")
@click.option("--dataset", help="Code of the dataset that is counted.")
@click.option("--years", default="", help="2016-2020; otherwise all.")
@click.option("--threshold", type=click.IntRange(1), default=3, show_default=True, help="1 shows all counts.")
@click.option("--format", "form", type=click.Choice(list(_WRITERS)), default="csv", show_default=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def sdg(
    country: str, dataset: str | None, years: str, threshold: int, form: str, output: Path | None, as_json: bool
) -> None:
    """Count indicator 16.10.1 of the Sustainable Development Goals, to hand to the statistical office and to OHCHR.

    Counted are verified cases, by year, violation, victim group, sex, age, area and alleged perpetrator.
    """
    if output is None and not as_json:
        raise click.UsageError(gettext("Say which file to write: --output; or --json."))
    try:
        said = read_where([f"country={country}", *([f"year={years}"] if years else [])])
        plane = read_coded_plane([dataset] if dataset else None)
        chosen = [int(year) for year in said.get("year", ()) if year.isdigit()]
        found = count_indicator(open_plane(plane), said["country"][0], threshold, chosen, read_earlier_releases)
        if output is not None:
            output.write_bytes(_WRITERS[form](found))
    except QuestionRefused as refused:
        raise click.ClickException(str(refused)) from None
    except IndicatorRefused as refused:
        raise click.ClickException(gettext(_REFUSALS[refused.code]) % refused.details) from None
    except NotPublished:
        raise click.ClickException(
            gettext("The files of a release are missing or changed: ./amparo release verify ID names them.")
        ) from None
    except NoAreaCode:
        raise click.ClickException(gettext("This country has no code in SDMX. Take csv or xlsx.")) from None
    except OSError:
        raise click.ClickException(gettext("“%(path)s” cannot be written.") % {"path": output}) from None
    if as_json:
        click.echo(json.dumps(_as_json(found), ensure_ascii=False))
    else:
        for line in describe(found):
            click.echo(line)


def _as_json(found: Indicator) -> dict[str, object]:
    rows = [
        {
            "year": each.year,
            "violation": each.violation,
            "breakdown": each.breakdown or None,
            "code": each.code or None,
            "victims": each.victims,
            "shown": each.victims is not None,
        }
        for each in found.observations
    ]
    return {
        "indicator": "16.10.1",
        "country": found.country,
        "dataset": found.dataset,
        "threshold": found.threshold,
        "undated": found.undated,
        "rows": rows,
        "notes": describe(found),
    }
