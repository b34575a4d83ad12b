"""What is said of the unseen: the reasons why there is no estimate, and what has to be known with one."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from amparo.statistics.multiple_systems.refusals import EstimateRefused

REFUSALS = {
    # The lists.
    "too-few-lists": _("At least %(needed)s lists are needed: the unseen are told from how lists overlap."),
    "too-many-lists": _("This method takes at most %(most)s lists. Choose some with --lists."),
    "doubled-list": _("Each list can stand once only."),
    "no-such-list": _("There is no list “%(name)s”."),
    "several-datasets": _(
        "Records are not linked between datasets, so nobody knows who is in several. Choose one: "
        "--where dataset=%(first)s."
    ),
    "nobody-fits": _("No victim fits these filters."),
    "nobody-listed": _("No victim is on any of these lists."),
    "empty-list": _("Nobody is on the list “%(name)s”."),
    "no-overlap": _(
        "The list “%(name)s” shares no victim with any other. Without overlap nothing tells how many are on no list."
    ),
    "no-overlap-at-all": _("No victim is on two lists. Without overlap nothing tells how many are on none."),
    "same-lists": _(
        "The lists “%(first)s” and “%(second)s” have the same victims: they are one list, told by two sources."
    ),
    "contained": _(
        "Of “%(first)s” and “%(second)s” one has all victims of the other: nothing then tells how many both miss."
    ),
    # The models.
    "not-two-lists": _("This method takes two lists, not %(lists)s."),
    "empty-overlap": _("Model %(model)s needs victims that are on %(lists)s together; there are none."),
    "not-identified": _("Model %(model)s has more unknowns than the lists can tell."),
    "no-maximum": _("Model %(model)s has no finite estimate: too few combinations of lists have victims."),
    "no-upper-limit": _("Model %(model)s gives no upper limit: any number of unseen victims fits the lists."),
    "no-lower-limit": _("Model %(model)s gives no lower limit."),
    "not-converged": _("The chains did not come together (%(convergence)s, and 1.1 is the most): no estimate."),
    # Files.
    "no-such-file": _("There is no file “%(path)s”."),
    "not-readable": _("“%(path)s” cannot be read as a CSV file in UTF-8."),
    "missing-column": _("Columns are missing: %(missing)s. The file has: %(found)s."),
    "too-long": _("Line %(line)s has %(found)s columns; the first line names %(columns)s."),
    "wrong-value": _("Line %(line)s: whether a list has a victim is written 1, 0, or nothing, not “%(value)s”."),
    "wrong-number": _("Line %(line)s: a count must be a whole number from 0 on, not “%(value)s”."),
    "wide-or-long": _("--record and --list belong together: they tell which columns name the victim and the list."),
}

METHODS = {
    "chao": _("At least (Chao's lower bound)"),
    "chapman": _("Two independent lists (Chapman)"),
    "log-linear": _("Best model (log-linear, BIC)"),
    "average": _("Average of models, by BIC"),
    "graphs": _("Average over graphs of dependence"),
    "latent-classes": _("Latent classes of victims"),
}

NOTES = {
    "two-lists": _(
        "Two lists cannot tell whether they depend on each other. If a victim on one is likelier to be on the other, "
        "there were more victims than this says; if less likely, fewer."
    ),
    "few-shared": _("Fewer than seven victims are on more than one list: too few to rely on this."),
    "methods-disagree": _("The methods are far apart. Publish the range of all, or none."),
    "models-disagree": _(
        "Models that the lists cannot tell apart give very different numbers. Publish the average with its interval, "
        "or none, and never the one model that pleases."
    ),
    "does-not-fit": _("The best model does not fit the lists well. Take the lower bound only."),
    "never-shared": _("The model takes for certain that some lists never have a victim in common."),
    "stepwise": _("With more than five lists not all models were compared: one was built pair by pair."),
    "records-left-out": _("Some records could not be used: no list chosen has them, or not all lists covered them."),
}

# What such a number may be used for, and what not: said under every one of them.
CAVEATS = (
    _("It says how many there may be, never who: nobody is found by it, and it is no evidence in a single case."),
    _("It holds only if records of the same victim were linked rightly: links that were missed make it too high."),
    _("Victims whom no source could ever have listed are not in it."),
    _("It is never added to counts, and never given without its interval and its method."),
)


def describe_refusal(refused: EstimateRefused) -> str:
    """The reason in the active language."""
    return gettext(REFUSALS[refused.code]) % refused.details


def describe_method(method: str) -> str:
    return gettext(METHODS[method])


def describe_unseen_note(code: str) -> str:
    return gettext(NOTES[code])


def describe_caveats() -> tuple[str, ...]:
    return tuple(gettext(each) for each in CAVEATS)
