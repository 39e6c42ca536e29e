"""What is asked and answered, as Pydantic models made from the contracts of the tables."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

import polars as pl
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictInt,
    StringConstraints,
    create_model,
)
from pydantic_core import PydanticCustomError

from amazing_assets.customers.view.contract import CustomerView
from amazing_assets.delivery.classification.contract import OF_SEGMENTS, CustomerAnswers
from amazing_assets.events.contract import EVENT_TYPES, RawEvents
from amazing_assets.next_actions.contract import NextActionVectors
from amazing_assets.next_actions.vocabulary import ACTIONS
from amazing_assets.segments.profiles.contract import SegmentProfiles

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandera.polars as pa

_LARGEST = 2**63 - 1


def _as_number(text: str) -> int:
    number = int(text)
    if abs(number) > _LARGEST:
        raise PydanticCustomError("id", "An id is a whole number of at most 19 digits")
    return number


# JavaScript's numbers hold no id of 19 digits: such an id may be sent as text.
_Id = (
    Annotated[StrictInt, Field(ge=-_LARGEST, le=_LARGEST)]
    | Annotated[
        str,
        StringConstraints(pattern=r"^[+-]?[0-9]{1,19}$", max_length=20),
        AfterValidator(_as_number),
    ]
)
_Text = Annotated[str, StringConstraints(max_length=1_000)]


def _of_contract(
    name: str, contract: type[pa.DataFrameModel], columns: Iterable[str]
) -> type[BaseModel]:
    """Return a model of some columns: their types, whether null, and what they mean."""
    known = contract.to_schema().columns
    fields: dict[str, Any] = {}
    for column in columns:
        kind: Any = _python(known[column].dtype.type)
        kind = kind | None if known[column].nullable else kind
        fields[column] = (kind, Field(description=known[column].description))
    return create_model(name, **fields)


def _python(dtype: pl.DataType) -> type:
    if dtype.is_integer():
        return int
    if dtype.is_float():
        return float
    return {pl.Boolean: bool, pl.Date: date, pl.Datetime: datetime}.get(dtype.base_type(), str)


def _said(column: str, more: str = "") -> Any:  # noqa: ANN401  as Pydantic's own
    """What the contract of raw events says of a column, in the landing format."""
    description = str(RawEvents.to_schema().columns[column].description)
    return Field(description=f"{description}{more}")


class Event(BaseModel):
    """One thing that a customer did, as a line of a landing file has it."""

    model_config = ConfigDict(extra="forbid")

    event_time: Annotated[str, StringConstraints(max_length=64)] = _said(
        "event_time", " Such as 2019-10-01 00:00:00 UTC, or ISO 8601 that says UTC."
    )
    event_type: Literal[EVENT_TYPES] = _said("event_type")  # type: ignore[valid-type]  # its values
    product_id: _Id = _said("product_id")
    category_id: _Id | None = _said("category_id")
    category_code: _Text | None = _said("category_code")
    brand: _Text | None = _said("brand")
    price: float | None = Field(description="The price shown, as 33.20; null: none is known.")
    user_id: _Id = Field(description="The customer, as the shop numbers them; kept nowhere.")
    user_session: _Text | None = _said("user_session")


class ClassifyRequest(BaseModel):
    """All that is known of some customers."""

    model_config = ConfigDict(extra="forbid")

    events: list[Event] = Field(description="In any order, of one or several customers.")
    reference_date: date | None = Field(
        None,
        description="Only events before its 00:00 UTC count. Left out: the day after the last of "
        "the events, so that all of them do.",
    )


# What the page of the service offers to be tried.
EXAMPLE: dict[str, Any] = {
    "events": [
        {
            "event_time": "2019-10-01 00:00:00 UTC",
            "event_type": "view",
            "product_id": 44600062,
            # As text: the numbers of a browser hold no id of 19 digits.
            "category_id": "2103807459595387724",
            "category_code": "electronics.smartphone",
            "brand": "samsung",
            "price": 35.79,
            "user_id": 541312140,
            "user_session": "72d76fde-8bb3-4e00-8c23-a032dfed738c",
        }
    ]
}

_KnownContext: Any = _of_contract("Context", NextActionVectors, ("n_context", "cold_start"))
_OfSegment: Any = _of_contract("OfSegment", CustomerAnswers, (*OF_SEGMENTS, "name_fr", "name_en"))


class NextAction(_KnownContext):  # type: ignore[misc]  # made from the contract
    """What a customer does next."""

    probabilities: dict[str, float] = Field(
        description=f"How likely each of the {len(ACTIONS)} actions is to be next, 0 to 1; "
        "together 1."
    )


class Customer(_OfSegment):  # type: ignore[misc]  # made from the contract
    """What is answered of a customer."""

    user_id: int = Field(description="The customer, as the events name them.")
    next_action: NextAction | None = Field(
        description="Null: no next-action model is in use, or no action is known."
    )


class Versions(BaseModel):
    """Which version of each registered model answers."""

    segments: str | None
    next_actions: str | None = Field(description="Null: none was promoted yet.")


class ClassifyAnswer(BaseModel):
    """What is answered of the customers of a request, by customer."""

    reference_date: date
    models: Versions
    customers: list[Customer]


View = _of_contract("View", CustomerView, CustomerView.to_schema().columns.keys() - {"user_id"})


class KnownCustomer(BaseModel):
    """What is known of a customer: the view, and the newest scores."""

    view: View  # type: ignore[valid-type]  # made above
    next_action: NextAction | None
    next_action_reference_date: date | None


Figure = _of_contract(
    "Figure", SegmentProfiles, ("topic", "item", "measure", "value", "users", "is_suppressed")
)


class KnownSegment(BaseModel):
    """A segment of the model in use, and what its customers are like."""

    segment: int
    segment_name: str
    name_status: str
    name_traits: str | None
    name_fr: str
    name_en: str
    share: float | None = Field(description="Of the customers of the fit. Null: suppressed.")
    profile: list[Figure] = Field(  # type: ignore[valid-type]  # made above
        description="Figures of the newest month whose profiles this model made; may be empty."
    )


class Problem(BaseModel):
    """What is wrong with a request (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[dict[str, str]] = Field([], description="The fields that are at fault, and why.")


# What may stand in the name of a field that is at fault.
FIELDS = frozenset(
    {*Event.model_fields, *ClassifyRequest.model_fields, "body", "path", "query", "date"}
)
