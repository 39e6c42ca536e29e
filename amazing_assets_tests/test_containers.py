"""Images, compose, Kubernetes, ECS and workflows: what no schema of theirs says."""

import json
import re
import subprocess
import sys
from pathlib import Path

import botocore.session
import pytest
import yaml
from botocore.exceptions import ParamValidationError
from botocore.validate import ParamValidator

from amazing_assets.variables import NAMES, SECRETS
from amazing_assets_tests.commands import environment

REPOSITORY = Path(__file__).parents[1]
DEPLOY = REPOSITORY / "deploy"
TASKS = ("platform", "classifier")
WORKFLOWS = sorted((REPOSITORY / ".github" / "workflows").glob("*.yml"))
DOCKERFILE = (REPOSITORY / "Dockerfile").read_text()


def task(name):
    return json.loads((DEPLOY / "ecs" / f"{name}.json").read_text())


def refuse_wrong(definition):
    """Raise what AWS's client says of a call before it is sent."""
    ecs = botocore.session.get_session().get_service_model("ecs")
    shape = ecs.operation_model("RegisterTaskDefinition").input_shape
    if faults := ParamValidator().validate(definition, shape).generate_report():
        raise ParamValidationError(report=faults)


@pytest.mark.parametrize("name", TASKS)
def test_a_task_of_ecs_is_what_aws_takes(name):
    definition = task(name)
    refuse_wrong(definition)
    with pytest.raises(ParamValidationError, match="networkMod"):
        refuse_wrong({**definition, "networkMod": "awsvpc"})


@pytest.mark.parametrize("name", TASKS)
def test_a_task_writes_to_volumes_only_and_is_nobody_of_power(name):
    containers = task(name)["containerDefinitions"]
    assert {each["user"] for each in containers} == {"10001:10001"}
    assert {each["readonlyRootFilesystem"] for each in containers} == {True}
    homes = {mount["containerPath"] for each in containers for mount in each["mountPoints"]}
    assert homes == {"/tmp", "/var/lib/amazing"}  # noqa: S108  of the container


@pytest.mark.parametrize("name", TASKS)
def test_a_secret_stands_in_no_task_but_by_its_arn(name):
    containers = task(name)["containerDefinitions"]
    plain = {each["name"] for container in containers for each in container["environment"]}
    assert not plain & {*SECRETS, "AMAZING_WAREHOUSE"}
    secrets = [each for container in containers for each in container["secrets"]]
    assert {each["name"] for each in secrets} <= {*SECRETS, "AMAZING_WAREHOUSE"}
    assert {each["valueFrom"].rpartition("/")[0] for each in secrets} == {
        "arn:aws:secretsmanager:${AWS_REGION}:${ACCOUNT}:secret:amazing"
    }


def test_a_run_of_ecs_has_the_settings_of_the_code_server():
    code, _, daemon = task("platform")["containerDefinitions"]
    assert daemon["name"] == "daemon"
    of_code = {each["name"]: each for each in (*code["environment"], *code["secrets"])}
    of_runs = {each["name"]: each for each in (*daemon["environment"], *daemon["secrets"])}
    # The image is told by the code server, and what a run copies must not be its address.
    missing = of_code.keys() - of_runs.keys()
    assert missing == {"DAGSTER_CURRENT_IMAGE"}
    assert of_code == {name: of_runs.get(name, of_code[name]) for name in of_code}
    assert daemon["mountPoints"] == code["mountPoints"]


FILES = [
    path
    for path in sorted(DEPLOY.rglob("*"))
    if path.suffix in {".yaml", ".json"} and path.name != "dask.yaml"
]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_setting_that_is_deployed_is_one(path):
    assert set(re.findall(r"\bAMAZING_[A-Z_]+", path.read_text())) <= NAMES.keys()


def services():
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]


def test_what_compose_runs_of_ours_has_a_read_only_root_and_no_capability():
    ours = {name: each for name, each in services().items() if "amazing-assets" in each["image"]}
    assert {"code", "web", "daemon", "classifier", "mlflow", "worker"} <= ours.keys()
    assert {(each["read_only"], *each["cap_drop"]) for each in ours.values()} == {(True, "ALL")}


def test_compose_holds_no_secret_and_opens_no_port_to_others():
    found = {
        (name, variable, value)
        for name, each in services().items()
        for variable, value in each.get("environment", {}).items()
        if variable in SECRETS or "PASSWORD" in variable
    }
    assert len(found) > len(SECRETS)
    assert {value for _, _, value in found if "${" not in value} == set()
    ports = {port for each in services().values() for port in each.get("ports", ())}
    assert {port.split(":")[0] for port in ports} == {"127.0.0.1"}


def test_both_images_run_as_nobody_of_power_from_a_fixed_base():
    assert re.search(r"^ARG BASE=\S+@sha256:[0-9a-f]{64}$", DOCKERFILE, re.MULTILINE)
    for target in ("platform", "classifier"):
        stage = DOCKERFILE.split(f" AS {target}\n")[1].split("\nFROM ")[0]
        assert "USER 10001:10001" in stage
        assert "HEALTHCHECK" in stage
        assert 'VOLUME ["/var/lib/amazing", "/tmp"]' in stage
    assert set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)) == {
        "${BASE}",
        "system",
        "named",
    }


def test_only_what_is_named_comes_near_an_image():
    first, *others = [
        line
        for line in (REPOSITORY / ".dockerignore").read_text().splitlines()
        if not line.startswith("#")
    ]
    assert first == "*"
    known = {line.removeprefix("!") for line in others if line.startswith("!")}
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    assert {each for names in copied for each in names.split()} == known


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_pins_what_it_uses_and_has_few_rights(path):
    text = path.read_text()
    used = re.findall(r"uses: (?!\./)\S+@(\S+)", text)
    assert used
    assert {len(pinned) for pinned in used} == {40}
    assert yaml.safe_load(text)["permissions"] == {"contents": "read"}
    assert "secrets." not in text
    assert "aws-access-key-id" not in text


IMPORTED = """
import sys
class Gone:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in GONE:
            raise ModuleNotFoundError(f"{name} is not in the image", name=name)
sys.meta_path.insert(0, Gone())
import mlflow.pyfunc, onnxruntime
import amazing_assets.cli
from amazing_assets.commands import classify, keys, serve
from amazing_assets.delivery.serving import app, schemas, state
from amazing_assets.next_actions import model, serving, stored
from amazing_assets.segments import model, serving, stored
"""
MODULES = {"fonttools": "fontTools", "vl-convert-python": "vl_convert", "pillow": "PIL"}


@pytest.mark.slow
def test_the_service_imports_nothing_that_its_image_has_not(tmp_path):
    lines = (DEPLOY / "classifier-without.txt").read_text().splitlines()
    packages = [line for line in lines if not line.startswith("#")]
    assert "altair" in packages
    gone = {MODULES.get(name, name.replace("-", "_")) for name in [*packages, "torch"]}
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", f"GONE = {gone!r}\n{IMPORTED}"],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
