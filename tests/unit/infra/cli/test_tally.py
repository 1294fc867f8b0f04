from infra.cli.tally import Tally, dollars, duration
from infra.report.record import Record, failure_record


def record(outcome: str, cost: float | None = None) -> Record:
    return {**failure_record("f", outcome, "", ""), "cost": cost}


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_one_line_says_how_it_stands() -> None:
    clock = Clock()
    tally = Tally(10, clock)
    tally.start()
    for each in (record("DELIVERED", 0.01), record("AWAITING_REVIEW", 0.02), record("FAILED"), record("QUARANTINED")):
        tally.add(each)
    clock.now += 40
    assert str(tally) == "4 of 10: 1 done, 1 review, 1 failed, 1 refused · 60 s left · $0.0300 so far"


def test_nothing_is_guessed_before_the_first_picture_is_through() -> None:
    tally = Tally(2, Clock())
    tally.start()
    assert (tally.seconds_left, str(tally)) == (None, "0 of 2: 0 done, 0 review, 0 failed")


def test_what_was_done_before_says_nothing_about_the_pace() -> None:
    clock = Clock()
    tally = Tally(4, clock)
    tally.add(record("DELIVERED", 1.5), before=True)
    tally.start()
    assert tally.seconds_left is None
    clock.now += 10
    tally.add(record("DELIVERED", 0.5))
    assert (tally.seconds_left, tally.dollars) == (20.0, 2.0)


def test_starting_again_does_not_set_the_clock_back() -> None:
    clock = Clock()
    tally = Tally(2, clock)
    tally.start()
    clock.now += 5
    tally.start()
    tally.add(record("DELIVERED"))
    assert tally.seconds_left == 5.0


def test_times_and_amounts_are_written_in_what_fits_them() -> None:
    assert [duration(seconds) for seconds in (0.4, 89, 91, 3599, 7500)] == [
        "0 s",
        "89 s",
        "2 min",
        "1 h 0 min",
        "2 h 5 min",
    ]
    assert [dollars(amount) for amount in (0.00012, 12.3)] == ["$0.0001", "$12.30"]
