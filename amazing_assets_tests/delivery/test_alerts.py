import dataclasses

import pytest

from amazing_assets.delivery.alerts import Alert, AlertError, send, without_ids

ALERT = Alert(
    run_id="abc",
    job="month_job",
    partition="2019-10",
    step="clean_events",
    assets=("clean_events",),
    reason="clean_events 2019-10 breaks its contract.",
    is_retried=False,
    url="https://dagster.example.com/runs/abc",
)


def test_an_alert_arrives_as_json_that_a_chat_shows(webhook):
    send(ALERT, webhook.address)
    (message,) = webhook.messages
    assert message.pop("text") == (
        "month_job of 2019-10 failed at clean_events: clean_events 2019-10 breaks its contract. "
        "https://dagster.example.com/runs/abc"
    )
    assert message == dataclasses.asdict(ALERT) | {"assets": ["clean_events"]}


def test_what_is_not_known_is_not_spoken_of():
    alert = dataclasses.replace(ALERT, partition=None, step=None, url=None, is_retried=True)
    assert alert.sentence == (
        "month_job failed: clean_events 2019-10 breaks its contract. It is tried again."
    )


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_webhook_that_does_not_take_it_is_told_in_one_sentence(webhook, status):
    webhook.status, webhook.headers = status, {"Location": webhook.address}
    with pytest.raises(AlertError) as raised:
        send(ALERT, webhook.address)
    assert str(raised.value) == f"The alert of run abc was not sent: the webhook answered {status}."
    assert len(webhook.messages) == 1


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/secret", "http://nowhere.invalid/secret"])
def test_a_webhook_that_is_not_there_is_told_without_its_address(address):
    with pytest.raises(AlertError, match="the webhook was not reached") as raised:
        send(ALERT, address)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("2019-Oct.csv line 7: user_id 541312140 is", "2019-Oct.csv line 7: user_id *** is"),
        ("category_id 2.10381E+18 is", "category_id *** is"),
        ("72d76fde-8bb3-4e00-8c23-a032dfed738c", "***"),
        ("2019-10: 2,000,000 of 3,000,000 rows", "2019-10: 2,000,000 of 3,000,000 rows"),
        ("two\n  lines", "two lines"),
    ],
)
def test_a_sentence_keeps_its_meaning_and_loses_its_ids(sentence, told):
    assert without_ids(sentence) == told
