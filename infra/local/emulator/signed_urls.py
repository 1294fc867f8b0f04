"""CloudFront's signed URLs: the keys that a template names, and what is refused without them.

AWS
    ``AWS::CloudFront::PublicKey`` and ``KeyGroup`` are resources of CloudFormation. A distribution with trusted key
    groups answers 403 to every request that carries no signature of one of their keys, a broken one, or one that has
    expired or is for another address.
ministack
    Refuses a template that names the two types, and serves everything to everybody.

Of the two kinds of policy the one that stands in the address is checked, which is the one that is used here.
"""

import fnmatch
import json
import time
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from ministack.services import cloudfront

from infra.local.emulator.cloudformation import Properties, register
from schemas import signed_link

Query = Mapping[str, Any]


class _PublicKey:
    def create(self, logical_id: str, props: Properties, stack: str) -> tuple[str, Properties]:
        config = props["PublicKeyConfig"]
        known = [key for key, record in cloudfront._public_keys.items() if record["Config"] == config]
        return _kept(cloudfront._public_keys, known[0] if known else cloudfront._pk_id(), config, "CreatedTime")

    def delete(self, physical_id: str, props: Properties) -> None:
        cloudfront._public_keys.pop(physical_id, None)


class _KeyGroup:
    def create(self, logical_id: str, props: Properties, stack: str) -> tuple[str, Properties]:
        config = props["KeyGroupConfig"]
        known = [key for key, record in cloudfront._key_groups.items() if record["Config"]["Name"] == config["Name"]]
        return _kept(cloudfront._key_groups, known[0] if known else cloudfront._kg_id(), config, "LastModifiedTime")

    def delete(self, physical_id: str, props: Properties) -> None:
        cloudfront._key_groups.pop(physical_id, None)


def _kept(store: Any, name: str, config: Properties, time_field: str) -> tuple[str, Properties]:
    store[name] = {"Id": name, "ETag": name, time_field: cloudfront._now_iso(), "Config": config}
    return name, {"Id": name}


def apply() -> None:
    """Register both types, and refuse what is not signed."""
    register("AWS::CloudFront::PublicKey", _PublicKey())
    register("AWS::CloudFront::KeyGroup", _KeyGroup())
    serve = cloudfront.handle_viewer_request

    async def serve_what_is_signed(dist: Any, *request: Any) -> Any:
        _method, _path, uri, _text, headers, _body, query, *_rest = request
        trusted = _trusted(dist)
        if trusted and not is_signed(address_of(headers, uri), query, trusted, time.time()):
            return 403, {"Content-Type": "text/xml"}, b"<Error><Code>AccessDenied</Code></Error>"
        return await serve(dist, *request)

    cloudfront.handle_viewer_request = serve_what_is_signed


def address_of(headers: Mapping[str, str], uri: str) -> str:
    """Write the address that was asked for; over loopback it is HTTP and has a port."""
    host = headers.get("host", "")
    name = host.partition(":")[0]
    return f"http://{host}{uri}" if name.endswith(".localhost") else f"https://{name}{uri}"


def is_signed(address: str, query: Query, trusted: Mapping[str, str], now: float) -> bool:
    """Whether a query holds a policy that allows this address now, signed by one of the trusted keys.

    Parameters
    ----------
    trusted
        Public keys in PEM, by their names.
    now
        Seconds since 1970.
    """
    given = {name: value[0] if isinstance(value, list) else value for name, value in query.items()}
    try:
        policy, signature = signed_link.read(given["Policy"]), signed_link.read(given["Signature"])
        key = serialization.load_pem_public_key(trusted[given["Key-Pair-Id"]].encode())
        if not isinstance(key, rsa.RSAPublicKey):
            return False
        key.verify(signature, policy, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303  as CloudFront does
        (statement,) = json.loads(policy)["Statement"]
        until = statement["Condition"]["DateLessThan"]["AWS:EpochTime"]
        return bool(now < until and fnmatch.fnmatchcase(address, statement["Resource"]))
    except (KeyError, ValueError, TypeError, InvalidSignature):
        return False


def _trusted(dist: Any) -> dict[str, str]:
    groups = [cloudfront._key_groups.get(name) for name in cloudfront._trusted_key_group_ids(dist)]
    keys = [key for group in groups if group for key in group["Config"]["Items"]]
    return {key: cloudfront._public_keys[key]["Config"]["EncodedKey"] for key in keys if key in cloudfront._public_keys}
