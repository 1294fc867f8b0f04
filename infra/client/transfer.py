"""Bytes in and out through presigned forms and links."""

import base64
import json
import os
import re
import tempfile
from http import HTTPStatus
from pathlib import Path
from typing import Any

import urllib3

from infra.client.errors import ApiError
from infra.client.multipart import form_upload
from schemas.errors import TransientFailure

_TIMEOUT = urllib3.Timeout(connect=10, read=300)
_CHUNK = 1 << 20
_REFUSALS = {
    "EntityTooLarge": ("too_many_bytes", "The file is larger than this deployment allows."),
    "EntityTooSmall": ("empty", "The file is empty."),
    "ExpiredToken": ("form_expired", "The upload took too long to begin; try again."),
}


def send(pool: urllib3.PoolManager, form: dict[str, Any], path: Path) -> str | None:
    """Upload a file through a presigned form; return the new object's version id where S3 tells it.

    Raises
    ------
    ApiError
        If it is too large or empty, or S3 refuses it: the form expired.
    TransientFailure
        If the connection broke.
    OSError
        If the file cannot be read.
    """
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        _check_size(size, form["fields"].get("policy", ""))
        headers, body = form_upload(form["fields"], file, size)
        try:
            answer = pool.request("POST", form["url"], body=body, headers=headers, timeout=_TIMEOUT, retries=False)
        except urllib3.exceptions.HTTPError as error:
            raise TransientFailure("The upload broke off.", code="upload_broken") from error
    if answer.status >= HTTPStatus.BAD_REQUEST:
        raise _refusal(answer.status, answer.data[:4096].decode(errors="replace"))
    version = answer.headers.get("x-amz-version-id")
    return version if version and version != "null" else None


def _check_size(size: int, policy: str) -> None:
    """Read the form's own limits: S3 may hang up in the middle of a file that is too large, without a word."""
    try:
        rules = [rule for rule in json.loads(base64.b64decode(policy))["conditions"] if isinstance(rule, list)]
        least, most = next(limits for name, *limits in rules if name == "content-length-range")
    except (ValueError, KeyError, TypeError, StopIteration):
        return
    if size < least:
        raise ApiError(_REFUSALS["EntityTooSmall"][1], code="empty", status=HTTPStatus.BAD_REQUEST)
    if size > most:
        message = f"The file has {size:,} bytes; this deployment takes {most:,}."
        raise ApiError(message, code="too_many_bytes", status=HTTPStatus.BAD_REQUEST)


def fetch(pool: urllib3.PoolManager, url: str, path: Path, *, max_bytes: int) -> int:
    """Download a link into ``path``, whole or not at all; return its size in bytes.

    Raises
    ------
    ApiError
        If the link is refused, or the file has more than ``max_bytes``.
    TransientFailure
        If the connection broke.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:60]}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            size = _copy(pool, url, file, max_bytes)
        Path(draft).chmod(0o644)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return size


def _copy(pool: urllib3.PoolManager, url: str, file: Any, max_bytes: int) -> int:
    size = 0
    try:
        answer = pool.request("GET", url, preload_content=False, timeout=_TIMEOUT, redirect=False)
        try:
            if answer.status != HTTPStatus.OK:
                raise _refusal(answer.status, answer.read(4096).decode(errors="replace"))
            for chunk in answer.stream(_CHUNK):
                size += len(chunk)
                if size > max_bytes:
                    raise ApiError(f"The file has more than {max_bytes:,} bytes.", code="too_many_bytes", status=200)
                file.write(chunk)
        finally:
            answer.close()
    except urllib3.exceptions.HTTPError as error:
        raise TransientFailure("The download broke off.", code="download_broken") from error
    return size


def _refusal(status: int, body: str) -> ApiError:
    """S3 answers in XML; its ``Code`` is all that is needed of it."""
    found = re.search(r"<Code>(\w+)</Code>", body)
    name = found.group(1) if found else ""
    code, message = _REFUSALS.get(name, ("refused", f"S3 refused with {name or 'HTTP status'} ({status})."))
    return ApiError(message, code=code, status=status)
