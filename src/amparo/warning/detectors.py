"""The detectors by name: what parameters each takes, and how it is run on series. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from amparo.warning.bayes import BayesSettings, PooledBayesSettings, detect_bayes, detect_pooled_bayes
from amparo.warning.cusum import CusumSettings, detect_cusum
from amparo.warning.detection import Detection, Floats
from amparo.warning.ears import EarsMethod, EarsSettings, detect_ears
from amparo.warning.farrington import FarringtonSettings, detect_farrington
from amparo.warning.parameters import (
    Parameter,
    choice,
    mean_source,
    number,
    two_whole_numbers,
    whole_number,
    yes_or_no,
)
from amparo.warning.problems import WarningRefused
from amparo.warning.rki import RkiSettings, detect_rki
from amparo.warning.step_change import StepChangeSettings, detect_step_change

Values = Mapping[str, Any]
Detect = Callable[[Floats, int, Sequence[date] | None], Detection]
_WEEKS = 52


@dataclass(frozen=True, slots=True)
class Detector:
    """`prepare` turns values of parameters into a function of counts, first judged time and dates, and into the
    number of counts needed before the first judged one.
    """

    parameters: Mapping[str, Parameter]
    prepare: Callable[[Values], tuple[Detect, int]]


_COMMON = {"frequency": whole_number(None, 1, 366), "first": whole_number(None, 1, 10_000_000)}


def _farrington_parameters(
    *, periods: int, threshold: float, excluded: int | None, trend: float, method: tuple[str, ...]
) -> dict[str, Parameter]:
    return _COMMON | {
        "b": whole_number(5, 1, 100),
        "w": whole_number(None, 0, 26),
        "noPeriods": whole_number(periods, 1, 52),
        "weightsThreshold": number(threshold),
        "pastWeeksNotIncluded": whole_number(excluded, 0, 1000),
        "pThresholdTrend": number(trend, 0, 1, or_equal=True),
        "reweight": yes_or_no(True),
        "trend": yes_or_no(True),
        "thresholdMethod": choice(*method),
        "powertrans": choice("2/3", "1/2", "none"),
        "limit54": two_whole_numbers(5, 4),
        "alpha": number(0.05, 0, 0.5),
        "publishedInterval": yes_or_no(False),
    }


def _prepare_farrington(values: Values) -> tuple[Detect, int]:
    frequency = _frequency(values)
    half_width = _half_width(values, frequency)
    excluded = values["pastWeeksNotIncluded"]
    if excluded is None:
        # Half a year, as Noufaily et al. take, or for the original what the window is wide.
        excluded = frequency // 2 if values["noPeriods"] > 1 else half_width
    settings = FarringtonSettings(
        frequency=frequency,
        years=values["b"],
        half_width=half_width,
        periods=values["noPeriods"],
        excluded=excluded,
        reweight=values["reweight"],
        weights_threshold=values["weightsThreshold"],
        trend=values["trend"],
        trend_threshold=values["pThresholdTrend"],
        alpha=values["alpha"],
        method=values["thresholdMethod"],
        power=values["powertrans"],
        low_count=values["limit54"],
        published_interval=values["publishedInterval"],
    )
    return lambda counts, first, dates: detect_farrington(counts, first, settings, dates), settings.window.needed


def _ears(method: EarsMethod, alpha: float) -> Detector:
    parameters = _COMMON | {
        "baseline": whole_number(7, 2, 10_000),
        "minSigma": number(0.0, 0, or_equal=True),
        "alpha": number(alpha, 0, 0.5),
    }
    if method == "C3":
        parameters["publishedBound"] = yes_or_no(False)

    def prepare(values: Values) -> tuple[Detect, int]:
        settings = EarsSettings(
            method=method,
            baseline=values["baseline"],
            smallest_deviation=values["minSigma"],
            alpha=values["alpha"],
            published_bound=values.get("publishedBound", False),
        )
        return lambda counts, first, _dates: detect_ears(counts, first, settings), settings.needed

    return Detector(MappingProxyType(parameters), prepare)


def _prepare_cusum(values: Values) -> tuple[Detect, int]:
    frequency = _frequency(values) if values["m"] == "glm" else _WEEKS
    settings = CusumSettings(values["k"], values["h"], values["trans"], values["m"], frequency)
    # A yearly wave needs a year.
    needed = frequency if values["m"] == "glm" else 1
    return lambda counts, first, _dates: detect_cusum(counts, first, settings), needed


def _prepare_bayes(values: Values) -> tuple[Detect, int]:
    frequency = _frequency(values)
    half_width = _half_width(values, frequency)
    settings = BayesSettings(frequency, values["b"], half_width, values["actY"], values["alpha"])
    if settings.needed == 0:
        raise WarningRefused("no-references")
    return lambda counts, first, _dates: detect_bayes(counts, first, settings), settings.needed


def _prepare_rki(values: Values) -> tuple[Detect, int]:
    settings = RkiSettings(_frequency(values), values["b"], values["w"], values["actY"])
    # One count has no deviation.
    if len(settings.offsets) < 2:
        raise WarningRefused("no-references")
    return lambda counts, first, _dates: detect_rki(counts, first, settings), settings.needed


def _prepare_pooled_bayes(values: Values) -> tuple[Detect, int]:
    history = values["history"] or 5 * _frequency(values)
    settings = PooledBayesSettings(history, values["pastNotIncluded"], values["alpha"], values["overdispersion"])
    needed = settings.history + settings.excluded
    return lambda counts, first, _dates: detect_pooled_bayes(counts, first, settings), needed


def _prepare_step_change(values: Values) -> tuple[Detect, int]:
    settings = StepChangeSettings(_frequency(values), values["threshold"])
    return lambda counts, first, _dates: detect_step_change(counts, first, settings), settings.needed


def _frequency(values: Values) -> int:
    frequency = values["frequency"]
    if frequency is None:
        raise WarningRefused("frequency-needed")
    return int(frequency)


def _half_width(values: Values, frequency: int) -> int:
    """Three weeks on each side, or one month."""
    given = values["w"]
    if given is not None:
        return int(given)
    return 3 if frequency >= _WEEKS else min(1, frequency // 3)


_NOUFAILY = ("nbPlugin", "delta", "muan")
DETECTORS: Mapping[str, Detector] = MappingProxyType(
    {
        "farrington": Detector(
            _farrington_parameters(periods=10, threshold=2.58, excluded=None, trend=1.0, method=_NOUFAILY),
            _prepare_farrington,
        ),
        "farrington-original": Detector(
            _farrington_parameters(
                periods=1, threshold=1.0, excluded=None, trend=0.05, method=("delta", "nbPlugin", "muan")
            ),
            _prepare_farrington,
        ),
        "ears-c1": _ears("C1", 0.001),
        "ears-c2": _ears("C2", 0.001),
        "ears-c3": _ears("C3", 0.025),
        "cusum": Detector(
            _COMMON
            | {
                "k": number(1.04),
                "h": number(2.26),
                "m": mean_source(),
                "trans": choice("rossi", "standard", "anscombe"),
            },
            _prepare_cusum,
        ),
        "bayes": Detector(
            _COMMON
            | {
                "b": whole_number(4, 0, 100),
                "w": whole_number(None, 0, 26),
                "actY": yes_or_no(True),
                "alpha": number(0.05, 0, 0.5),
            },
            _prepare_bayes,
        ),
        "bayes-pooled": Detector(
            _COMMON
            | {
                "history": whole_number(None, 2, 10_000),
                "pastNotIncluded": whole_number(0, 0, 1000),
                "alpha": number(0.05, 0, 0.5),
                "overdispersion": yes_or_no(False),
            },
            _prepare_pooled_bayes,
        ),
        "rki": Detector(
            _COMMON | {"b": whole_number(2, 0, 100), "w": whole_number(4, 0, 26), "actY": yes_or_no(False)},
            _prepare_rki,
        ),
        "step-change": Detector(_COMMON | {"threshold": number(5.0)}, _prepare_step_change),
    }
)
