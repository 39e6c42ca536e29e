import gzip
import json
import shutil
import time
from types import SimpleNamespace

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from amazing_assets.delivery.classification.contract import OF_SEGMENTS, OF_VECTORS
from amazing_assets.delivery.serving import schemas
from amazing_assets.delivery.serving.answers import next_action
from amazing_assets.delivery.serving.limits import Limits
from amazing_assets.lake.contract import schema_of
from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.left_out import add_erased, add_objectors, mark_key, remove_objectors
from amazing_assets.lake.table import Lake
from amazing_assets.models.versions import promote
from amazing_assets.pseudonym import pseudonym_of, pseudonyms, read_key
from amazing_assets.segments.contract import SegmentAssignments
from amazing_assets.segments.naming.given import Given, give_name
from amazing_assets_tests.builders import content, line
from amazing_assets_tests.classified import MONTHS, WEEK, stores_of
from amazing_assets_tests.delivery.serving.services import (
    packed,
    running,
    sent,
    service_of,
    shop_events,
)

JSON = {"content-type": "application/json", "content-encoding": "gzip"}


@pytest.fixture(scope="module")
def events(world):
    return shop_events(world)


def ask(client, rows, at=None):
    """What is answered of some rows, in requests that are small enough."""
    customers = []
    for part in range(2):
        some = rows.filter(pl.col("user_id") % 2 == part)
        address = f"/classify?reference_date={at}" if at else "/classify"
        answer = client.post(address, content=packed(some.to_dicts()), headers=JSON)
        assert answer.status_code == 200, answer.text[:500]
        customers += answer.json()["customers"]
    return customers


def by_pseudonym(home, customers, columns):
    known = pl.DataFrame(
        [{**each, **((each["next_action"] or {}).get("probabilities", {}))} for each in customers],
        infer_schema_length=None,
    )
    key = read_key(home.warehouse.parent / "pseudonym.key")
    named = known.join(pseudonyms(known["user_id"], key), on="user_id")
    return named.drop("user_id").rename({"pseudonym": "user_id"}).select(columns).sort("user_id")


def test_every_customer_is_answered_as_the_warehouse_has_them(asked, classified_home, events):
    columns = ["user_id", *OF_SEGMENTS]
    told = by_pseudonym(classified_home, ask(asked, events, "2020-01-01"), columns)
    assigned = classified_home.figures("segment_assignments", MONTHS[-1]).select(columns)
    kinds = {name: schema_of(SegmentAssignments)[name] for name in columns}
    assert_frame_equal(told.cast(kinds), assigned.sort("user_id"), rel_tol=1e-12)


def test_every_customer_gets_the_vector_that_the_lake_has(asked, classified_home, events):
    customers = [each for each in ask(asked, events, "2019-12-17") if each["next_action"]]
    vectors = classified_home.lake.scan("next_action_vectors", WEEK).collect().sort("user_id")
    columns = ["user_id", *OF_VECTORS[:-2]]
    told = by_pseudonym(classified_home, customers, columns)
    assert_frame_equal(told.cast(vectors.select(columns).schema), vectors.select(columns))


def test_json_and_csv_plain_and_packed_say_the_same(asked):
    as_csv = content(line(), line(user_id="12"))
    as_json = json.dumps({"events": [sent(), sent(user_id="12")]}).encode()
    answers = [
        asked.post(
            "/classify",
            content=gzip.compress(body) if encoding else body,
            headers={"content-type": kind, **({"content-encoding": "gzip"} if encoding else {})},
        ).json()
        for kind, body in (("text/csv", as_csv), ("application/json", as_json))
        for encoding in (False, True)
    ]
    assert [each["user_id"] for each in answers[0]["customers"]] == [12, 541312140]
    assert answers == [answers[0]] * 4


