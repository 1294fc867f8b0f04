"""Recipes are published as versions that never change, found by every upload, and kept by their hash."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from handlers import publishing, recipes
from handlers.aws import recipes as store
from handlers.aws.records import find_asset, find_run
from handlers.launch import look_at
from handlers.recipes import resolve
from schemas.ids import digest
from schemas.published import MOST_RECIPES
from schemas.records import RunRecord
from tests.unit.handlers.conftest import Upload, asset_of
from tests.unit.handlers.http_calls import Ask, Call, refused

FIRST = "summary: Mine.\n# why\nmask: {detector: {model: overlays}}\ninpaint: {model: fsr}\n"
SECOND = FIRST.replace("fsr", "telea")


def run_of(photo: Any) -> RunRecord:
    look_at(photo)
    asset = find_asset(asset_of(photo))
    assert asset is not None
    record = find_run(asset.asset_id, asset.run_id)
    assert record is not None
    return record


def test_each_other_content_is_the_next_version_and_the_same_is_the_same(call: Call) -> None:
    _, first = call("PUT", "/recipes/acme", body=FIRST)
    assert (first["new"], first["recipe"]["name"], first["recipe"]["version"]) == (True, "acme", 1)
    assert call("PUT", "/recipes/acme", body=FIRST) == (200, first | {"new": False})
    _, second = call("PUT", "/recipes/acme", body=SECOND)
    assert (second["new"], second["recipe"]["version"]) == (True, 2)
    _, third = call("PUT", "/recipes/acme", body=FIRST)
    assert (third["new"], third["recipe"]["version"]) == (True, 3)
    shown = {version: call("GET", f"/recipes/acme@{version}")[1] for version in (1, 2, 3)}
    assert [shown[version] | {"new": True} for version in (1, 2, 3)] == [first, second, third]
    assert call("GET", "/recipes/acme")[1] == shown[3]


def test_how_a_recipe_is_written_makes_no_other_version(call: Call) -> None:
    _, first = call("PUT", "/recipes/acme", body=FIRST)
    document = {"inpaint": {"model": "fsr", "parameters": {}}, "mask": first["recipe"]["mask"], "summary": "Mine."}
    _, same = call("PUT", "/recipes/acme", body=document, headers={"content-type": "application/json"})
    assert same == first | {"new": False}


@pytest.mark.parametrize("version", [2, 3])
def test_a_text_may_say_what_it_was_made_from_or_what_it_becomes(call: Call, version: int) -> None:
    call("PUT", "/recipes/acme", body=FIRST)
    call("PUT", "/recipes/acme", body=SECOND)
    _, third = call("PUT", "/recipes/acme", body=f"version: {version}\n{FIRST}")
    assert third["recipe"]["version"] == 3


def test_a_text_made_from_an_older_version_is_refused(call: Call) -> None:
    for text in (FIRST, SECOND, FIRST):
        call("PUT", "/recipes/acme", body=text)
    for version in (1, 2, 5):
        detail = refused(call("PUT", "/recipes/acme", body=f"version: {version}\n{SECOND}"), 409, "version_conflict")
        assert "make it 4" in detail
    refused(call("PUT", "/recipes/other", body=f"version: 7\n{FIRST}"), 409, "version_conflict")


def test_whoever_expects_another_version_publishes_nothing(ask: Ask) -> None:
    def put(text: str, **headers: str) -> Any:
        return ask(
            "PUT", "/recipes/acme", body=text, headers={name.replace("_", "-"): v for name, v in headers.items()}
        )

    assert put(FIRST, if_match="*")["statusCode"] == 412
    first = put(FIRST, if_none_match="*")
    assert (first["statusCode"], put(SECOND, if_none_match="*")["statusCode"]) == (200, 412)
    assert put(SECOND, if_match=first["headers"]["ETag"])["statusCode"] == 200
    late = put(FIRST, if_match=first["headers"]["ETag"])
    assert (late["statusCode"], json.loads(late["body"])["code"]) == (412, "changed_meanwhile")
    assert put(FIRST, If_Match='"*"')["statusCode"] == 200


def test_what_is_read_again_and_did_not_change_costs_a_line(ask: Ask) -> None:
    tag = ask("PUT", "/recipes/acme", body=FIRST)["headers"]["ETag"]
    assert ask("GET", "/recipes/acme", headers={"if-none-match": tag})["statusCode"] == 304


def test_of_two_who_publish_at_once_both_get_a_number(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def draft(text: str) -> publishing.Draft:
        return publishing.Draft("acme", text.encode(), is_json=False, by="ada")

    write, others = store.publish, [SECOND, FIRST]

    def late(*arguments: Any, **more: Any) -> bool:
        if others:
            monkeypatch.setattr(store, "publish", write)
            publishing.publish(draft(others.pop(0)))
            monkeypatch.setattr(store, "publish", late)
        return write(*arguments, **more)

    monkeypatch.setattr(store, "publish", late)
    assert (
        publishing.publish(draft("summary: Third.\nupscale: {model: span-x2, scale: 2}\n")).version.recipe.version == 3
    )
    assert [each.recipe.version for each in store.versions("acme", before=None)[0]] == [3, 2, 1]


@pytest.mark.parametrize(
    ("body", "headers", "error"),
    [
        (
            FIRST + "policy:\n  reviw: never\n",
            {},
            {
                "pointer": "#/policy/reviw",
                "line": 6,
                "column": 3,
                "detail": "there is no such field; did you mean `review`?",
            },
        ),
        (
            {"summary": "x", "policy": {"review": "no"}, "upscale": {"model": "span-x2", "scale": 2}},
            {"content-type": "application/json; charset=utf-8"},
            {"pointer": "#/policy/review", "detail": "it should be 'by-score', 'always' or 'never'"},
        ),
        (
            "name: other\n" + FIRST,
            {},
            {"pointer": "#/name", "detail": "it calls itself `other` and is published as `acme`"},
        ),
        ("", {}, {"pointer": "#", "detail": "it is empty"}),
        (b"\xff", {}, {"pointer": "#", "detail": "it is no UTF-8 text"}),
    ],
)
def test_a_refused_recipe_names_line_and_field(call: Call, body: Any, headers: dict[str, str], error: Any) -> None:
    answer = call("PUT", "/recipes/acme", body=body, headers=headers)
    refused(answer, 400, "bad_recipe")
    assert answer[1]["errors"] == [error]
    assert store.latest("acme") is None


@pytest.mark.parametrize("name", ["Acme", "a", "a@1", "a b", "by-hash", "a" * 49])
def test_a_name_that_no_recipe_can_have_is_refused(call: Call, name: str) -> None:
    refused(call("PUT", f"/recipes/{name.replace(' ', '%20')}", body=FIRST), 400, "bad_recipe_name")


def test_there_is_room_for_so_many_names_and_for_any_number_of_versions(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    call("PUT", "/recipes/acme", body=FIRST)
    monkeypatch.setattr("handlers.publishing.MOST_RECIPES", 1)
    refused(call("PUT", "/recipes/other", body=FIRST), 400, "too_many_recipes")
    assert call("PUT", "/recipes/acme", body=SECOND)[0] == 200
    assert call("PUT", "/recipes/enhance", body=SECOND)[0] == 200
    assert MOST_RECIPES > 100


def test_what_is_published_under_a_shipped_name_counts_on_and_takes_its_place(call: Call) -> None:
    ships = recipes.shipped()["enhance"]
    _, shown = call("GET", "/recipes/enhance")
    assert (shown["origin"], shown["sha256"]) == ("shipped", ships.sha256)
    _, mine = call("PUT", "/recipes/enhance", body=SECOND)
    assert (mine["recipe"]["version"], mine["origin"]) == (ships.version + 1, "published")
    assert resolve("enhance").version == ships.version + 1
    assert resolve(ships.reference) == ships
    listed = {recipe["name"]: recipe for recipe in call("GET", "/recipes")[1]["recipes"]}
    assert listed["enhance"] == mine["recipe"]
    _, history = call("GET", "/recipes/enhance/versions")
    assert [(each["version"], each["origin"]) for each in history["versions"]] == [(2, "published"), (1, "shipped")]


def test_the_shipped_recipe_published_again_is_what_is_there(call: Call) -> None:
    text = (Path(__file__).parents[3] / "infra/recipes/scene.yaml").read_bytes()
    _, answer = call("PUT", "/recipes/scene", body=text)
    assert (answer["new"], answer["origin"]) == (False, "shipped")


def test_history_goes_page_by_page(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(12):
        call("PUT", "/recipes/enhance", body=FIRST.replace("Mine", f"Number {number}"))
    kept = store.versions
    monkeypatch.setattr(store, "versions", lambda name, *, before: kept(name, before=before, limit=5))
    found, cursor = [], None
    while cursor is not None or not found:
        _, page = call("GET", "/recipes/enhance/versions", **({"cursor": cursor} if cursor else {}))
        found += [each["version"] for each in page["versions"]]
        cursor = page["cursor"]
    assert found == list(range(13, 0, -1))
    refused(call("GET", "/recipes/enhance/versions", cursor="x"), 400, "bad_cursor")


@pytest.mark.parametrize(
    "path", ["no-such", "acme@2", "acme@0", "acme@01", "acme@x", "acme@9999999", "no-such/versions"]
)
def test_what_there_is_not_is_not_found(call: Call, path: str) -> None:
    call("PUT", "/recipes/acme", body=FIRST)
    refused(call("GET", f"/recipes/{path}"), 404, "unknown_recipe")


def test_a_folder_names_a_published_recipe_at_once_and_any_version_of_it(call: Call, upload: Upload) -> None:
    assert run_of(upload("acme/early.jpg", Metadata={"rights": "owned"})).run.recipe.name == "remove-watermark"
    call("PUT", "/recipes/acme", body=FIRST)
    first = run_of(upload("acme/a.jpg")).run.recipe
    assert (first.reference, first.inpaint and first.inpaint.model) == ("acme@1", "fsr")
    call("PUT", "/recipes/acme", body=SECOND)
    assert run_of(upload("acme/b.jpg")).run.recipe.reference == "acme@2"
    assert run_of(upload("acme@1/c.jpg")).run.recipe == first
    assert run_of(upload("trip/d.jpg", Metadata={"recipe": "acme@1"})).run.recipe == first


def test_another_functions_publication_is_known_within_ten_seconds(
    aws: None, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    call("PUT", "/recipes/acme", body=FIRST)
    assert resolve("acme").version == 1
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(recipes, "forget", lambda _: None)
        call("PUT", "/recipes/acme", body=SECOND)
    assert resolve("acme").version == 1
    assert resolve("acme@2").version == 2  # a number is exact at once
    clock = recipes.time.monotonic
    monkeypatch.setattr(recipes.time, "monotonic", lambda: clock() + 10)
    assert resolve("acme").version == 2


def test_the_hash_of_every_run_leads_to_its_recipe_with_its_words(call: Call, upload: Upload) -> None:
    plain = run_of(upload("scene/a.png", Metadata={"prompt": "a quiet harbour"}))
    _, kept = call("GET", f"/recipes/by-hash/{plain.recipe_sha256}")
    assert (kept["recipe"]["prompt"], kept["sha256"]) == ("a quiet harbour", plain.recipe_sha256)
    assert kept["recipe"] == plain.run.recipe.model_dump(mode="json")
    for recipe in recipes.shipped().values():
        assert call("GET", f"/recipes/by-hash/{recipe.sha256}")[1]["recipe"] == recipe.model_dump(mode="json")
    _, mine = call("PUT", "/recipes/acme", body=FIRST)
    assert call("GET", f"/recipes/by-hash/{mine['sha256']}")[1]["recipe"] == mine["recipe"]
    refused(call("GET", f"/recipes/by-hash/{hashlib.sha256(b'').hexdigest()}"), 404, "unknown_recipe")
    refused(call("GET", "/recipes/by-hash/x"), 404, "unknown_recipe")


def test_what_is_kept_can_be_checked_by_its_hash(aws: None, upload: Upload) -> None:
    record = run_of(upload("enhance/a.jpg"))
    item = store.table.get({"pk": f"RECIPE#{record.recipe_sha256}", "sk": "RECIPE"})
    assert item is not None
    assert digest("recipe", item["document"]) == record.recipe_sha256


def test_a_version_that_shipped_keeps_its_name_when_another_ships(
    upload: Upload, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECIPES_FOLDER", str(tmp_path))
    (tmp_path / "own.yaml").write_text("name: own\nversion: 1\n" + FIRST)
    first = run_of(upload("own/a.jpg")).run.recipe
    (tmp_path / "own.yaml").write_text("name: own\nversion: 3\n" + SECOND)
    recipes.forget()
    assert resolve("own").version == 3
    assert run_of(upload("own@1/b.jpg")).run.recipe == first
    refused(call("GET", "/recipes/own@2"), 404, "unknown_recipe")


def test_a_later_shipped_version_does_not_push_a_published_one_away(
    call: Call, aws: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECIPES_FOLDER", str(tmp_path))
    (tmp_path / "own.yaml").write_text("name: own\nversion: 1\n" + FIRST)
    call("PUT", "/recipes/own", body=SECOND)
    (tmp_path / "own.yaml").write_text("name: own\nversion: 5\n" + FIRST.replace("fsr", "lama"))
    recipes.forget()
    assert (resolve("own").version, resolve("own@5").version) == (2, 5)
    assert call("PUT", "/recipes/own", body=FIRST)[1]["recipe"]["version"] == 6


def test_a_recipe_that_a_newer_deployment_wrote_hides_no_other(call: Call) -> None:
    for text in (FIRST, SECOND):
        call("PUT", "/recipes/acme", body=text)
    call("PUT", "/recipes/other", body=FIRST)
    foreign = {"document": '{"name": "acme", "field_of_tomorrow": 1}', "sha256": "0" * 64}
    for key in ({"pk": store.LATEST, "sk": "acme"}, {"pk": store.VERSIONS, "sk": "acme@000003"}):
        item = {name: store.items.to_wire(value) for name, value in {**key, **foreign}.items()}
        store.client("dynamodb").put_item(TableName="records", Item=item)
    assert "other" in {recipe["name"] for recipe in call("GET", "/recipes")[1]["recipes"]}
    assert [each.recipe.version for each in store.versions("acme", before=None, limit=2)[0]] == [2]
    assert store.versions("acme", before=None, limit=2)[1] == 2
    recipes.forget()
    refused(call("GET", "/recipes/acme"), 422, "bad_record")


def test_the_schema_describes_what_may_be_published(call: Call) -> None:
    _, schema = call("GET", "/recipes/schema")
    assert schema["required"] == ["summary"]
    assert {"mask", "inpaint", "policy"} <= schema["properties"].keys()
