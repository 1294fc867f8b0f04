"""A file as an S3 upload form, streamed: a 256 MB photo costs a buffer, not 256 MB of memory."""

import re
import secrets
from collections.abc import Iterator, Mapping
from typing import BinaryIO

_CHUNK = 1 << 18


def form_upload(fields: Mapping[str, str], file: BinaryIO, size: int) -> tuple[dict[str, str], Iterator[bytes]]:
    """Make a ``multipart/form-data`` request: the form's fields, then one file, as S3 wants them.

    Parameters
    ----------
    fields
        The presigned form's fields.
    file
        Open for reading; exactly ``size`` bytes of it are sent.
    size
        Bytes.

    Returns
    -------
    headers, body
        Headers with the length, which S3 insists on, and the body in pieces. The body raises ``OSError`` if the file
        turns out shorter than ``size``.
    """
    boundary = secrets.token_hex(16)
    head = b"".join(_field(boundary, name, value) for name, value in fields.items())
    head += f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="upload"\r\n\r\n'.encode()
    tail = f"\r\n--{boundary}--\r\n".encode()
    headers = {
        "Content-Type": f"multipart/form-data; boundary={boundary}",
        "Content-Length": str(len(head) + size + len(tail)),
    }
    return headers, _body(head, file, size, tail)


def _body(head: bytes, file: BinaryIO, size: int, tail: bytes) -> Iterator[bytes]:
    yield head
    while size:
        chunk = file.read(min(_CHUNK, size))
        if not chunk:
            raise OSError("the file got shorter while it was read")
        size -= len(chunk)
        yield chunk
    yield tail


def _field(boundary: str, name: str, value: str) -> bytes:
    if re.search(r'["\r\n]', name):
        raise ValueError(f"not a form field's name: {name!r}")
    return f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
