"""Under which name next-action models are registered, and what is told of their versions."""

from amazing_assets.models.store import RegisteredModel

# Alert of a model that counts for want of actions: it gives way once there are more.
TOO_FEW = "too_few_actions"

# Alert of a model that counts because no network does better.
NO_NETWORK = "no_network_beats_counting"

NEXT_ACTION_MODEL = RegisteredModel("next_actions", "next-action model", "next_action_model")
