"""A call as the platforms read it: parameters from the query, JSON, a form or multipart alike."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request

LARGEST = 64 * 1024 * 1024  # bytes of a body


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Asked:
    method: str
    path: str
    token: str  # the bearer's, or access_token
    given: dict[str, Any]
    uploads: dict[str, Upload] = field(default_factory=dict)
    readable: bool = True  # False: a body that is no JSON


async def read(request: Request) -> Asked:
    given: dict[str, Any] = dict(request.query_params)
    uploads: dict[str, Upload] = {}
    readable = True
    body = await request.body() if request.method != "GET" else b""
    kind = request.headers.get("content-type", "")
    if len(body) > LARGEST:
        readable = False
    elif kind.startswith("multipart/form-data"):
        for name, value in _multipart(body, kind):
            if isinstance(value, Upload):
                uploads[name] = value
            else:
                given[name] = value
    elif kind.startswith("application/x-www-form-urlencoded"):
        given |= dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    elif body:
        try:
            read_body = json.loads(body)
        except (ValueError, RecursionError):
            readable = False
        else:
            readable = isinstance(read_body, dict)
            given |= read_body if readable else {}
    head, _, bearer = request.headers.get("authorization", "").partition(" ")
    token = bearer.strip() if head.lower() == "bearer" else str(given.pop("access_token", ""))
    return Asked(request.method, request.url.path, token, given, uploads, readable)


def _multipart(body: bytes, kind: str) -> list[tuple[str, str | Upload]]:
    parsed = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    found: list[tuple[str, str | Upload]] = []
    for part in parsed.iter_parts():
        name = str(part.get_param("name", "", header="content-disposition"))
        content = part.get_payload(decode=True)
        data = content if isinstance(content, bytes) else b""
        filename = part.get_filename()
        if filename is None:
            found.append((name, data.decode("utf-8", "replace")))
        else:
            found.append((name, Upload(filename, part.get_content_type(), data)))
    return found
