"""What a policy forbids, no model gets: neither by its name in a recipe nor by an answer that lies there already."""

import pytest

from schemas.errors import PermanentFailure
from schemas.permission import check_permitted
from schemas.plan import request_for
from schemas.policy import Permission, Policy
from schemas.recipe import Recipe
from schemas.stage import Stage, StageRequest
from tests import documents
from tests.documents import PRINT, WORDED, WORK
from tests.unit.inference.small_models import card

DONE = (Stage.MASK, Stage.INPAINT, Stage.REFINE)
CAREFUL = PRINT.model_copy(update={"policy": Policy(conservative=True)})


def _request(stage: Stage, recipe: Recipe) -> StageRequest:
    return request_for(stage, documents.state(documents.run(recipe, mask=documents.MASK), *DONE), work_bucket=WORK)


@pytest.mark.parametrize("stage", [Stage.MASK, Stage.INPAINT, Stage.REFINE, Stage.UPSCALE])
def test_a_conservative_recipe_lets_no_step_invent(stage: Stage) -> None:
    assert _request(stage, CAREFUL).permission == Permission(invent=False, non_commercial=False)
    assert _request(stage, PRINT).permission == Permission()


def test_a_conservative_scene_is_invented_for_a_person_to_see() -> None:
    careful = WORDED.model_copy(update={"policy": Policy(conservative=True)})
    assert [_request(stage, careful).permission.invent for stage in (Stage.PREVIEW, Stage.GENERATE)] == [True, True]


def test_what_one_recipe_let_a_model_invent_is_not_found_by_a_stricter_one() -> None:
    assert _request(Stage.UPSCALE, CAREFUL).output != _request(Stage.UPSCALE, PRINT).output


def test_a_permission_survives_the_wire() -> None:
    request = _request(Stage.UPSCALE, CAREFUL)
    assert StageRequest.model_validate_json(request.model_dump_json()) == request


@pytest.mark.parametrize("generative", [True, False])
@pytest.mark.parametrize("commercial", [True, False])
@pytest.mark.parametrize("invent", [True, False])
@pytest.mark.parametrize("non_commercial", [True, False])
def test_a_model_passes_exactly_where_its_card_keeps_to_the_permission(
    generative: bool, commercial: bool, invent: bool, non_commercial: bool
) -> None:
    model = card("x4", Stage.UPSCALE).model_copy(update={"generative": generative, "commercial_use": commercial})
    allowed = (invent or not generative) and (non_commercial or commercial)
    if allowed:
        check_permitted(model, Permission(invent=invent, non_commercial=non_commercial))
        return
    with pytest.raises(PermanentFailure, match="x4") as raised:
        check_permitted(model, Permission(invent=invent, non_commercial=non_commercial))
    assert raised.value.code == "not_permitted"
