"""Files that are kept: opened again, sealed anew, copied without metadata, destroyed; whatever happens in between."""

import hashlib
import io
import os
import time
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from PIL import Image

from amparo.files import services
from amparo.files.errors import UploadRefused
from amparo.files.models import SealedFile
from amparo.files.places import files_folder, place, place_of
from amparo.vault import seal
from amparo.vault import services as vault
from amparo.vault.files import seal_stream
from amparo.vault.keys import UnknownFormat, WrongSecret, make_secret
from amparo.vault.models import KeyPair, Section, SectionKey
from tests.factories import SUPPORT, give_consent
from tests.files import making
from tests.files.making import SECRET, assert_gone
from tests.files.uploading import make_upload

pytestmark = pytest.mark.django_db(transaction=True)

Holder = tuple[KeyPair, vault.Unlocked]


@pytest.fixture
def holder() -> Holder:
    return vault.make_institutional_key_pair()


def keep(holder: Holder, content: bytes, name: str = "invented.jpg") -> SealedFile:
    upload = make_upload(content, name)
    try:
        return services.keep_upload(upload, [holder[0]])
    finally:
        upload.discard()


def opened(file: SealedFile, holder: Holder) -> bytes:
    return b"".join(services.open_file(file, holder[1]))


def on_disk() -> set[Path]:
    return {path for path in files_folder().rglob("*") if path.is_file()}


