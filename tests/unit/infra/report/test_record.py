import json
from pathlib import Path

from infra.client import AssetView
from infra.report.record import failure_record, record_of, write_records


def test_a_record_says_what_became_of_the_picture(asset: AssetView):
    record = record_of("in/photo.png", asset, Path("out/photo.png"))
    assert record["file"] == "in/photo.png"
    assert (record["outcome"], record["route"], record["confidence"]) == ("DELIVERED", "auto", 0.83)
    assert record["reason"] == "Confidence 0.83 reaches 0.60."
    assert [(stage["stage"], stage["seconds"]) for stage in record["stages"]] == [
        ("inspect", 1.0),
        ("inpaint", 2.0),
        ("assess", 1.0),
        ("deliver", 1.0),
    ]
    assert record["seconds"] == 9.0
    assert record["delivered"][0]["uri"] == "s3://delivery/assets/a-1/photo.png"


def test_a_record_holds_no_link_that_opens_a_picture(asset: AssetView):
    assert "secret-link" not in json.dumps(record_of("f", asset))


def test_failures_have_the_same_fields_as_successes(asset: AssetView):
    assert failure_record("f", "FAILED", "unreadable", "No.").keys() == record_of("f", asset).keys()


def test_records_are_written_as_one_json_array(asset: AssetView, tmp_path: Path):
    path = tmp_path / "new" / "results.json"
    write_records([record_of("ä.png", asset)], path)
    assert [record["file"] for record in json.loads(path.read_text())] == ["ä.png"]
    assert [entry.name for entry in path.parent.iterdir()] == ["results.json"]
