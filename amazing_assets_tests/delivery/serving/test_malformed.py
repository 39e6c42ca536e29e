"""Whatever is sent, the answer is a problem that names a place, and nothing falls over."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amazing_assets.events.contract import EVENT_TYPES
from amazing_assets.events.reading.header import HEADER
from amazing_assets_tests.builders import content, line
from amazing_assets_tests.delivery.serving.services import sent

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


@given(body=BODIES)
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
def test_malformed_bodies_are_refused_with_a_problem(asked, body):
    judged(asked, body)


@pytest.mark.evaluate
@given(body=BODIES)
@settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
def test_ten_thousand_malformed_bodies_are_refused_with_a_problem(asked, body):
    judged(asked, body)


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
