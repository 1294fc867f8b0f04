"""The API's description is valid, whole and true. That answers keep to it is checked wherever one is asked for."""

import inspect
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from handlers.api import app as api
from handlers.api import components, openapi
from handlers.api.operations import OPERATIONS
from schemas.http import answer, assets, item, people, proofs, questions, reviews, webhooks
from schemas.role import Role
from tests.unit.handlers.documented import answered, check, document, errors, operation_of
from tests.unit.handlers.http_calls import Call

ROOT = Path(__file__).parents[3]
MODULES = (answer, assets, item, people, proofs, questions, reviews, webhooks)
Operation = tuple[str, str, dict[str, Any]]


def operations() -> Iterator[Operation]:
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def shown(name: str) -> dict[str, Any]:
    found: dict[str, Any] = document()["components"]["schemas"][name]
    return found


def test_it_is_valid_openapi_3_1() -> None:
    assert document()["openapi"].startswith("3.1.")
    assert [str(error) for error in OpenAPIV31SpecValidator(document()).iter_errors()] == []


def test_every_route_that_is_there_is_described_and_no_other() -> None:
    routes = {(route.method, route.path) for route in openapi.registered(api.app)}
    assert set(OPERATIONS) == routes
    described = {(method, path) for method, path, _ in operations()}
    assert described == {(method, openapi.template(path)) for method, path in routes}


def test_operations_have_names_of_their_own_and_say_what_they_do() -> None:
    found = [operation for _, _, operation in operations()]
    assert len({operation["operationId"] for operation in found}) == len(found)
    assert all(operation["summary"].endswith((".", "`")) and operation["tags"] for operation in found)


def test_it_is_served_to_whoever_may_see_anything(call: Call) -> None:
    status, served = call("GET", "/openapi.json")
    assert (status, served) == (200, document())
    assert call("GET", "/signed/openapi.json") == (200, document())


def test_who_an_operation_is_for_is_who_gets_in(captured: Callable[[str], Any], context: Any) -> None:
    event = captured("http-api-get")
    http = event["requestContext"]["http"]
    for method, path, operation in operations():
        assert (operation["security"] == []) == ("x-roles" not in operation)
        event["rawPath"] = http["path"] = re.sub("{[^}]*}", "x", path)
        http["method"] = method
        for role in set(Role) - set(operation.get("x-roles") or Role):
            claims = {"sub": "4a75bed9", "cognito:groups": f"[{role}]"}
            event["requestContext"]["authorizer"] = {"jwt": {"claims": claims}}
            assert answered(event, context)["statusCode"] == 403, operation["operationId"]


def test_what_is_sent_is_closed_and_what_is_answered_may_grow() -> None:
    for name in ("Opinion", "Changes", "Bulk", "AssetRequest", "Box"):
        assert shown(name)["additionalProperties"] is False
    for name in ("ReviewItem", "AssetDetail", "Finding", "Problem"):
        assert "additionalProperties" not in shown(name)


def own_fields() -> Iterator[tuple[str, FieldInfo]]:
    """Fields that the API's own documents add to what records say."""
    for module in MODULES:
        for _, model in inspect.getmembers(module, inspect.isclass):
            if issubclass(model, BaseModel) and model.__module__ == module.__name__:
                yield from ((f"{model.__name__}.{name}", model.model_fields[name]) for name in model.__annotations__)


def test_fields_say_what_they_are() -> None:
    """A document or an enumeration says it itself."""
    names = [name for name, field in own_fields() if not field.description and not inspect.isclass(field.annotation)]
    assert names == []


def test_every_code_is_one_that_the_source_knows() -> None:
    tables = {"operations.py", "delivery_operations.py", "webhook_operations.py", "components.py"}
    files = [path for room in ("handlers", "schemas") for path in (ROOT / room).rglob("*.py")]
    source = "\n".join(path.read_text() for path in files if path.name not in tables)
    codes = {code for each in OPERATIONS.values() for named in each.refuses.values() for code in named}
    codes |= {code for named in components.EVERYWHERE.values() for code in named}
    assert {code for code in codes if f'"{code}"' not in source} == set()


def test_an_address_holds_no_null() -> None:
    operation = operation_of("GET", "/reviews")
    assert operation is not None
    by_name = {parameter["name"]: parameter["schema"] for parameter in operation["parameters"]}
    assert by_name["limit"] == {"type": "integer", "minimum": 1, "maximum": 100, "default": 50}
    assert by_name["guard"] == {"$ref": "#/components/schemas/Guard"}
    assert "null" not in json.dumps(by_name)


def test_only_who_asks_for_it_waits_for_it() -> None:
    code = "import sys, handlers.api.app; print(sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert "'handlers.api.app'" in loaded.stdout
    assert "'handlers.api.openapi'" not in loaded.stdout
    assert "'schemas.http" not in loaded.stdout


def test_the_check_of_answers_notices_what_is_not_said() -> None:
    me = {"who": "person:1", "name": "ada", "roles": ["reviewer"], "signed": False}
    schema = {"$ref": "#/components/schemas/Me"}
    assert list(errors(schema, me)) == []
    assert list(errors(schema, me | {"age": 36}))
    assert list(errors(schema, me | {"roles": ["root"]}))
    problem = {"type": "about:blank", "title": "Conflict", "status": 409, "code": "decided", "detail": "It is over."}
    refusal = {"statusCode": 409, "headers": {"Content-Type": "application/problem+json"}, "body": json.dumps(problem)}
    claim = ("POST", "/reviews/a-1/r-1/claim")
    check(*claim, refusal)
    for wrong in (
        refusal | {"body": json.dumps(problem | {"code": "already_judged"})},
        refusal | {"headers": {"Content-Type": "application/json"}},
        refusal | {"statusCode": 418},
    ):
        with pytest.raises(AssertionError, match="reviews_claim"):
            check(*claim, wrong)
