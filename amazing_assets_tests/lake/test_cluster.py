"""What the workers of a real cluster make of shards, and what is said when they cannot."""

import shutil
import subprocess
from functools import partial
from pathlib import Path

import dask
import pytest
import yaml
from polars.testing import assert_frame_equal

from amazing_assets.defs.resources.stores import LakeResource
from amazing_assets.lake.cluster import ClusterError, DaskEngine, refuse_versions
from amazing_assets.lake.engine import LocalEngine, engine_at
from amazing_assets.lake.storage import LakeError
from amazing_assets.lake.table import Lake
from amazing_assets_tests.clusters import cluster
from amazing_assets_tests.defs.homes import SHARDS, Home
from amazing_assets_tests.lake.test_shard import TABLES
from amazing_assets_tests.tasks import Noted, double, fail, refuse, slow

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with cluster(tmp_path_factory.mktemp("cluster")) as started:
        yield started


@pytest.fixture
def engine(running):
    return DaskEngine(running.address)


def test_results_come_in_the_order_of_the_tasks(engine):
    assert list(engine.map(double, range(40))) == [2 * number for number in range(40)]


def test_no_more_is_asked_for_than_a_few_results_ahead(engine, tmp_path):
    results = engine.map(Noted(tmp_path), range(100))
    assert next(results) == 0
    results.close()
    assert 1 <= len(list(tmp_path.iterdir())) <= 17


def test_a_month_made_by_workers_is_the_month_made_here(october, engine, tmp_path):
    here, _ = october
    there = Home(tmp_path)
    for file in here.landing.iterdir():
        shutil.copy(file, there.landing)
    shutil.copy(here.key_file, there.key_file)
    there.resources["lake"] = LakeResource(
        root=str(there.lake.root), shards=SHARDS, cluster=engine.address
    )
    assert there.materialize().success
    for table in TABLES:
        assert_frame_equal(
            there.table(table), here.table(table), check_row_order=False, abs_tol=1e-12, rel_tol=0
        )
    assert_frame_equal(there.figures("event_statistics"), here.figures("event_statistics"))


def test_a_worker_that_is_killed_midway_is_survived(engine, tmp_path):
    results = list(engine.map(Noted(tmp_path, deaths=1), range(12)))
    assert len(list(tmp_path.glob("death*"))) == 1
    assert results == [2 * number for number in range(12)]


def test_a_task_that_always_kills_its_worker_ends_in_one_sentence(engine, tmp_path):
    with pytest.raises(ClusterError, match=r"^A task ended each of the 2 workers .+--memory-limit"):
        list(engine.map(Noted(tmp_path, deaths=99), range(6)))
    assert len(list(tmp_path.glob("death*"))) == 2


def test_what_a_task_refuses_is_said_as_it_was_and_not_tried_again(engine, tmp_path):
    with pytest.raises(LakeError, match=r"^There is no such thing\.$"):
        list(engine.map(refuse, range(3)))


def test_what_fails_of_itself_is_tried_three_times(engine, tmp_path):
    with pytest.raises(ZeroDivisionError):
        list(engine.map(partial(fail, tmp_path), [1]))
    assert len(list(tmp_path.iterdir())) == 3


def test_a_scheduler_that_is_lost_is_one_sentence(tmp_path):
    with cluster(tmp_path, workers=1) as lost:
        begun, sentence = tmp_path / "begun", f"^The scheduler {lost.address} was lost"
        begun.mkdir()
        results = DaskEngine(lost.address).map(partial(slow, begun), range(20))
        with pytest.raises(ClusterError, match=sentence), killed_once(lost, begun):
            next(results)


class killed_once:  # noqa: N801  reads as what it does
    """Kills a scheduler as soon as a task of it has begun."""

    def __init__(self, lost, begun):
        self.lost, self.begun = lost, begun

    def __enter__(self):
        program = f'until [ "$(ls {self.begun})" ]; do sleep 0.1; done; kill -9 {self.pid}'
        self.killer = subprocess.Popen(["/bin/sh", "-c", program])

    def __exit__(self, *_):
        self.killer.wait(60)

    @property
    def pid(self):
        return self.lost.processes[0].pid