def test_answers_are_what_the_page_promises(asked, events):
    answer = asked.post("/classify", json={"events": events.head(2_000).to_dicts()})
    told = schemas.ClassifyAnswer.model_validate(answer.json())
    assert len(told.customers) > 20
    segments = [schemas.KnownSegment.model_validate(each) for each in asked.get("/segments").json()]
    assert {each.segment for each in segments} == set(range(1, len(segments) + 1))
    page = asked.get("/openapi.json").json()
    body = page["paths"]["/classify"]["post"]["requestBody"]["content"]["application/json"]
    assert set(body["schema"]["properties"]) == {"events", "reference_date"}


def test_a_customer_is_shown_as_the_view_has_them_with_the_newest_vector(
    asked, classified_home, events
):
    (user_id,) = events.filter(pl.col("event_time") < "2019-12-01")["user_id"].mode().head(1)
    key = read_key(classified_home.warehouse.parent / "pseudonym.key")
    lake, is_them = classified_home.lake, pl.col("user_id") == pseudonym_of(user_id, key)
    (view,) = lake.scan("customer_view", WEEK).filter(is_them).collect().to_dicts()
    (vector,) = lake.scan("next_action_vectors", WEEK).filter(is_them).collect().to_dicts()
    told = asked.get(f"/customers/{user_id}").json()
    assert told["view"] == json.loads(
        json.dumps({k: v for k, v in view.items() if k != "user_id"}, default=str)
    )
    assert told["next_action"] == json.loads(json.dumps(next_action(vector)))
    assert told["next_action_reference_date"] == "2019-12-17"
    schemas.KnownCustomer.model_validate(told)


@pytest.mark.parametrize(("day", "status"), [("2019-12-16", 404), ("2019-12-17", 200)])
def test_a_view_is_shown_from_its_reference_date_on(asked, events, day, status):
    (user_id,) = events.filter(pl.col("event_time") < "2019-12-01")["user_id"].mode().head(1)
    assert asked.get(f"/customers/{user_id}?date={day}").status_code == status


def copied(home, folder):
    """A home of its own with the same tables and models."""
    shutil.copytree(home.warehouse.parent, folder, symlinks=True)
    lake = Lake(folder / "lake", home.lake.shards, LocalEngine())
    return SimpleNamespace(warehouse=folder / "warehouse.duckdb", lake=lake)


def wait_for(client, version):
    wait_until(lambda: client.get("/models").json()["models"]["segments"] == version)


def wait_until(is_so):
    begun = time.monotonic()
    while not is_so():
        assert time.monotonic() - begun < 60
        time.sleep(0.05)


def test_who_objected_or_was_forgotten_is_told_that_profiling_stopped(classified_home, tmp_path):
    home = copied(classified_home, tmp_path / "home")
    root, key = home.lake.root, read_key(tmp_path / "home" / "pseudonym.key")
    add_objectors(root, [pseudonym_of(7, key)])
    add_erased(root, [pseudonym_of(8, mark_key(root, key))])
    service, api_key = service_of(home, tmp_path)
    asked = {"events": [sent(user_id=number) for number in (7, 8, 9)]}

    def told(client):
        customers = client.post("/classify", json=asked).json()["customers"]
        return {each["user_id"]: each for each in customers}

    with running(service) as client:
        client.headers.update(api_key)
        stopped = told(client)
        remove_objectors(root, [pseudonym_of(7, key)])
        wait_until(lambda: told(client)[7]["reason"] == "insufficient_events")
    reasons = {number: each["reason"] for number, each in stopped.items()}
    assert reasons == {
        7: "profiling_stopped",
        8: "profiling_stopped",
        9: "insufficient_events",
    }
    assert (stopped[7]["name_en"], stopped[7]["next_action"]) == ("(profiling stopped)", None)
    assert stopped[9]["next_action"] is not None


