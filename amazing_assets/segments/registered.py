"""Under which name segment models are registered, and what is told of their versions."""

from amazing_assets.models.store import RegisteredModel

SEGMENT_MODEL = RegisteredModel("segments", "segment model", "segment_model")

# Tag of a version: what somebody should know before publishing, `none` if nothing.
ALERT = "alert"

# Alerts of a model that was made for want of customers: it gives way once there are more.
WANT_OF_CUSTOMERS = ("too_few_users", "undifferentiated")

# What `amazing models` tells of a version: the name of each fact, and the tag that holds it.
FACTS = {
    "candidate": "candidate",
    "segments": "k",
    "customers": "customers",
    "threshold": "threshold",
}
