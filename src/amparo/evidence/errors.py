"""What can go wrong with evidence. `code` is for programs; no message carries anything of it. Pure."""


class EvidenceError(Exception):
    """Something about evidence that was not done."""

    code = "evidence-error"


class SentTwice(EvidenceError):
    """The same form came before: what it brought is there already."""

    code = "sent-twice"


class ThereAlready(EvidenceError):
    """A file with these very bytes is evidence of this case already. `names` are those of the files that came."""

    code = "there-already"

    def __init__(self, names: list[str], pieces: list[int]) -> None:
        super().__init__("These files are evidence of this case already.")
        self.names, self.pieces = names, pieces


class ChangedMeanwhile(EvidenceError):
    """Somebody else changed the description first. Nothing was done."""

    code = "changed-meanwhile"
