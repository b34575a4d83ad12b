"""The directory: added, changed, put in order, ended; whose it is; what is shown of others; channels never in clear."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amparo.config.duties import DUTIES
from amparo.institutions.models import Institution, User
from amparo.institutions.services import Founded
from amparo.vault.models import LogEntry
from amparo.warning.duty.addresses import NoAddress, read_contact, read_typed
from amparo.warning.duty.directory import end_posts_of_who_is_gone, keep_contact
from amparo.warning.models import Contact, DutyShift, FocalPoint
from amparo.warning.times import this_quarter
from tests.factories import make_institution, make_member, sign_in
from tests.warning.alerting import make_chain, make_focal_point
from tests.warning.duty.desks import fill

pytestmark = pytest.mark.django_db
NUMBER = "+10000000002"


def add(client: Client, founded: Founded, **said: object) -> FocalPoint:
    address = reverse("focal-point-new", args=[founded.institution.code])
    assert client.post(address, fill(client, address, **said)).status_code == 302
    point = FocalPoint.objects.order_by("-pk").first()
    assert point is not None
    return point


def test_it_works(client: Client, founded: Founded, user: User) -> None:
    page = client.get(reverse("duty")).content.decode()
    assert "Nobody is in the directory yet: a call goes to everybody" in page
    address = reverse("focal-point-new", args=[founded.institution.code])
    said = fill(client, address, languages=["qu", "es"], time_zone="America/Lima", from_hour=8, to_hour=16)
    made = client.post(address, said)
    assert client.post(address, said)["Location"] == made["Location"]
    point = FocalPoint.objects.get()
    assert (point.user, point.rank, point.languages, point.week_days) == (user, 1, ["qu", "es"], [0, 1, 2, 3, 4])
    page = client.get(reverse("duty")).content.decode()
    assert "Quechua, Spanish" in page
    assert "08:00–16:00" in page
    assert "on duty" in page
    assert "by nothing yet" in page
    client.post(reverse("focal-point-channel", args=[point.pk]), {"channel": "sms", "address": "+1 (000) 000-0002"})
    assert read_contact(Contact.objects.get()) == NUMBER
    page = client.get(reverse("duty")).content.decode() + client.get(made["Location"]).content.decode()
    assert "Text message" in page
    assert "by nothing yet" not in page
    assert "0000002" not in page
    actions = list(LogEntry.objects.order_by("number").values_list("action", flat=True))
    assert actions[-2:] == ["focal-point-added", "contact-kept"]


def test_deputies_follow_and_can_be_moved_up(client: Client, founded: Founded, user: User) -> None:
    add(client, founded)
    deputy = add(client, founded, person=make_member(founded).pk)
    assert deputy.rank == 2
    client.post(reverse("focal-point-move", args=[deputy.pk]))
    client.post(reverse("focal-point-move", args=[deputy.pk]))
    assert list(FocalPoint.objects.order_by("rank").values_list("user", "rank")) == [
        (deputy.user_id, 1),
        (user.pk, 2),
    ]


def test_hours_are_changed_by_version(client: Client, founded: Founded, user: User) -> None:
    point = add(client, founded)
    address = reverse("focal-point", args=[point.pk])
    said = fill(client, address, from_hour=20, to_hour=6)
    assert client.post(address, said).status_code == 302
    late = client.post(address, said | {"from_hour": 10})
    assert late.status_code == 422
    assert "Somebody else changed this" in late.content.decode()
    point.refresh_from_db()
    assert (point.from_hour, point.to_hour) == (20, 6)


def test_leaving_is_asked_then_destroys_addresses_and_coming_shifts(
    client: Client, founded: Founded, user: User
) -> None:
    point = add(client, founded, in_post_since="2020-01-01")
    client.post(reverse("focal-point-channel", args=[point.pk]), {"channel": "signal", "address": NUMBER})
    later = this_quarter().replace(year=this_quarter().year + 1)
    DutyShift.objects.create(focal_point=point, starts_at=later, ends_at=later.replace(year=later.year + 1))
    leaving = reverse("focal-point-leave", args=[point.pk])
    assert "cannot be undone" in client.get(leaving).content.decode()
    assert Contact.objects.exists()
    client.post(leaving)
    assert not Contact.objects.exists()
    assert not DutyShift.objects.exists()
    assert client.post(leaving).status_code == 404
    page = client.get(reverse("duty")).content.decode()
    assert "Who was in post before" in page
    assert "from January 1, 2020" in page
    assert add(client, founded).user == user


def test_bad_input_is_told_at_its_field(client: Client, founded: Founded, user: User) -> None:
    address = reverse("focal-point-new", args=[founded.institution.code])
    said = fill(client, address, from_hour=9, to_hour=9, time_zone="Mars/Olympus", languages=["xx"], person="999999")
    answer = client.post(address, said)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"to_hour", "time_zone", "languages", "person"}
    point = add(client, founded)
    channel = reverse("focal-point-channel", args=[point.pk])
    for said in ({"channel": "sms", "address": "555"}, {"channel": "email", "address": "a@b.example"}, {}):
        answer = client.post(channel, said)
        assert answer.status_code == 422
        assert answer.context["contact"].errors
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("+57 300 000-0000", "+573000000000"), ("0057 300 0000000", "+573000000000"), ("+٥٧٣٠٠٠٠٠٠٠", "+5730000000")],
)
def test_numbers_are_kept_in_one_form(typed: str, kept: str) -> None:
    assert read_typed("sms", typed) == kept


@pytest.mark.parametrize("typed", ["", "3000000000", "+0123456789", "+57 300 call me", "+12345678901234567"])
def test_what_is_no_number_is_none(typed: str) -> None:
    with pytest.raises(NoAddress) as refused:
        read_typed("signal", typed)
    assert not str(refused.value)


def test_a_person_is_in_it_once(client: Client, founded: Founded, user: User) -> None:
    address = reverse("focal-point-new", args=[founded.institution.code])
    said, again = fill(client, address), fill(client, address)
    client.post(address, said)
    answer = client.post(address, again)
    assert answer.status_code == 422
    assert FocalPoint.objects.count() == 1


def test_a_case_worker_reads_and_sets_only_their_own_channels(client: Client, founded: Founded) -> None:
    worker = make_member(founded, role="case-worker")
    mine = FocalPoint.objects.create(institution=founded.institution, user=worker)
    other = FocalPoint.objects.get(user=make_focal_point(founded))
    sign_in(client, worker)
    assert client.get(reverse("duty")).status_code == 200
    said = {"channel": "sms", "address": NUMBER}
    assert client.post(reverse("focal-point-channel", args=[mine.pk]), said).status_code == 302
    assert client.post(reverse("focal-point-channel", args=[other.pk]), said).status_code == 403
    assert client.post(reverse("focal-point", args=[mine.pk]), {}).status_code == 403
    assert client.post(reverse("focal-point-leave", args=[mine.pk])).status_code == 403
    assert Contact.objects.get().focal_point == mine


def test_of_others_only_function_hours_and_channels_are_shown(client: Client, founded: Founded, user: User) -> None:
    there = make_institution("rindhca", "network")
    colleague = make_focal_point(there, languages=["pt"], in_post_since=date(2020, 1, 1))
    point = FocalPoint.objects.get()
    page = client.get(reverse("duty")).content.decode()
    assert "Portuguese" in page
    assert colleague.username not in page
    assert reverse("focal-point", args=[point.pk]) not in page
    for name in ("focal-point", "focal-point-leave"):
        assert client.get(reverse(name, args=[point.pk])).status_code == 404
    for name in ("focal-point-move", "focal-point-leave", "focal-point-channel"):
        assert client.post(reverse(name, args=[point.pk])).status_code == 404
    assert client.get(reverse("focal-point-new", args=["rindhca"])).status_code == 404


def test_an_office_where_nobody_signs_in_is_kept_by_others(client: Client, founded: Founded, user: User) -> None:
    office = make_institution("invented-office", "un-office")
    page = client.get(reverse("duty")).content.decode()
    assert "an alert that is passed on would reach nobody" in page
    point = add(client, office)
    assert point.user is None
    client.post(reverse("focal-point-channel", args=[point.pk]), {"channel": "email", "address": "a@amparo.invalid"})
    assert Contact.objects.get().channel == "email"
    make_member(office)
    assert client.get(reverse("focal-point", args=[point.pk])).status_code == 404


def test_another_nhri_without_people_is_nobody_elses(client: Client, founded: Founded, user: User) -> None:
    other = make_institution()
    assert client.get(reverse("focal-point-new", args=[other.institution.code])).status_code == 404


def test_a_constant_number_of_queries(client: Client, founded: Founded, user: User) -> None:
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse("duty"))
        return len(queries)

    make_focal_point(founded)
    make_focal_point(make_institution())
    few = count()
    for _ in range(4):
        there = make_institution()
        for rank in range(1, 4):
            make_focal_point(there, rank=rank)
            make_focal_point(founded, rank=rank + 1)
    assert count() == few


def test_of_who_no_longer_signs_in_no_address_is_left(client: Client, founded: Founded, user: User) -> None:
    point, gone = add(client, founded), make_focal_point(founded, rank=2)
    other = FocalPoint.objects.get(user=gone)
    for each in (point, other):
        keep_contact(user, each.pk, "sms", NUMBER)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert end_posts_of_who_is_gone in DUTIES
    assert (end_posts_of_who_is_gone(), end_posts_of_who_is_gone()) == (1, 0)
    assert Contact.objects.get().focal_point == point
    other.refresh_from_db()
    assert other.left_on == this_quarter().date()


def shown(client: Client, **asked: str) -> list[str]:
    """The codes of the institutions that the directory shows."""
    page = client.get(reverse("duty"), asked)
    assert page.status_code == 200
    return [office.institution.code for office in page.context["offices"]]


def test_institutions_are_found_by_kind_network_country_and_language(client: Client) -> None:
    chain = make_chain()
    far = make_institution("far-nhri")
    Institution.objects.filter(pk=far.institution.pk).update(country="NPL")
    make_focal_point(far, languages=["ne", "en"])
    near = chain["nhri"].institution
    FocalPoint.objects.filter(institution=near).update(languages=["qu", "es"])
    sign_in(client, near.members.get())

    assert shown(client) == ["invented-nhri", "far-nhri", "rindhca", "ganhri", "invented-un-office"]
    assert shown(client, kind="un-office") == ["invented-un-office"]
    assert shown(client, network="rindhca") == ["invented-nhri", "rindhca"]
    assert shown(client, network="apf") == ["far-nhri"]
    assert shown(client, country="NPL") == ["far-nhri"]
    assert shown(client, language="qu") == ["invented-nhri"]
    assert shown(client, language="e") == shown(client)
    assert shown(client, language="ne", kind="nhri", country="NPL") == ["far-nhri"]
    assert shown(client, country="COL", language="ne") == []
    assert "No institution is like this." in client.get(reverse("duty"), {"language": "am"}).content.decode()


def test_who_has_left_speaks_no_language_here(client: Client, founded: Founded, user: User) -> None:
    make_focal_point(founded, languages=["qu"], left_on=this_quarter().date())

    assert shown(client, language="qu") == []


def test_who_is_on_call_now_comes_first(client: Client, founded: Founded, user: User) -> None:
    now = this_quarter()
    first, second = (make_focal_point(founded, rank=rank, languages=["es"]) for rank in (1, 2))
    point = FocalPoint.objects.get(user=second)
    DutyShift.objects.create(focal_point=point, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1))

    page = client.get(reverse("duty")).content.decode()
    on_call = page.split('id="on-call"')[1].split("</section>")[0]
    assert second.username in on_call
    assert "deputy 1" in on_call
    assert first.username not in on_call


def test_more_institutions_cost_no_more_queries_whatever_is_asked(client: Client, founded: Founded, user: User) -> None:
    asked = {"language": "es", "network": "rindhca"}
    Institution.objects.update(country="COL")
    make_focal_point(founded, languages=["es"])
    client.get(reverse("duty"), asked)
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("duty"), asked)
    for number in range(30):
        there = make_institution(f"invented-{number}").institution
        Institution.objects.filter(pk=there.pk).update(country="PER")
        FocalPoint.objects.create(institution=there, languages=["es"])
    with CaptureQueriesContext(connection) as many:
        page = client.get(reverse("duty"), asked)

    assert len(many) == len(few)
    assert len(page.context["offices"]) == 25
    assert "page=2" in page.content.decode()
    assert "language=es" in page.content.decode().split('rel="next"')[1].split(">")[0]
