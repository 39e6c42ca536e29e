import os
import warnings

import pytest

from amazing_assets.models.spread import spread


def scaled(ground, item):
    return ground["factor"] * item, os.getpid()


def refused(ground, item):
    raise ValueError(f"{ground} and {item}")


@pytest.fixture
def two_cores(monkeypatch):
    if (os.cpu_count() or 1) < 2:
        pytest.skip("this machine has one core, and nothing is spread over it")
    monkeypatch.setenv("LOKY_MAX_CPU_COUNT", "2")


@pytest.mark.usefixtures("two_cores")
def test_results_come_in_order_from_other_processes():
    found = list(spread(scaled, {"factor": 3}, range(20)))
    assert [value for value, _ in found] == [3 * item for item in range(20)]
    assert os.getpid() not in {process for _, process in found}


def test_on_one_core_everything_is_worked_out_here(monkeypatch):
    monkeypatch.setenv("LOKY_MAX_CPU_COUNT", "1")
    assert list(spread(scaled, {"factor": 3}, [1, 2])) == [(3, os.getpid()), (6, os.getpid())]


@pytest.mark.usefixtures("two_cores")
def test_what_is_raised_elsewhere_is_raised_here():
    with warnings.catch_warnings():
        # Of the other results nobody is told any more.
        warnings.simplefilter("ignore")
        with pytest.raises(ValueError, match="ground and 1"):
            list(spread(refused, "ground", [1, 2]))
