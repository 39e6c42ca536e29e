"""Under which names models of risk are registered, and what is told of their versions."""

from amazing_assets.churn.outcomes import TASKS
from amazing_assets.models.store import RegisteredModel

# Tags of a version: which model, and the reference date of its training.
MODEL, AS_OF = "model", "reference_date"

# Of what it was learnt and with how much effort: the same makes the same model.
MATERIAL = "material"

# Tag of a version: how it was fitted, with which a later search begins.
RECIPE = "recipe"

CHURN_MODELS = {
    task.name: RegisteredModel(
        f"churn_{task.name}", f"model of who will {task.name}", "churn_models"
    )
    for task in TASKS
}

# What `amazing models` tells of a version: the name of each fact, and the tag that holds it.
FACTS = {"model": MODEL, "reference date": AS_OF, "customers": "customers"}
