from hypothesis import given
from hypothesis import strategies as st

from schemas.pointers import Box


@given(
    x=st.integers(0, 40),
    y=st.integers(0, 40),
    width=st.integers(1, 20),
    height=st.integers(1, 20),
    margin=st.integers(0, 50),
)
def test_a_widened_box_keeps_its_margin_as_far_as_the_picture_reaches(
    x: int, y: int, width: int, height: int, margin: int
) -> None:
    wider = Box(x=x, y=y, width=width, height=height).widened(margin, 70, 60)
    columns = [column for column in range(60) if x - margin <= column < x + width + margin]
    rows = [row for row in range(70) if y - margin <= row < y + height + margin]
    assert (wider.x, wider.width) == (columns[0], len(columns))
    assert (wider.y, wider.height) == (rows[0], len(rows))
