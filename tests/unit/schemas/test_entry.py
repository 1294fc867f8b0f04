"""A run that follows from a verdict starts with what came before its stage, and with nothing of what comes after."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.entry import KEPT, starting_state
from schemas.errors import PermanentFailure
from schemas.review import Ruling
from schemas.run import Run
from schemas.stage import Stage
from tests import documents

STAGES = (*KEPT[Stage.ROUTE],)
ORDER = list(Stage)


@given(st.sampled_from(sorted(KEPT)), st.sets(st.sampled_from(STAGES)))
def test_nothing_is_kept_of_the_stage_it_begins_with_nor_of_what_follows(entry: Stage, made: set[Stage]) -> None:
    before = documents.state(documents.run(documents.PRINT), *sorted(made, key=ORDER.index))
    run = documents.run(documents.PRINT, entry=entry, parent=before.run.run_id)
    state = starting_state(run, before)
    assert set(state.results) <= made
    if entry is not Stage.ROUTE:
        assert all(ORDER.index(stage) < ORDER.index(entry) for stage in state.results)
    assert (state.run, state.inspection, state.held) == (run, before.inspection, None)


def test_a_run_from_the_beginning_needs_nothing_and_others_do() -> None:
    assert starting_state(documents.run(), None).results == {}
    with pytest.raises(PermanentFailure, match="no_parent_state"):
        starting_state(documents.run(entry=Stage.ROUTE, parent="r-1"), None)
    with pytest.raises(PermanentFailure, match="no_parent_state"):
        starting_state(documents.run(entry=Stage.DELIVER, parent="r-1"), documents.state(documents.run()))


def test_the_original_is_delivered_without_anything_that_was_made_of_it() -> None:
    before = documents.state(documents.run(documents.PRINT), *STAGES)
    ruling = Ruling(verdict="original", who="ada", name="Ada")
    state = starting_state(documents.run(documents.PRINT, entry=Stage.ROUTE, parent="r-1", ruling=ruling), before)
    assert (state.results, state.final_image) == ({}, state.run.source)


@given(st.booleans(), st.sampled_from([None, 0.5, 2.0]), st.sampled_from(sorted(KEPT)))
def test_runs_that_differ_have_different_names_and_the_same_order_the_same(
    trial: bool, context: float | None, entry: Stage
) -> None:
    def order(**changes: object) -> Run:
        return documents.run(**{"entry": entry, "parent": "r-1", "trial": trial, "context": context, **changes})

    assert order().run_id == order().run_id
    for change in ({"trial": not trial}, {"context": 3.0}, {"parent": "r-2"}, {"strokes": documents.MASK}):
        assert order(**change).run_id != order().run_id
    assert order().restarted().given == order().given
