"""Who gets in on the local stack: real tokens of its user pool, real signatures, and nobody else."""

import base64
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from infra.client import Client
from infra.client.errors import ApiError
from infra.local.info import StackInfo
from infra.local.session import StackSession

pytestmark = pytest.mark.stack

Answer = urllib3.BaseHTTPResponse
Ask = Callable[..., Answer]
SignIn = Callable[..., str]


@pytest.fixture
def ask(local_stack: StackInfo) -> Ask:
    """Ask the API, with a person's token where one is given."""

    def send(path: str, token: str | None = None, method: str = "GET", **headers: str) -> Answer:
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        return urllib3.request(method, local_stack.api_url + path, headers=headers, retries=False, redirect=False)

    return send


@pytest.fixture
def login(local_stack: StackInfo) -> Ask:
    """Ask for a developer's token."""

    def send(document: Any, **headers: str) -> Answer:
        headers = {"Content-Type": "application/json"} | {
            name.replace("_", "-"): each for name, each in headers.items()
        }
        url = f"{local_stack.endpoint_url}/_cleanplate/login"
        return urllib3.request("POST", url, body=json.dumps(document), headers=headers, retries=False)

    return send


@pytest.fixture
def sign_in(login: Ask) -> SignIn:
    """Sign in as a person with these roles."""

    def token(*roles: str, name: str = "ada") -> str:
        answer = login({"name": name, "roles": roles})
        assert answer.status == 200, answer.data
        said = answer.json()
        assert 0 < said["expires_in"] <= 3600
        return str(said["token"])

    return token


