"""Many uploads in one go, while somebody asks the API: the bench at work on a handful."""

import pytest

from infra.bench.doors.asking import Asking
from infra.bench.doors.flood import Flood
from infra.bench.doors.measure import STUBS, requests
from infra.local import stack

pytestmark = pytest.mark.stack


def test_each_upload_of_a_flood_comes_to_exactly_one_outcome_while_the_api_answers() -> None:
    with stack.temporary(stack.Options(container=STUBS)) as info:
        first, flood = Flood(info, "first", 1), Flood(info, "flood", 6)
        first.pour()
        with Asking(requests(info, next(iter(first.assets)))) as asking:
            flood.pour()
        assert len(flood.assets) == 6
        assert not flood.astray()
        assert all(asking.took.values())
        flood.assets["a-000000000000000000000000"] = "never/uploaded.png"  # the count is not blind
        assert flood.astray().total() > 0
