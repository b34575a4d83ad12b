"""What a published table shows, in a sentence or three: made of the figures that it shows, and of nothing else."""

from amparo.statistics.releases import PublishedTable


def words_of(table: PublishedTable, compared: tuple[str, str] | None = None) -> tuple[str, ...]:
    """Up to four sentences about `table` in the active language; of two years where they are `compared`."""
    return ()
