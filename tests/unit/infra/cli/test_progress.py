import io

from infra.cli.progress import LiveProgress, PlainProgress, line_of
from infra.cli.tally import Tally
from infra.report.record import failure_record


def test_a_file_name_cannot_give_orders_to_the_terminal():
    line = line_of(failure_record("evil\x1b[2J\n\udcff.png", "FAILED", "unreadable", "No such file"))
    assert line.isprintable()
    assert "evil?[2J??.png: No such file" in line


def test_a_log_gets_one_line_a_picture():
    stream = io.StringIO()
    with PlainProgress(Tally(1), stream) as progress:
        progress.under_way("a.png", "inpaint")
        progress.done(failure_record("a.png", "REJECTED", "empty", "The file is empty."))
    assert stream.getvalue().splitlines() == ["REJECTED           -        -  a.png: The file is empty."]


def test_a_terminal_gets_the_finished_lines_as_well(capsys):
    with LiveProgress(Tally(2)) as progress:
        progress.under_way("a [bold]name.png", "inpaint")
        progress.done(failure_record("a [bold]name.png", "REJECTED", "empty", "The file is empty."))
    assert "a [bold]name.png: The file is empty." in capsys.readouterr().out