def test_a_scheduler_that_does_not_answer_is_one_sentence():
    sentence = r"^The scheduler tcp://127\.0\.0\.1:1 does not answer \(ConnectionRefusedError\)"
    with pytest.raises(ClusterError, match=sentence):
        next(DaskEngine("tcp://127.0.0.1:1").map(double, [1]))


def told(**others):
    packages = {"python": "3.11.2.final.0", "polars": "2.1.0", "pandera": "0.35", "dask": "1"}
    return {"packages": {**packages, "distributed": "1", "amazing_assets": "0.1", **others}}


@pytest.mark.parametrize(
    ("others", "sentence"),
    [
        ({"polars": "2.0.0"}, "has polars 2.0.0 and this process has 2.1.0"),
        ({"amazing_assets": None}, "has amazing_assets not installed and this process has 0.1"),
        ({"python": "3.12.2.final.0"}, "has Python 3.12 and this process has 3.11"),
    ],
)
def test_a_worker_of_another_version_is_refused(others, sentence):
    versions = {"client": told(), "workers": {"tcp://a:1": told(), "tcp://b:2": told(**others)}}
    with pytest.raises(ClusterError, match=f"^The worker tcp://b:2 {sentence}; install the same"):
        refuse_versions(versions)


def test_a_worker_whose_python_has_other_mends_is_taken():
    refuse_versions({"client": told(), "workers": {"tcp://a:1": told(python="3.11.9.final.0")}})


def test_without_a_cluster_work_is_done_here(tmp_path):
    assert isinstance(engine_at(None), LocalEngine)
    assert isinstance(Lake(tmp_path, 2, engine_at("tcp://a:1")).engine, DaskEngine)


def test_the_manifest_for_kubernetes_has_the_scheduler_that_it_names():
    text = (Path(__file__).parents[2] / "deploy/dask/cluster.yaml").read_text()
    cluster, scaler = yaml.safe_load_all(text)
    assert (cluster["kind"], scaler["kind"]) == ("DaskCluster", "DaskAutoscaler")
    name, service = cluster["metadata"]["name"], cluster["spec"]["scheduler"]["service"]
    assert scaler["spec"]["cluster"] == name == service["selector"]["dask.org/cluster-name"]
    assert f"AMAZING_CLUSTER=tcp://{name}-scheduler:{service['ports'][0]['port']}" in text
    (worker,) = cluster["spec"]["worker"]["spec"]["containers"]
    assert worker["args"][worker["args"].index("--nthreads") + 1] == "1"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    if not shutil.which("openssl"):
        pytest.skip("openssl, which makes a certificate, is not installed")
    folder = tmp_path_factory.mktemp("certificate")
    key, file = folder / "key.pem", folder / "cert.pem"
    asked = ["-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    made = ["openssl", "req", "-x509", *asked, "-keyout", str(key), "-out", str(file)]
    subprocess.run(made, check=True, capture_output=True)
    return key, file


@pytest.mark.evaluate
def test_certificates_are_those_of_dasks_own_configuration(certificate, tmp_path):
    key, file = map(str, certificate)
    given = ("--tls-ca-file", file, "--tls-cert", file, "--tls-key", key)
    with cluster(tmp_path, *given, "--protocol", "tls", workers=1) as safe:
        assert safe.address.startswith("tls://")
        with pytest.raises(ClusterError, match="wants certificates; set DASK_DISTRIBUTED__COMM"):
            next(DaskEngine(safe.address).map(double, [1]))
        known = {"ca-file": file, "client.cert": file, "client.key": key}
        with dask.config.set(
            {f"distributed.comm.tls.{name}": is_at for name, is_at in known.items()}
        ):
            assert list(DaskEngine(safe.address).map(double, [1, 2])) == [2, 4]
