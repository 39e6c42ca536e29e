"""`amazing package`: what classifies raw events, as one model of MLflow."""

from amazing_assets.commands.arguments import Json
from amazing_assets.commands.classify import champion_stores
from amazing_assets.commands.terminal import print_json, print_line
from amazing_assets.defs.resources.stores import open_lake
from amazing_assets.delivery.classification.packaged import package as register
from amazing_assets.delivery.classification.registered import CLASSIFIER
from amazing_assets.settings import load_settings


def package(*, json: Json = False) -> None:
    """Register all that classifies raw events as one model of MLflow, to be served there."""
    settings = load_settings()
    version = register(champion_stores(settings), open_lake(settings))
    address = f"models:/{CLASSIFIER.name}/{version}"
    if json:
        print_json({"Packaged": [{"version": version, "model": address}]})
    else:
        print_line(f"MLFLOW_TRACKING_URI={settings.mlflow_tracking_uri} serves {address}")