def test_a_promotion_and_a_rollback_answer_without_a_restart(classified_home, events, tmp_path):
    home = copied(classified_home, tmp_path / "home")
    service, key = service_of(home, tmp_path)
    store, some = stores_of(tmp_path / "home").segments, events.filter(pl.col("user_id") % 9 == 0)

    def names(client):
        return {each["user_id"]: each["segment_name"] for each in ask(client, some)}

    with running(service) as client:
        client.headers.update(key)
        found = names(client)
        promote("2", store)
        wait_for(client, "2")
        grid = names(client)
        promote("1", store)
        wait_for(client, "1")
        again = names(client)
    assert {"loyal_customers", "best_customers"} & set(grid.values())
    assert not set(found.values()) & set(grid.values()) - {"unclassified"}
    assert again == found


def test_a_name_that_a_person_gives_is_told_at_once(classified_home, tmp_path):
    home = copied(classified_home, tmp_path / "home")
    service, key = service_of(home, tmp_path)
    with running(service) as client:
        client.headers.update(key)
        number = client.get("/segments").json()[0]["segment"]
        give_name(
            tmp_path / "home" / "artifacts", number, Given("Nomades", "Nomads", "Ada", "2020-01-01")
        )
        begun = time.monotonic()
        while (told := client.get("/segments").json()[0])["name_fr"] != "Nomades":
            assert time.monotonic() - begun < 60
            time.sleep(0.05)
    assert told["name_en"] == "Nomads"


def test_a_champion_that_cannot_be_read_leaves_the_one_before_in_use(classified_home, tmp_path):
    home = copied(classified_home, tmp_path / "home")
    service, key = service_of(home, tmp_path)
    for file in (tmp_path / "home" / "artifacts").rglob("model.json"):
        file.write_text("{}")
    service.serving.refresh()
    assert service.serving.champions is None
    with running(service) as client:
        client.headers.update(key)
        ready = client.get("/ready")
    assert ready.status_code == 503
    assert "cannot be read" in ready.json()["detail"]


@pytest.fixture(scope="module")
def narrow(classified_home, tmp_path_factory):
    """A service that allows next to nothing."""
    limits = Limits(body_bytes=3_000, customers=2, events=5, waiting=0, seconds=0.3)
    service, key = service_of(classified_home, tmp_path_factory.mktemp("keys"), limits=limits)
    with running(service) as client:
        client.headers.update(key)
        yield client


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b" " * 3_001, {}, 413),
        (gzip.compress(b" " * 50_000_000, mtime=0), JSON, 413),
        (json.dumps({"events": [sent()] * 6}).encode(), {}, 413),
        (json.dumps({"events": [sent(user_id=n) for n in range(3)]}).encode(), {}, 413),
        (gzip.compress(b"{}", mtime=0)[:-3], JSON, 400),
        (gzip.compress(b"{}", mtime=0) * 2, JSON, 400),
        (b"{}", JSON, 400),
        (b"{}", {"content-encoding": "br"}, 415),
        (b"{}", {"content-type": "text/plain"}, 415),
        (b"", {}, 400),
        (json.dumps({"events": []}).encode(), {}, 422),
        (json.dumps({"events": [sent()]}).encode(), {}, 429),
    ],
)
def test_what_is_too_much_or_no_events_is_refused(narrow, body, headers, status):
    kind = {"content-type": "application/json", **headers}
    answer = narrow.post("/classify", content=body, headers=kind)
    assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert answer.headers["content-type"] == "application/problem+json"
    assert ("retry-after" in answer.headers) == (status == 429)


def test_a_body_that_trickles_in_is_given_up(narrow):
    def slowly():
        yield b'{"events"'
        time.sleep(1)
        yield b": []}"

    answer = narrow.post(
        "/classify", content=slowly(), headers={"content-type": "application/json"}
    )
    assert answer.status_code == 408


def test_pages_of_other_sites_are_not_allowed_to_ask(asked):
    answer = asked.options(
        "/classify",
        headers={"origin": "https://example.com", "access-control-request-method": "POST"},
    )
    assert answer.status_code == 405
    assert not [name for name in answer.headers if name.startswith("access-control")]
