import json
import re
import shutil
import signal
import time

import httpx
import pytest

from amazing_assets.pseudonym import pseudonym_of
from amazing_assets_tests.builders import content, line
from amazing_assets_tests.commands import amazing
from amazing_assets_tests.delivery.serving.processes import Process
from amazing_assets_tests.delivery.serving.services import sent

pytestmark = [pytest.mark.slow, pytest.mark.end_to_end]

# Found nowhere by chance.
CUSTOMER = 7_213_458_096_113
AN_EVENT = sent(user_id=CUSTOMER)


@pytest.fixture(scope="module")
def home(classified_home, tmp_path_factory):
    folder = tmp_path_factory.mktemp("served") / "home"
    shutil.copytree(classified_home.warehouse.parent, folder, symlinks=True)
    return folder


@pytest.fixture(scope="module")
def served(home):
    """What a service said, in its log and in answers, of requests about one customer."""
    process, before = Process(home), time.time()
    process.wait()
    client = process.client
    csv, as_json = {"content-type": "text/csv"}, {"content-type": "application/json"}
    good = client.post("/classify", json={"events": [AN_EVENT]})
    bad = [
        client.post("/classify", json={"events": [{**AN_EVENT, "price": CUSTOMER}]}),
        client.post("/classify", json={"events": [{**AN_EVENT, str(CUSTOMER): 1}]}),
        client.post("/classify", json={"events": [{**AN_EVENT, "event_time": str(CUSTOMER)}]}),
        client.post("/classify", json={"events": [{**AN_EVENT, "event_type": str(CUSTOMER)}]}),
        client.post("/classify", json={str(CUSTOMER): [AN_EVENT]}),
        client.post("/classify", json=CUSTOMER),
        client.post("/classify", content=b'{"events": [%d' % CUSTOMER, headers=as_json),
        client.post("/classify", content=content(line(user_id=f"{CUSTOMER}x")), headers=csv),
        client.post("/classify", content=content(line(user_id=f"{CUSTOMER}.0")), headers=csv),
        client.post("/classify", content=content(header=str(CUSTOMER)), headers=csv),
        client.post(f"/classify?reference_date={CUSTOMER}", json={"events": [AN_EVENT]}),
        client.get(f"/customers/{CUSTOMER}"),
        client.get(f"/customers/{CUSTOMER}?date={CUSTOMER}"),
        client.get(f"/customers/{CUSTOMER}x"),
        client.get(f"/nowhere/{CUSTOMER}"),
        client.post(f"/customers/{CUSTOMER}"),
    ]
    figures = client.get("/metrics").content
    log = process.end()
    changed = [
        file.read_bytes()
        for file in home.rglob("*")
        if file.is_file() and file.stat().st_mtime > before
    ]
    return process, good, bad, [log, figures, *(answer.content for answer in bad), *changed]


def test_a_process_answers_over_http(served):
    _, good, bad, _ = served
    (customer,) = good.json()["customers"]
    assert customer["user_id"] == CUSTOMER
    assert customer["name_fr"]
    assert {answer.status_code for answer in bad} == {400, 404, 405, 422}


def test_no_id_stands_in_logs_figures_errors_or_files(served):
    process, _, bad, said = served
    assert len(said) > len(bad)
    assert b"POST /classify 200" in said[0]
    forms = {
        str(CUSTOMER),
        f"{CUSTOMER:,}",
        f"{CUSTOMER:x}",
        str(pseudonym_of(CUSTOMER, process.key)),
    }
    found = [form for form in forms for text in said if form.encode() in text]
    assert found == []


def test_a_service_that_is_killed_answers_the_same_once_it_is_back(home):
    answers = []
    for how in (signal.SIGKILL, signal.SIGTERM):
        process = Process(home)
        process.wait()
        answers.append(process.client.post("/classify", json={"events": [AN_EVENT]}).json())
        process.end(how)
        with pytest.raises(httpx.ConnectError):
            httpx.get(process.client.base_url.join("/health"))
    assert answers[0] == answers[1]


def test_keys_are_made_and_taken_away_by_name(tmp_path):
    made = amazing(tmp_path, "api-key", "a shop", "--scope", "classify")
    assert re.fullmatch(r"amz_[\w-]{43}\n", made.stdout)
    (kept,) = json.loads((tmp_path / "api-keys.json").read_text())
    assert (kept["name"], kept["scopes"]) == ("a shop", ["classify"])
    gone = amazing(tmp_path, "api-key", "a shop", "--revoke")
    assert gone.stdout == "1 of a shop open nothing any more.\n"
    again = amazing(tmp_path, "api-key", "a shop", "--revoke")
    assert again.returncode == 1
    assert again.stderr == "amazing: There is no such key of a shop.\n"


def test_a_key_without_a_scope_is_not_made(tmp_path):
    refused = amazing(tmp_path, "api-key", "a shop")
    assert refused.stderr == (
        "amazing: A key opens one or more of classify, customers, segments; name those.\n"
    )
