from pathlib import Path

from infra.local import template


def loaded(tmp_path: Path, text: str) -> object:
    path = tmp_path / "template.yaml"
    path.write_text(text)
    return template.load(path)


def test_short_forms_become_long_ones(tmp_path: Path) -> None:
    text = "a: !Ref B\nb: !GetAtt B.Arn.Suffix\nc: !Sub ['${x}', {x: !Ref B}]\nd: !Condition Yes\ne: !GetAtt [B, Arn]"
    assert loaded(tmp_path, text) == {
        "a": {"Ref": "B"},
        "b": {"Fn::GetAtt": ["B", "Arn.Suffix"]},
        "c": {"Fn::Sub": ["${x}", {"x": {"Ref": "B"}}]},
        "d": {"Condition": "Yes"},
        "e": {"Fn::GetAtt": ["B", "Arn"]},
    }


def test_what_looks_like_a_date_stays_text(tmp_path: Path) -> None:
    assert loaded(tmp_path, "Version: 2012-10-17") == {"Version": "2012-10-17"}


def test_other_uses_of_yaml_are_not_changed(tmp_path: Path) -> None:
    loaded(tmp_path, "Version: 2012-10-17")
    import yaml

    assert str(yaml.safe_load("2012-10-17").__class__.__name__) == "date"