def parts_of(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    header, claims, _ = (base64.urlsafe_b64decode(part + "==") for part in token.split("."))
    return json.loads(header), json.loads(claims)


def encoded(document: dict[str, Any]) -> bytes:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=")


def signed_with(key: rsa.RSAPrivateKey, header: dict[str, Any], claims: dict[str, Any]) -> str:
    text = encoded(header) + b"." + encoded(claims)
    signature = base64.urlsafe_b64encode(key.sign(text, padding.PKCS1v15(), hashes.SHA256())).rstrip(b"=")
    return (text + b"." + signature).decode()


@pytest.fixture(scope="module")
def pools_key(local_stack: StackInfo) -> Callable[[str], rsa.RSAPrivateKey]:
    """Find the key that signs a token of the stack's pool, to make tokens that the pool would never make."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    def find(token: str) -> rsa.RSAPrivateKey:
        header, claims = parts_of(token)
        for path in (local_stack.state_dir / "emulator").rglob("*.pem"):
            key = load_pem_private_key(path.read_bytes(), None)
            if isinstance(key, rsa.RSAPrivateKey) and signed_with(key, header, claims).count(".") == 2:
                text, _, signature = token.rpartition(".")
                again = base64.urlsafe_b64encode(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))
                if again.rstrip(b"=").decode() == signature:
                    return key
        pytest.fail("the key of the user pool is not in the stack's folder")

    return find


def test_a_signed_in_person_is_known_by_name_and_roles(ask: Ask, sign_in: SignIn) -> None:
    first = ask("/me", sign_in("reviewer")).json()
    assert first == {"who": first["who"], "name": "ada", "roles": ["reviewer"], "signed": False}
    later = ask("/me", sign_in("submitter", "admin")).json()
    assert (later["who"], later["roles"]) == (first["who"], ["admin", "submitter"])
    assert ask("/me", sign_in("reviewer", name="grace")).json()["who"] != first["who"]


@pytest.mark.parametrize("path", ["/me", "/assets?status=DELIVERED", "/verdicts", "/marks", "/nowhere", "/"])
def test_without_a_token_nothing_is_answered(ask: Ask, path: str) -> None:
    answer = ask(path)
    assert (answer.status, answer.json()) in [(401, {"message": "Unauthorized"}), (404, {"message": "Not Found"})]
    assert answer.status == 401 or path == "/"


def test_the_apis_description_is_for_everybody(ask: Ask, local_stack: StackInfo, machine: Credentials) -> None:
    served = ask("/openapi.json")
    assert (served.status, served.headers["Content-Type"]) == (200, "application/json")
    assert served.json()["openapi"].startswith("3.1.")
    assert "/reviews/{asset_id}/{run_id}" in served.json()["paths"]
    assert signed(local_stack, machine, "/signed/openapi.json").json() == served.json()
    page = ask("/docs")
    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "/reviews/{asset_id}/{run_id}" in page.data.decode()


def test_a_token_is_believed_only_whole_in_time_and_from_our_pool_for_our_page(
    ask: Ask, sign_in: SignIn, pools_key: Callable[[str], rsa.RSAPrivateKey]
) -> None:
    token = sign_in("submitter")
    header, claims = parts_of(token)
    key = pools_key(token)
    now = int(time.time())
    assert ask("/me", signed_with(key, header, claims)).status == 200, "the tokens below differ in one thing each"
    head, _, signature = token.split(".")
    foreign = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    promoted = claims | {"cognito:groups": ["admin"]}
    refused = {
        "expired": signed_with(key, header, claims | {"exp": now - 1}),
        "of another pool": signed_with(key, header, claims | {"iss": claims["iss"] + "x"}),
        "for another client": signed_with(key, header, claims | {"client_id": "another"}),
        "signed by somebody else": signed_with(foreign, header, claims),
        "with a key that is unknown": signed_with(foreign, header | {"kid": "mine"}, claims),
        "changed": f"{head}.{encoded(promoted).decode()}.{signature}",
        "unsigned": f"{encoded({'alg': 'none', 'typ': 'JWT'}).decode()}.{encoded(promoted).decode()}.",
        "cut off": token[:-8],
        "no token at all": "admin",
    }
    answers = {what: ask("/me", each).status for what, each in refused.items()}
    assert answers == dict.fromkeys(refused, 401)


def test_roles_decide_and_a_refusal_says_so(ask: Ask, sign_in: SignIn) -> None:
    verdict = "/reviews/a-1/r-1/verdict"
    refused = ask(verdict, sign_in("submitter"), "POST")
    assert (refused.status, refused.json()["code"]) == (403, "role_missing")
    assert "needs reviewer or admin; you have submitter" in refused.json()["detail"]
    for role in ("reviewer", "admin"):
        assert ask(verdict, sign_in(role), "POST").status == 400, "let through, to say that there is no verdict in it"
    assert ask("/recipes", sign_in()).status == 403
    assert ask("/recipes", sign_in("submitter")).status == 200


@pytest.mark.parametrize("path", ["/health", "/review/", "/review/config.json"])
def test_the_page_and_health_are_open_and_guarded_by_headers(ask: Ask, path: str) -> None:
    answer = ask(path)
    assert answer.status == 200
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers


def test_the_page_finds_itself_and_the_login(ask: Ask) -> None:
    moved = ask("/review")
    assert (moved.status, moved.headers["Location"]) == (308, "review/")
    page = ask("/review/")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert b"<!doctype html>" in page.data.lower()
    said = ask("/review/config.json").json()
    assert (said["sign_in"], said["login"]) == ("developer", "/_cleanplate/login")


def test_only_the_page_itself_may_be_read_without_a_token(ask: Ask) -> None:
    assert ask("/review/index.html", method="POST").status == 401
    assert ask("/review/..%2fassets").status in (401, 404)
    assert ask("/reviews").status == 401
    assert ask("/signed/review/").status == 403


@pytest.fixture
def machine(local_stack: StackInfo) -> Iterator[Credentials]:
    """Keys of a machine that IAM lets read assets, and nothing else."""
    iam = StackSession(local_stack).client("iam")
    name, api = "reader", local_stack.outputs["ApiId"]
    iam.create_user(UserName=name)
    resource = f"arn:aws:execute-api:{local_stack.region}:{local_stack.account}:{api}/$default/GET/signed/*"
    allowed = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": resource}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    iam.put_user_policy(UserName=name, PolicyName="reads", PolicyDocument=document)
    made = iam.create_access_key(UserName=name)["AccessKey"]
    yield Credentials(made["AccessKeyId"], made["SecretAccessKey"])
    iam.delete_access_key(UserName=name, AccessKeyId=made["AccessKeyId"])
    iam.delete_user_policy(UserName=name, PolicyName="reads")
    iam.delete_user(UserName=name)


def signed(info: StackInfo, credentials: Credentials, path: str, method: str = "GET") -> Answer:
    request = AWSRequest(method, info.api_url + path)
    SigV4Auth(credentials, "execute-api", info.region).add_auth(request)
    return urllib3.request(method, request.url, headers=dict(request.headers.items()), retries=False)


def test_a_machine_does_what_iam_lets_it(local_stack: StackInfo, machine: Credentials) -> None:
    me = signed(local_stack, machine, "/signed/me").json()
    assert (me["name"], me["signed"]) == ("reader", True)
    assert me["who"].endswith(":user/reader")
    assert signed(local_stack, machine, "/signed/recipes").status == 200
    assert signed(local_stack, machine, "/signed/assets", "POST").status == 403


def test_a_signature_opens_no_door_for_people_and_must_be_right(
    local_stack: StackInfo, machine: Credentials, ask: Ask, sign_in: SignIn
) -> None:
    assert signed(local_stack, machine, "/me").status == 401
    assert machine.secret_key is not None
    forged = Credentials(machine.access_key, machine.secret_key[::-1])
    assert signed(local_stack, forged, "/signed/me").status == 403
    assert ask("/signed/me").status == 403
    assert ask("/signed/me", sign_in("admin")).status in (401, 403)


def test_the_command_lines_client_signs(local_stack: StackInfo) -> None:
    client = Client.local(local_stack)
    assert client.recipes.list()
    with pytest.raises(ApiError, match="no asset"):
        client._http.get("/assets/a-" + "0" * 24)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://example.org"},
        {"Origin": "http://localhost:1"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Host": "cleanplate.s3.amazonaws.com"},
        {"Host": "rebound.example.org"},
        {"Content_Type": "text/plain"},
        {"Content_Type": "application/x-www-form-urlencoded"},
    ],
)
def test_the_developer_login_answers_no_other_site(login: Ask, headers: dict[str, str]) -> None:
    answer = login({"name": "eve", "roles": ["admin"]}, **headers)
    assert answer.status == 403
    assert b"token" not in answer.data


def test_the_developer_login_answers_its_own_page(local_stack: StackInfo, login: Ask) -> None:
    own = {"Origin": local_stack.endpoint_url, "Sec_Fetch_Site": "same-origin"}
    assert login({"name": "ada", "roles": ["reviewer"]}, **own).status == 200


@pytest.mark.parametrize(
    "document", [{}, {"name": "ada"}, {"name": "", "roles": []}, {"name": "ada", "roles": ["root"]}, [], "x" * 9000]
)
def test_the_developer_login_wants_a_name_and_roles(login: Ask, document: Any) -> None:
    assert login(document).status == 400


def test_the_pool_gives_tokens_to_the_page_for_a_code_alone(local_stack: StackInfo) -> None:
    pool = StackSession(local_stack).client("cognito-idp")
    found = pool.describe_user_pool_client(
        UserPoolId=local_stack.outputs["UserPoolId"], ClientId=local_stack.outputs["UserPoolClientId"]
    )["UserPoolClient"]
    assert "ClientSecret" not in found
    assert found["AllowedOAuthFlows"] == ["code"]
    assert found["ExplicitAuthFlows"] == ["ALLOW_REFRESH_TOKEN_AUTH"]
