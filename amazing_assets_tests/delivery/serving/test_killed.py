"""A service that is killed and started again while shops ask it."""

import shutil
import signal
import threading

import httpx
import pytest

from amazing_assets_tests.delivery.serving.processes import Process, free_port, new_key
from amazing_assets_tests.delivery.serving.services import sent

CLIENTS, KILLS = 6, 4

pytestmark = pytest.mark.evaluate


def body(number):
    """Of each client another customer, with another number of events."""
    times = [f"2019-10-{day:02d} 10:00:00 UTC" for day in range(1, 10 + number)]
    return {"events": [sent(user_id=1_000 + number, event_time=each) for each in times]}


class Shop(threading.Thread):
    """Asks the same again and again, whatever comes of it."""

    def __init__(self, number, address, key):
        super().__init__(daemon=True)
        self.body, self.address, self.key = body(number), address, {"X-API-Key": key}
        self.is_over, self.answers, self.faults = threading.Event(), [], []

    def run(self):
        while not self.is_over.is_set():
            try:
                # A connection of its own for each: a proxy that keeps none.
                answer = httpx.post(
                    f"{self.address}/classify", json=self.body, headers=self.key, timeout=60
                )
                self.answers.append((answer.status_code, answer.json()))
            except httpx.TransportError as error:
                self.faults.append(error)
                self.is_over.wait(0.05)


def test_under_load_every_answer_that_comes_is_right_however_often_it_is_killed(
    classified_home, tmp_path
):
    home = tmp_path / "home"
    shutil.copytree(classified_home.warehouse.parent, home, symlinks=True)
    key, port = new_key(home), free_port()
    process = Process(home, key, port)
    process.wait()
    right = [(200, process.client.post("/classify", json=body(n)).json()) for n in range(CLIENTS)]
    shops = [Shop(n, f"http://127.0.0.1:{port}", key) for n in range(CLIENTS)]
    for shop in shops:
        shop.start()
    counts = []
    for _ in range(KILLS):
        before = sum(len(shop.answers) for shop in shops)
        while sum(len(shop.answers) for shop in shops) < before + 10 * CLIENTS:
            shops[0].is_over.wait(0.05)
        process.end(signal.SIGKILL)
        counts.append(sum(len(shop.answers) for shop in shops) - before)
        process = Process(home, key, port)
        process.wait()
    for shop in shops:
        shop.is_over.set()
        shop.join()
    process.end()
    assert min(counts) >= 10 * CLIENTS
    assert [
        answer
        for shop, known in zip(shops, right, strict=True)
        for answer in shop.answers
        if answer != known
    ] == []
    assert min(len(shop.faults) for shop in shops) > 0
