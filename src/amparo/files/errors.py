"""What can go wrong with a file. `code` is for programs; no message carries anything of the file. Pure."""


class FilesError(Exception):
    """A file that cannot be kept, opened or cleaned."""

    code = "files-error"

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.code = code or self.code


class UploadRefused(FilesError):
    """The upload was not taken; `SealedUpload.refused` says why."""

    code = "upload-refused"


class NotSealed(FilesError):
    """What a browser sent as a sealed file has not the form of one."""

    code = "not-sealed"


class NotCleaned(FilesError):
    """Metadata cannot be removed. Codes: "kind-not-cleaned", "damaged", "bomb", "too-large", "too-much", "encrypted",
    "embedded-file", "timed-metadata", "unknown-part"."""  # fmt: skip

    code = "not-cleaned"

    def __init__(self, code: str) -> None:
        super().__init__(f"No copy without metadata can be made: {code}.", code=code)