def make_old(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let two hours pass."""
    later = time.time() + 7200
    monkeypatch.setattr("amparo.files.places.time.time", lambda: later)
    assert path.exists()


def test_it_works(holder: Holder) -> None:
    content = making.jpeg()

    file = keep(holder, content, "Invented Person Ninety.jpg")

    facts = services.read_facts(file, holder[1])
    assert (facts.name, facts.kind, facts.length) == ("Invented Person Ninety.jpg", "jpeg", len(content))
    assert facts.sha256 == hashlib.sha256(content).hexdigest()
    assert opened(file, holder) == content
    sealed = place_of(file).read_bytes()
    assert bytes(file.sealed_sha256) == hashlib.sha256(sealed).digest()
    assert (file.sealed_length, place_of(file).stat().st_mode & 0o777) == (len(sealed), 0o600)
    assert_gone(sealed)
    assert SECRET not in str(facts)


def test_only_who_has_a_key_opens_it(holder: Holder) -> None:
    _, other = vault.make_institutional_key_pair("network")
    file = keep(holder, making.jpeg())

    with pytest.raises(SectionKey.DoesNotExist):
        services.open_file(file, other)
    with pytest.raises(SectionKey.DoesNotExist):
        services.read_facts(file, other)


def test_one_flipped_bit_on_the_disk_is_found(holder: Holder) -> None:
    file = keep(holder, making.jpeg())
    sealed = bytearray(place_of(file).read_bytes())
    sealed[200] ^= 1
    place_of(file).write_bytes(sealed)

    with pytest.raises(WrongSecret):
        opened(file, holder)


def test_an_upload_that_was_refused_is_not_kept(holder: Holder) -> None:
    with pytest.raises(UploadRefused) as refused:
        services.keep_upload(make_upload(b"<svg onload=alert(1)>"), [holder[0]])

    assert refused.value.code == "svg"
    assert SealedFile.objects.count() == Section.objects.count() == 0


def test_a_transaction_that_is_rolled_back_can_be_tried_again(holder: Holder) -> None:
    upload = make_upload(making.jpeg())
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012
        services.keep_upload(upload, [holder[0]])
        raise RuntimeError

    file = services.keep_upload(upload, [holder[0]])
    upload.discard()

    assert opened(file, holder) == making.jpeg()


def test_bytes_that_a_killed_process_left_without_a_row_are_swept(
    holder: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = on_disk()
    kept = keep(holder, making.jpeg())
    waiting = make_upload(making.png())
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012
        services.keep_upload(waiting, [holder[0]])
        raise RuntimeError
    assert len(on_disk() - before) == 3
    assert services.remove_abandoned() == 0

    make_old(place_of(kept), monkeypatch)
    removed = services.remove_abandoned()

    assert removed >= 2
    assert on_disk() - before == {place_of(kept)}
    assert opened(kept, holder) == making.jpeg()


def test_destroyed_files_are_gone_with_copies_keys_and_bytes(holder: Holder) -> None:
    before = on_disk()
    file = keep(holder, making.jpeg())
    copy = services.clean_copy(file, holder[1], [holder[0]])
    assert copy is not None
    assert len(on_disk() - before) == 2

    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012
        services.destroy_files([file])
        raise RuntimeError
    stayed = len(on_disk() - before)
    services.destroy_files([SealedFile.objects.get(pk=file.pk)])

    assert stayed == 2
    assert on_disk() == before
    assert SealedFile.objects.count() == Section.objects.count() == SectionKey.objects.count() == 0


def test_a_clean_copy_is_made_once_and_the_original_stays_bit_for_bit(holder: Holder) -> None:
    content = making.jpeg()
    file = keep(holder, content, f"{SECRET}.jpg")
    sealed = place_of(file).read_bytes()

    copy = services.clean_copy(file, holder[1], [holder[0]])
    again = services.clean_copy(SealedFile.objects.get(pk=file.pk), holder[1], [holder[0]])

    assert copy is not None
    assert copy == again
    assert copy.original == file
    cleaned = opened(copy, holder)
    assert_gone(cleaned)
    assert Image.open(io.BytesIO(cleaned)).size == (40, 20)
    facts = services.read_facts(copy, holder[1])
    assert (facts.kind, facts.sha256) == ("jpeg", hashlib.sha256(cleaned).hexdigest())
    assert SECRET not in facts.name
    assert opened(file, holder) == content
    assert place_of(file).read_bytes() == sealed


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"\x1aE\xdf\xa3" + bytes(40), "kind-not-cleaned"), (making.jpeg()[:400], "damaged")],
)
def test_a_file_that_cannot_be_cleaned_says_why(holder: Holder, content: bytes, code: str) -> None:
    file = keep(holder, content)
    before = on_disk()

    assert services.clean_copy(file, holder[1], [holder[0]]) is None
    assert SealedFile.objects.get(pk=file.pk).not_cleaned == code
    assert services.clean_copy(file, holder[1], [holder[0]]) is None
    assert on_disk() == before


def test_films_are_cleaned_while_they_stream_by(holder: Holder) -> None:
    file = keep(holder, making.movie(), "invented.mp4")

    copy = services.clean_copy(file, holder[1], [holder[0]])

    assert copy is not None
    assert_gone(opened(copy, holder))
    assert b"film-samples" in opened(copy, holder)


def test_previews_are_of_images_and_texts_only(holder: Holder) -> None:
    before = on_disk()
    photo, words, film = keep(holder, making.jpeg()), keep(holder, b"What happened."), keep(holder, making.movie())
    kept = on_disk() - before

    small = services.preview_image(photo, holder[1])

    assert small is not None
    assert small.startswith(b"\xff\xd8\xff")
    assert_gone(small)
    assert services.preview_image(film, holder[1]) is None
    assert services.preview_text(words, holder[1]) == "What happened."
    assert services.preview_text(photo, holder[1]) is None
    assert on_disk() - before == kept


def sealed_by_browser(holder: Holder, content: bytes, **facts: object) -> SealedFile:
    identifier, data_key = uuid4(), make_secret()
    said = {"name": "invented.jpg", "kind": "jpeg", "length": len(content), "sha256": ""} | facts
    metadata = seal.Sealed(
        seal.encrypt_fields(said, data_key, identifier, "file"),
        seal.wrap_data_key(data_key, identifier, bytes(holder[0].public_key)),
    )
    sealed = b"".join(seal_stream([content], data_key, identifier))
    upload = make_upload(sealed, "sealed", "sealed-files", ["sealed-files"])
    try:
        return services.keep_file_sealed_by_browser(identifier, metadata, holder[0], upload)
    finally:
        upload.discard()


def test_what_a_browser_sealed_opens_and_is_cleaned(holder: Holder) -> None:
    file = sealed_by_browser(holder, making.jpeg(), name="../../Invented\u202e.jpg")

    copy = services.clean_copy(file, holder[1], [holder[0]])

    assert services.read_facts(file, holder[1]).name == "Invented.jpg"
    assert opened(file, holder) == making.jpeg()
    assert copy is not None
    assert_gone(opened(copy, holder))


def test_what_a_browser_says_of_a_file_is_not_believed(holder: Holder) -> None:
    file = sealed_by_browser(holder, b"<svg onload=alert(1)>" * 20, kind="jpeg")
    odd = sealed_by_browser(holder, b"words", name=["x"], kind="<b>", length="many", sha256=7)

    assert services.clean_copy(file, holder[1], [holder[0]]) is None
    assert file.not_cleaned == "svg"
    facts = services.read_facts(odd, holder[1])
    assert (facts.name, facts.kind, facts.length, facts.sha256) == ("file", "", 0, "")
    with pytest.raises(WrongSecret):
        opened(odd, holder)


def test_an_identifier_that_is_taken_is_refused_and_nothing_is_overwritten(holder: Holder) -> None:
    file = keep(holder, making.jpeg())
    metadata = seal.seal_section({}, file.pk, "file", bytes(holder[0].public_key))
    sealed = b"".join(seal_stream([b"other"], make_secret(), file.pk))
    upload = make_upload(sealed, "sealed", "sealed-files", ["sealed-files"])

    with pytest.raises(IntegrityError), transaction.atomic():
        services.keep_file_sealed_by_browser(file.pk, metadata, holder[0], upload)
    upload.discard()

    assert opened(file, holder) == making.jpeg()


def test_fields_are_not_mixed_up(holder: Holder) -> None:
    with pytest.raises(UploadRefused):
        services.keep_file_sealed_by_browser(uuid4(), seal.Sealed(b"", b""), holder[0], make_upload(b"words"))
    sealed = make_upload(b"".join(seal_stream([b""], bytes(32), uuid4())), "x", "sealed-files", ["sealed-files"])
    with pytest.raises(UploadRefused):
        services.keep_upload(sealed, [holder[0]])
    with pytest.raises(UnknownFormat):
        services.keep_file_sealed_by_browser(uuid4(), seal.Sealed(b"", b""), holder[0], sealed)
    sealed.discard()


def test_what_is_withdrawn_has_other_bytes_that_the_old_key_does_not_open(holder: Holder) -> None:
    other_pair, other = vault.make_institutional_key_pair("network")
    content = making.jpeg() * 200
    file = keep(holder, content)
    give_consent(file.section)
    vault.share_section(file.section, holder[1], other_pair, SUPPORT)
    assert b"".join(services.open_file(file, other)) == content
    before, old_bytes = place_of(file), place_of(file).read_bytes()
    old_key = vault.data_key_of(file.section, other)

    vault.withdraw_section(file.section, holder[1], other_pair)

    file = SealedFile.objects.get(pk=file.pk)
    assert (file.generation, before.exists()) == (1, False)
    assert opened(file, holder) == content
    assert file.sealed_length == place_of(file).stat().st_size == len(old_bytes)
    assert vault.data_key_of(file.section, holder[1]) != old_key
    assert place_of(file).read_bytes()[:4000] != old_bytes[:4000]
    with pytest.raises(SectionKey.DoesNotExist):
        services.open_file(file, other)


def test_a_withdrawal_that_is_rolled_back_leaves_the_old_bytes(holder: Holder) -> None:
    other_pair, other = vault.make_institutional_key_pair("network")
    file = keep(holder, making.jpeg())
    give_consent(file.section)
    vault.share_section(file.section, holder[1], other_pair, SUPPORT)

    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012
        vault.withdraw_section(file.section, holder[1], other_pair)
        raise RuntimeError

    file = SealedFile.objects.get(pk=file.pk)
    assert b"".join(services.open_file(file, other)) == making.jpeg()
    os.unlink(place(file.pk, 1))


def test_a_damaged_file_does_not_hold_up_a_withdrawal(holder: Holder) -> None:
    other_pair, _ = vault.make_institutional_key_pair("network")
    file = keep(holder, making.jpeg() * 200)
    give_consent(file.section)
    vault.share_section(file.section, holder[1], other_pair, SUPPORT)
    place_of(file).write_bytes(place_of(file).read_bytes()[:-5])

    vault.withdraw_section(file.section, holder[1], other_pair)

    with pytest.raises(WrongSecret):
        opened(SealedFile.objects.get(pk=file.pk), holder)
