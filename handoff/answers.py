"""How errors leave the house: always ``{"error": {"code", "message"}}``, never a stack trace."""

from __future__ import annotations

from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from handoff.errors import Say, SetuError, TooMany

CODES = {401: "not_signed_in", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}

log = structlog.get_logger()


def install(app: FastAPI, texts: Say) -> None:
    """Teach the app to answer every error in our shape, in the caller's language."""

    def reply(request: Request, status: int, code: str, **values: Any) -> JSONResponse:
        error = SetuError(code, **values)
        return JSONResponse(error.body(texts, language_of(request)), status)

    @app.exception_handler(SetuError)
    async def ours(request: Request, error: SetuError) -> JSONResponse:
        return of(error, request, texts)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = [str(part) for part in first["loc"] if part not in ("body", "query", "path", "header")]
        if first["type"] == "json_invalid" or not where:
            return reply(request, 422, "bad_request")
        # The message is pydantic's own; what was sent is not repeated.
        field = ".".join(where)[:100].encode("ascii", "replace").decode()
        return reply(request, 422, "bad_field", field=field, problem=first["msg"])

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> JSONResponse:
        # The framework says 400 of a body it cannot read; we say 422 of all bad input.
        status = 422 if error.status_code == 400 else error.status_code
        return reply(request, status, CODES.get(status, "bad_request"))

    @app.exception_handler(Exception)
    async def broken(request: Request, error: Exception) -> JSONResponse:
        route = getattr(request.scope.get("route"), "path", "")
        log.error("request_failed", method=request.method, route=route, exc_info=error)
        return reply(request, 500, "internal")


def of(error: SetuError, request: Request, texts: Say, status: int | None = None) -> JSONResponse:
    """The answer that tells of an error of ours."""
    headers = {}
    if isinstance(error, TooMany) and error.retry_after is not None:
        headers["Retry-After"] = str(int(error.retry_after) + 1)
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(error.body(texts, language_of(request)), status or error.status, headers)


def language_of(request: Request) -> str | None:
    """The first language the caller names in ``Accept-Language``."""
    first = request.headers.get("accept-language", "").partition(",")[0].partition(";")[0].strip()
    return first if first.replace("-", "").isalnum() else None
