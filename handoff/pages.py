"""The pages in ``handoff/web`` and the content policies of all paths."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from handoff.edge import NOTHING, PAGES
from handoff.knowledge import pages as help_pages

WEB = Path(__file__).parent / "web"
FOLDERS = ("widget", "desk", "workbench", "demo", "vendor")
ANYWHERE = ("widget", "vendor")  # loaded by pages of other origins


def policy(path: str) -> str:
    """The content policy of a path: pages may run our scripts, those of the help none, the API nothing."""
    if path.startswith("/help/"):
        return help_pages.POLICY
    return PAGES if path == "/" or path.lstrip("/").partition("/")[0] in FOLDERS else NOTHING


class Headers:
    """Adds headers to everything an app answers."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self._app = app
        self._headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self._headers]
            await send(message)

        await self._app(scope, receive, answer)


def install(app: FastAPI) -> None:
    """Serve the pages. Names carry no version, so browsers ask each time whether a file has changed."""
    for folder in FOLDERS:
        headers = {"Cache-Control": "no-cache"}
        if folder in ANYWHERE:
            headers |= {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
        files: ASGIApp = StaticFiles(directory=WEB / folder, html=True)
        app.mount(f"/{folder}", Headers(GZipMiddleware(files, minimum_size=500), headers), name=folder)

    @app.get("/", include_in_schema=False)
    async def front() -> FileResponse:
        return FileResponse(WEB / "demo" / "index.html", headers={"Cache-Control": "no-cache"})
