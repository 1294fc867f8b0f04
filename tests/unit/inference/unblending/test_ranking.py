"""Few of many places are looked at closer: the loudest, and those that stand out among their like."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.unblending.artwork import Artwork, Pose
from inference.unblending.glances import clearest
from inference.unblending.ranking import MOST, MOST_OF_A_SIZE, Candidate, Ranking
from schemas.sighting import Paint
from tests.unit.inference.files import photograph
from tests.unit.inference.unblending.test_registered import artwork, stamped


def candidate(x: float, y: float, score: float, width: float = 40.0, turn: float = 0.0) -> Candidate:
    return Candidate(Pose(x, y, width, 0.6 * width, turn), Paint.OWN, score)


def texture(ranking: Ranking, count: int = 200) -> None:
    """Many small things that answer loudly, one hardly more than the other."""
    ranking.begin_size()
    for number in range(count):
        ranking.add([candidate(100.0 * (number % 20), 100.0 * (number // 20), 15 + 0.01 * number)])


def test_what_stands_alone_at_its_size_is_chosen_though_many_answer_louder() -> None:
    ranking = Ranking()
    texture(ranking)
    ranking.begin_size()
    lone = candidate(900, 500, 12, width=400)
    ranking.add([candidate(200.0 * number, 50, 8, width=400) for number in range(9)])
    ranking.add([lone])
    chosen = ranking.chosen()
    assert lone in chosen
    assert len(chosen) <= MOST


def test_the_loudest_are_chosen_though_others_stand_out() -> None:
    ranking = Ranking()
    texture(ranking)
    loudest = candidate(0, 5000, 40)
    ranking.begin_size()
    ranking.add([loudest, *(candidate(100.0 * number, 5000, 39) for number in range(1, 12))])
    assert loudest in ranking.chosen()


@settings(max_examples=50, deadline=None)
@given(
    sizes=st.lists(
        st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300), st.floats(4, 30)), max_size=150), max_size=4
    )
)
def test_the_best_of_all_is_chosen_and_no_two_are_the_same(sizes: list[list[tuple[int, int, float]]]) -> None:
    ranking = Ranking()
    for number, size in enumerate(sizes):
        ranking.begin_size()
        for x, y, score in size:
            if score > ranking.floor:
                ranking.add([candidate(x, y, score, width=40.0 * 1.3**number)])
    chosen = ranking.chosen()
    assert len(chosen) <= MOST
    assert max((one.score for one in chosen), default=0) == max(
        (s for size in sizes for _, _, s in size if s > 4), default=0
    )
    poses = [(one.pose.x, one.pose.y, one.pose.width) for one in chosen]
    assert len(set(poses)) == len(poses)


def test_the_floor_rises_to_what_is_kept_of_a_size_and_falls_with_the_next() -> None:
    ranking = Ranking()
    texture(ranking, 2 * MOST_OF_A_SIZE + 1)
    risen = ranking.floor
    ranking.begin_size()
    assert ranking.floor < risen


def test_of_many_places_the_one_with_the_mark_is_brought_close_and_the_others_are_given_up() -> None:
    case = stamped(photograph("chelsea", 180, 260), artwork(), 90, [(70, 41)], 0.5)
    mark = Artwork(artwork())
    wrong = [candidate(x, y, 20, width=88) for x in (60, 150, 200) for y in (40, 110, 140)]
    (close,) = clearest(mark.seen(case.rgb), mark, [*wrong, candidate(116, 67.2, 5, width=91)])
    assert np.allclose((close.pose.x, close.pose.y, close.pose.width), (115, 68, 90), atol=0.2)
