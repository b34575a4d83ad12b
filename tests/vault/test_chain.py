"""The chain of the log by itself: every change, removal, copy and move is found, at its number."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.vault.chain import (
    CODE_BYTES,
    MOST_PLACES,
    Checked,
    Entry,
    Head,
    Place,
    Unreadable,
    Wrong,
    check_chain,
    entry_code,
    read_head,
    seal_head,
)
from amparo.vault.keys import UnknownFormat, VaultError, WrongSecret

KEY, OTHER_KEY = bytes(range(32)), bytes(32)
AT = datetime(2026, 5, 17, 10, tzinfo=UTC)


def make_chain(length: int, key: bytes = KEY, action: str = "section-opened") -> list[Entry]:
    chain, previous = [], bytes(CODE_BYTES)
    for number in range(1, length + 1):
        facts = {"kind": "report", "size": number}
        entry = Entry(number, AT, number % 3 or None, "own", action, f"report:{number}", facts, previous)
        entry = replace(entry, code=entry_code(entry, key))
        chain.append(entry)
        previous = entry.code
    return chain


CHAIN = make_chain(20)
HEAD = Head(20, CHAIN[-1].code)


def check(entries: Iterable[Entry | Unreadable], head: Head | None = HEAD) -> Checked:
    listed = list(entries)
    return check_chain(lambda: listed, KEY, head)


def numbered(entries: Iterable[Entry], first: int = 1) -> list[Entry]:
    """As who can write to the database would: the same entries in this order, numbered from `first` on."""
    return [replace(entry, number=number) for number, entry in enumerate(entries, first)]


def test_a_chain_as_it_was_written_is_whole() -> None:
    checked = check(CHAIN)

    assert checked == Checked(20, HEAD, ())
    assert checked.whole


def test_no_entry_yet_is_whole_and_so_is_a_head_that_is_behind() -> None:
    assert check([], Head()).whole
    assert check([], None).whole
    assert check(CHAIN, Head()).whole
    assert check(CHAIN, Head(7, CHAIN[6].code)).whole


@pytest.mark.parametrize(
    "change",
    [
        {"at": AT + timedelta(microseconds=1)},
        {"actor": None},
        {"actor": 4},
        {"institution": "other"},
        {"institution": ""},
        {"action": "section-shared"},
        {"record": "report:8"},
        {"facts": {}},
        {"facts": {"kind": "report", "size": 7.0}},
        {"facts": {"kind": "report", "size": True}},
        {"facts": {"kind": "report", "size": "7"}},
        {"facts": {"kind": "report", "size": 7, "more": 1}},
        {"previous": bytes(CODE_BYTES)},
        {"previous": b""},
        {"code": bytes(CODE_BYTES)},
        {"code": b""},
    ],
)
def test_a_change_of_any_column_is_found_at_its_number(change: dict[str, Any]) -> None:
    chain = list(CHAIN)
    chain[6] = replace(chain[6], **change)

    assert check(chain).places == (Place(Wrong.CHANGED, 7, 7),)


def test_a_text_moved_from_one_column_to_the_next_is_found() -> None:
    chain = list(CHAIN)
    chain[6] = replace(chain[6], institution="ow", action="nsection-opened")

    assert check(chain).places == (Place(Wrong.CHANGED, 7, 7),)


def test_the_same_time_in_another_zone_is_no_change() -> None:
    chain = list(CHAIN)
    chain[6] = replace(chain[6], at=AT.astimezone(timezone(timedelta(hours=3))))

    assert check(chain).whole


def test_a_row_that_is_no_entry_is_found_at_its_number() -> None:
    assert check([*CHAIN[:6], Unreadable(7), *CHAIN[7:]]).places == (Place(Wrong.CHANGED, 7, 7),)
    assert check([*CHAIN, Unreadable(21)]).places == (Place(Wrong.CHANGED, 21, 21),)


@pytest.mark.parametrize(("first", "last"), [(1, 1), (1, 5), (7, 7), (7, 11), (19, 19)])
def test_removed_entries_are_named(first: int, last: int) -> None:
    left = [entry for entry in CHAIN if not first <= entry.number <= last]

    assert check(left).places == (Place(Wrong.MISSING, first, last),)


@pytest.mark.parametrize("last", [0, 1, 12, 19])
def test_an_end_that_was_cut_off_is_named(last: int) -> None:
    assert check(CHAIN[:last]).places == (Place(Wrong.CUT_OFF, last + 1, 20),)


def test_two_entries_that_changed_places_are_told_by_the_numbers_they_were_written_with() -> None:
    chain = list(CHAIN)
    chain[4], chain[5] = replace(CHAIN[5], number=5), replace(CHAIN[4], number=6)

    assert check(chain).places == (
        Place(Wrong.REORDERED, 5, 5, belongs_at=6),
        Place(Wrong.REORDERED, 6, 6, belongs_at=5),
    )


def test_entries_far_apart_that_changed_places_are_told_too() -> None:
    chain = make_chain(300)
    head = Head(300, chain[-1].code)
    chain[4], chain[249] = replace(chain[249], number=5), replace(chain[4], number=250)

    assert check(chain, head).places == (
        Place(Wrong.REORDERED, 5, 5, belongs_at=250),
        Place(Wrong.REORDERED, 250, 250, belongs_at=5),
    )


def test_a_removal_hidden_by_numbering_anew_is_found() -> None:
    assert check(numbered(CHAIN[:6] + CHAIN[7:])).places == (
        Place(Wrong.REORDERED, 7, 19, belongs_at=8),
        Place(Wrong.CUT_OFF, 20, 20),
    )


def test_an_insertion_hidden_by_numbering_anew_is_found() -> None:
    forged = make_chain(7, OTHER_KEY)[6]

    places = check(numbered([*CHAIN[:6], forged, *CHAIN[6:]])).places

    assert places == (Place(Wrong.CHANGED, 7, 7), Place(Wrong.REORDERED, 8, 21, belongs_at=7))


def test_a_forged_entry_at_the_end_is_found() -> None:
    forged = replace(make_chain(21, OTHER_KEY)[20], previous=CHAIN[-1].code)

    assert check([*CHAIN, forged]).places == (Place(Wrong.CHANGED, 21, 21),)


def test_a_copy_of_an_entry_is_called_one() -> None:
    assert check([*CHAIN, replace(CHAIN[4], number=21)]).places == (Place(Wrong.DOUBLED, 21, 21, belongs_at=5),)
    chain = list(CHAIN)
    chain[9] = replace(CHAIN[4], number=10)
    assert check(chain).places == (Place(Wrong.DOUBLED, 10, 10, belongs_at=5),)


def test_an_entry_read_twice_or_after_a_later_one_is_named() -> None:
    """A database cannot hold one number twice; a copy of the log in another form can."""
    assert check([*CHAIN[:7], CHAIN[6], *CHAIN[7:]]).places == (Place(Wrong.DOUBLED, 7, 7),)
    assert Place(Wrong.REORDERED, 3, 3) in check([*CHAIN[:9], CHAIN[2], *CHAIN[9:]]).places


@pytest.mark.parametrize("number", [0, -1])
def test_an_entry_before_the_first_is_found(number: int) -> None:
    assert check([replace(CHAIN[0], number=number), *CHAIN]).places == (Place(Wrong.CHANGED, number, number),)


def test_two_true_logs_that_were_joined_are_found_where_they_meet() -> None:
    """The database was put back to an older state and used again; entries of both times have good codes."""
    other = make_chain(20, action="section-shared")

    assert check([*CHAIN[:9], *other[9:]], Head(20, other[-1].code)).places == (Place(Wrong.UNLINKED, 10, 10),)
    assert check(other).places == (Place(Wrong.REPLACED, 20, 20),)


def test_without_its_head_a_log_is_not_called_whole() -> None:
    assert check(CHAIN, None).places == (Place(Wrong.HEAD_MISSING, 20, 20),)


def test_under_another_key_everything_is_wrong_in_one_line() -> None:
    chain = make_chain(2000, OTHER_KEY)

    assert check(chain, Head(2000, chain[-1].code)).places == (Place(Wrong.CHANGED, 1, 2000),)


def test_more_places_than_anybody_reads_are_counted() -> None:
    chain = make_chain(5000)
    broken = [replace(entry, actor=9) if entry.number % 2 else entry for entry in chain]

    checked = check(broken, Head(5000, chain[-1].code))

    assert len(checked.places) <= MOST_PLACES
    assert len(checked.places) + checked.more == 2500


TAMPERINGS: dict[str, Callable[[list[Entry], int, int], list[Entry]]] = {
    "remove": lambda chain, at, to: chain[:at] + chain[at + 1 :],
    "remove and number anew": lambda chain, at, to: numbered(chain[:at] + chain[at + 1 :]),
    "copy over": lambda chain, at, to: [*chain[:to], replace(chain[at], number=to + 1), *chain[to + 1 :]],
    "move": lambda chain, at, to: numbered(
        [*(rest := chain[:at] + chain[at + 1 :])[:to], chain[at], *rest[to:]],
    ),
    "cut": lambda chain, at, to: chain[:at],
    "change": lambda chain, at, to: [*chain[:at], replace(chain[at], actor=99), *chain[at + 1 :]],
}


@given(name=st.sampled_from(sorted(TAMPERINGS)), at=st.integers(0, 19), to=st.integers(0, 19))
def test_whatever_is_done_to_rows_is_found(name: str, at: int, to: int) -> None:
    tampered = TAMPERINGS[name](list(CHAIN), at, to)

    assert check(tampered).whole == (tampered == CHAIN)


def test_the_head_that_was_kept_is_read_again() -> None:
    assert read_head(seal_head(HEAD, KEY), KEY) == HEAD
    assert read_head(seal_head(Head(), KEY), KEY) == Head()


@given(place=st.integers(0, 74), bit=st.integers(0, 7))
def test_a_head_that_was_changed_or_cut_is_refused(place: int, bit: int) -> None:
    kept = seal_head(HEAD, KEY)
    changed = bytearray(kept)
    changed[place] ^= 1 << bit

    for each in (bytes(changed), kept[:place], kept + b"\0"):
        with pytest.raises(VaultError):
            read_head(each, KEY)


def test_a_head_of_another_key_or_format_is_told_apart() -> None:
    with pytest.raises(WrongSecret):
        read_head(seal_head(HEAD, OTHER_KEY), KEY)
    with pytest.raises(UnknownFormat):
        read_head(b"AL\x02" + seal_head(HEAD, KEY)[3:], KEY)
