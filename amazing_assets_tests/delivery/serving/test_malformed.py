"""Whatever is sent, the answer is a problem that names a place, and nothing falls over."""

import json
import shutil

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from amazing_assets.events.contract import EVENT_TYPES
from amazing_assets.events.reading.header import HEADER
from amazing_assets_tests.builders import content, line
from amazing_assets_tests.delivery.serving.processes import Process
from amazing_assets_tests.delivery.serving.services import sent

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
NEGATIVE = GenerationMode.NEGATIVE

# What allocators keep of 10,000 bodies; one that was kept of each would be more.
_GROWTH_MEGABYTES = 60

# Of whatever JSON may hold.
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)

# One field that may hold anything, has another name, or is not there.
BROKEN_EVENT = st.one_of(
    st.builds(lambda name, value: sent(**{name: value}), st.sampled_from(HEADER), ANYTHING),
    st.builds(lambda name: {n: v for n, v in sent().items() if n != name}, st.sampled_from(HEADER)),
    st.builds(lambda name, value: {**sent(), name: value}, st.text(max_size=9), ANYTHING),
)

# As far from the usual as an event can be that keeps the contract.
IDS = st.integers(-(2**63) + 1, 2**63 - 1) | st.integers(0, 3)
ODD_EVENT = st.builds(
    sent,
    event_time=st.datetimes().map(lambda moment: f"{moment:%Y-%m-%d %H:%M:%S} UTC".rjust(23, "0")),
    event_type=st.sampled_from(EVENT_TYPES),
    product_id=IDS,
    category_id=st.none() | IDS | IDS.map(str),
    category_code=st.none() | st.text(max_size=9),
    brand=st.none() | st.text(max_size=9),
    price=st.none() | st.floats(-1e7, 1e7) | st.sampled_from([0, 0.001, 1e7, -1e7]),
    user_id=IDS,
    user_session=st.none() | st.text(max_size=9),
)
ODD_REQUEST = st.builds(
    lambda events, day: {"events": events, **({"reference_date": str(day)} if day else {})},
    st.lists(ODD_EVENT, max_size=9),
    st.none() | st.dates(),
)
REQUEST = st.one_of(
    ODD_REQUEST,
    ANYTHING,
    st.builds(lambda events: {"events": events}, st.lists(BROKEN_EVENT, max_size=4)),
    st.builds(lambda value: {"events": [sent()], "reference_date": value}, ANYTHING),
)
AS_JSON = REQUEST.map(lambda value: json.dumps(value).encode())
AS_CSV = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200).map(str.encode),
    st.builds(
        lambda name, value: content(line(**{name: value})).decode().encode(),
        st.sampled_from(HEADER),
        st.text(max_size=30),
    ),
    st.builds(lambda rest: content(line(), rest), st.text(max_size=60)),
)
BODIES = st.tuples(st.just("application/json"), AS_JSON | st.binary(max_size=200)) | st.tuples(
    st.just("text/csv"), AS_CSV
)

# Some of what is sent is right after all: a product may have any number.
STATUSES = {200, 400, 413, 415, 422}


def judged(client, body):
    kind, text = body
    answer = client.post("/classify", content=text, headers={"content-type": kind})
    assert answer.status_code in STATUSES, (body, answer.text[:300])
    told = answer.json()
    if answer.status_code != 200:
        assert answer.headers["content-type"] == "application/problem+json"
        assert told["status"] == answer.status_code
        assert told["detail"].endswith(".")
        assert "Traceback" not in answer.text
    return answer.status_code


def judged_all(client, number):
    """Send so many bodies, each of which must be answered or refused."""

    @given(body=BODIES)
    @settings(max_examples=number, deadline=None, suppress_health_check=list(HealthCheck))
    def each(body):
        judged(client, body)

    each()


def test_malformed_bodies_are_refused_with_a_problem(asked):
    judged_all(asked, 200)


@pytest.fixture(scope="module")
def process(classified_home, tmp_path_factory):
    """The service as a process of its own, whose memory is nobody else's."""
    folder = tmp_path_factory.mktemp("malformed") / "home"
    shutil.copytree(classified_home.warehouse.parent, folder, symlinks=True)
    process = Process(folder)
    process.wait()
    yield process
    process.end()


@pytest.mark.evaluate
def test_ten_thousand_malformed_bodies_leave_memory_as_it_was(process):
    judged_all(process.client, 1_000)
    before = process.megabytes
    judged_all(process.client, 10_000)
    assert process.megabytes - before < _GROWTH_MEGABYTES
    assert b"Traceback" not in process.log.read_bytes()


def said_of_the_page(client, number, path, method):
    """Send what Schemathesis makes of a path of the page, right and wrong."""
    page = schemathesis.openapi.from_url(str(client.base_url.join("/openapi.json")))
    key = {
        name: client.headers[name]
        for name in ("authorization", "x-api-key")
        if name in client.headers
    }

    @given(case=page[path][method].as_strategy() | page[path][method].as_strategy(NEGATIVE))
    @settings(max_examples=number, deadline=None, suppress_health_check=list(HealthCheck))
    def each(case):
        case.call_and_validate(headers=key, checks=CHECKS)

    each()


PATHS = {
    "/classify": "POST",
    "/customers/{user_id}": "GET",
    "/segments": "GET",
    "/models": "GET",
    "/health": "GET",
    "/ready": "GET",
}


def test_the_page_has_these_paths(asked):
    assert set(asked.get("/openapi.json").json()["paths"]) == set(PATHS)


@pytest.mark.parametrize("path", PATHS)
def test_whatever_the_page_lets_one_ask_is_answered_as_it_says(asked, path):
    said_of_the_page(asked, 20, path, PATHS[path])


@pytest.mark.evaluate
@pytest.mark.parametrize("path", ["/classify", "/customers/{user_id}"])
def test_thousands_of_requests_made_of_the_page_are_answered_as_it_says(process, path):
    said_of_the_page(process.client, 3_000, path, PATHS[path])
    assert b"Traceback" not in process.log.read_bytes()


@pytest.mark.parametrize(
    ("event", "field"),
    [
        (sent(price=1e300), "events.0.price"),
        (sent(price="dear"), "events.0.price"),
        (sent(event_time="2019-10-01 00:00:00"), "events.0.event_time"),
        (sent(event_type="VIEW"), "events.0.event_type"),
        (sent(product_id=None), "events.0.product_id"),
        (sent(product_id=4.46e7), "events.0.product_id"),
        (sent(user_id="9" * 19), "events.0.user_id"),
        ({**sent(), "session": 1}, "events.0.(unknown)"),
        (sent(event_time="9999-12-31 00:00:00 UTC"), "events"),
        (sent(event_time="0000-01-01 00:00:00 UTC"), "events"),
    ],
)
def test_the_field_that_is_at_fault_is_named(asked, event, field):
    answer = asked.post("/classify", json={"events": [event]})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"].startswith(field)


def test_the_line_that_is_at_fault_is_named(asked):
    body = content(line(), line(price="dear"))
    answer = asked.post("/classify", content=body, headers={"content-type": "text/csv"})
    assert answer.json()["errors"] == [
        {"field": "line 3", "detail": "A price is written like 33.20."}
    ]
