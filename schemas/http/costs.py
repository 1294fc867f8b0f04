"""What runs cost, as the API shows it."""

from datetime import date

from pydantic import Field

from schemas.http.answer import Answer
from schemas.tally import By


class CostSum(Answer):
    """Runs that have something in common, added up."""

    name: str = Field(description="the day, `name@version` of the recipe, the model, or `total`")
    runs: int = Field(ge=0, description="how many there were; by model, those that it worked for")
    seconds: float = Field(ge=0, description="in models")
    dollars: float = Field(ge=0, description="in the price table's currency; by model, without what goes around it")
    unpriced: int = Field(ge=0, description="runs on a machine that the price table does not know; not in the sum")


class Costs(Answer):
    """What runs of some days cost."""

    from_: date = Field(alias="from", description="first day, UTC")
    to: date = Field(description="last day, UTC")
    by: By = Field(description="what the sums are of")
    currency: str = Field(description="of the price table")
    sums: list[CostSum] = Field(description="in the order of their names")
    total: CostSum
