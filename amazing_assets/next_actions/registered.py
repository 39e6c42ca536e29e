"""Under which name next-action models are registered, and what is told of their versions."""

from amazing_assets.models.store import RegisteredModel

NEXT_ACTION_MODEL = RegisteredModel("next_actions", "next-action model", "next_action_model")
