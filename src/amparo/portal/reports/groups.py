"""Whom the reports are about: a code of a published dimension, and how it is spoken of in the reader's language."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy


@dataclass(frozen=True, slots=True)
class Group:
    """Victims whose `dimension` has `code`. Sentences take `count`, and `total` and `share` where they say so."""

    address: str
    dimension: str
    code: str
    title: "str | Promise"
    name: "str | Promise"
    about: "str | Promise"
    among_all: "str | Promise"
    none_recorded: "str | Promise"
    not_shown: "str | Promise"
    not_known: "str | Promise"


GROUPS = {
    group.address: group
    for group in (
        Group(
            "women",
            "sex",
            "female",
            _("Women human rights defenders"),
            _("Women"),
            _(
                "Counted are victims whom the source records as female, or as women. Releases say nothing of gender "
                "identity: transgender women are here only where the source records them as women."
            ),
            ngettext_lazy(
                "%(count)s woman is among the %(total)s victims of this dataset: %(share)s.",
                "%(count)s women are among the %(total)s victims of this dataset: %(share)s.",
                "number",
            ),
            _("This dataset records no woman among its victims. That does not mean that none was attacked."),
            _("How many women are among the victims of this dataset is not shown."),
            ngettext_lazy(
                "Of %(count)s more victim the sex is not known.",
                "Of %(count)s more victims the sex is not known.",
                "number",
            ),
        ),
        Group(
            "environmental",
            "profile",
            "environment",
            _("Environmental defenders"),
            _("Environmental defenders"),
            _(
                "Counted are victims who are recorded as defending the environment, the climate, or the right to a "
                "healthy one. Who is recorded as a defender of land or as an indigenous leader only is not among them."
            ),
            ngettext_lazy(
                "%(count)s environmental defender is among the %(total)s victims of this dataset: %(share)s.",
                "%(count)s environmental defenders are among the %(total)s victims of this dataset: %(share)s.",
                "number",
            ),
            _(
                "This dataset records no environmental defender among its victims. That does not mean that none was "
                "attacked."
            ),
            _("How many environmental defenders are among the victims of this dataset is not shown."),
            ngettext_lazy(
                "Of %(count)s more victim it is not known what was defended.",
                "Of %(count)s more victims it is not known what was defended.",
                "number",
            ),
        ),
        Group(
            "lgbtqi",
            "profile",
            "lgbtqi",
            _("LGBTQI+ defenders"),
            _("LGBTQI+ defenders"),
            _(
                "Counted are victims who are recorded as defending the rights of LGBTQI+ people. This says nothing of "
                "their own sexual orientation or gender identity, which no release publishes."
            ),
            ngettext_lazy(
                "%(count)s defender of LGBTQI+ people is among the %(total)s victims of this dataset: %(share)s.",
                "%(count)s defenders of LGBTQI+ people are among the %(total)s victims of this dataset: %(share)s.",
                "number",
            ),
            _(
                "This dataset records no defender of LGBTQI+ people among its victims. That does not mean that none "
                "was attacked: many are not recorded as such, for their own safety or because nobody asked."
            ),
            _("How many defenders of LGBTQI+ people are among the victims of this dataset is not shown."),
            ngettext_lazy(
                "Of %(count)s more victim it is not known what was defended.",
                "Of %(count)s more victims it is not known what was defended.",
                "number",
            ),
        ),
    )
}
