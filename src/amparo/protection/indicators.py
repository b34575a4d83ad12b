"""The indicators of M1 and M5 on an institution's own protection: shares with what they are shares of.

After the indicators proposed for the Marrakech Declaration: requests assessed in time, measures done in time, protected
persons attacked again, women's cases with gender-specific analysis. What is not due yet is neither in time nor late.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q

from amparo.institutions.models import User
from amparo.protection.desk import OPEN_MEASURES, OPEN_STATUS, measures_for, requests_for, today
from amparo.protection.models import RiskAssessment

SMALL = 10
WOMEN = Q(sex="female") | Q(gender__in=("woman", "transgender-woman"))


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`; `left_out` are those of which it cannot be said: not due yet, or not known."""

    part: int
    whole: int
    left_out: int = 0

    @property
    def value(self) -> float | None:
        """From 0 to 1; None of nothing."""
        return self.part / self.whole if self.whole else None

    @property
    def is_small(self) -> bool:
        """So few that who they are could be guessed."""
        return 0 < self.whole < SMALL


@dataclass(frozen=True, slots=True)
class Indicators:
    """The shares for requests that came in within a period; `level` counts the open ones by their level."""

    assessed_in_time: Share
    done_in_time: Share
    attacked_again: Share
    women: Share
    women_analysed: Share
    levels: tuple[tuple[str, int], ...]


def count_indicators(user: User, since: date | None = None, until: date | None = None) -> Indicators:
    """The indicators of `user`'s institution, of requests received from `since` to `until`. Three queries."""
    requests = requests_for(user)
    if since is not None:
        requests = requests.filter(received_on__gte=since)
    if until is not None:
        requests = requests.filter(received_on__lte=until)
    in_time = Q(first_assessed_on__lte=F("assess_by"))
    # Refused at once, for which nothing was assessed, is not assessed late.
    too_late = Q(first_assessed_on__gt=F("assess_by")) | Q(
        first_assessed_on=None, assess_by__lt=today(), status__in=OPEN_STATUS
    )
    analysed = Exists(RiskAssessment.objects.filter(request=OuterRef("pk"), has_gender_analysis=True))
    assessed = Q(first_assessed_on__isnull=False)
    found = requests.annotate(analysed=analysed).aggregate(
        all=Count("pk"),
        in_time=Count("pk", in_time),
        late=Count("pk", too_late),
        ended=Count("pk", Q(status="closed")),
        again=Count("pk", Q(status="closed", attacked_again="yes")),
        not_again=Count("pk", Q(status="closed", attacked_again="no")),
        women=Count("pk", WOMEN),
        women_assessed=Count("pk", WOMEN & assessed),
        women_analysed=Count("pk", WOMEN & Q(analysed=True)),
    )
    measures = measures_for(user).filter(plan__request__in=requests).exclude(status="removed")
    done_in_time = Q(status="done", ended_on__lte=F("due_on"))
    done_late = Q(status="done", ended_on__gt=F("due_on"))
    missed = Q(status__in=OPEN_MEASURES, due_on__lt=today()) | Q(status="not-executable")
    done = measures.aggregate(all=Count("pk"), in_time=Count("pk", done_in_time), late=Count("pk", done_late | missed))
    levels = requests.filter(status__in=OPEN_STATUS).order_by("level").values_list("level").annotate(n=Count("pk"))
    judged = found["in_time"] + found["late"]
    known = found["again"] + found["not_again"]
    ripe = done["in_time"] + done["late"]
    return Indicators(
        assessed_in_time=Share(found["in_time"], judged, found["all"] - judged),
        done_in_time=Share(done["in_time"], ripe, done["all"] - ripe),
        attacked_again=Share(found["again"], known, found["ended"] - known),
        women=Share(found["women"], found["all"]),
        women_analysed=Share(
            found["women_analysed"], found["women_assessed"], found["women"] - found["women_assessed"]
        ),
        levels=tuple(levels),
    )
