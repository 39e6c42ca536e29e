"""The reports on this machine's own web server: a page of Dagster cannot lead to a file.

Browsers follow no `file://` link of a page that came by http.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit

from amazing_assets.delivery.report.printing.index import index, language_of, latest


@contextmanager
def reports_served(folder: Path, host: str, port: int, web_ui: str) -> Iterator[bool]:
    """Serve the reports of a folder until the end of the block; yields whether the port was free.

    Args:
        folder: Of all reports; it need not exist yet.
        host: Of this machine only: there is no login.
        port: Of the server.
        web_ui: Address of Dagster's web UI, which the page of all reports leads back to.
    """
    handler = partial(_Reports, folder=folder, web_ui=web_ui)
    try:
        server = ThreadingHTTPServer((host, port), handler)
    except OSError:
        yield False
        return
    with server:
        Thread(target=server.serve_forever, name="reports", daemon=True).start()
        try:
            yield True
        finally:
            server.shutdown()


class _Reports(SimpleHTTPRequestHandler):
    """Answers with the page of all reports, the latest one, or a file of the folder."""

    def __init__(self, *arguments: Any, folder: Path, web_ui: str) -> None:  # noqa: ANN401  as of its base
        self._folder, self._web_ui = folder, web_ui
        super().__init__(*arguments, directory=str(folder))

    def do_GET(self) -> None:
        """Answer a request."""
        path = unquote(urlsplit(self.path).path)
        language = language_of(self.headers.get("Accept-Language", ""))
        newest = latest(self._folder, language)
        if path == "/":
            self._page(index(self._folder, language, self._web_ui))
        elif path == "/latest" and newest:
            self.send_response(HTTPStatus.FOUND)
            self.send_header("Location", f"/{newest}")
            self.end_headers()
        else:
            super().do_GET()

    def send_head(self) -> Any:  # noqa: ANN401  as of its base
        """Open a file that may be seen: no folder, nothing hidden, asked for on this machine."""
        path = Path(self.translate_path(self.path))
        hidden = any(part.startswith(".") for part in path.relative_to(self._folder).parts)
        if hidden or not path.is_file() or not self._is_from_here():
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        return super().send_head()

    def _is_from_here(self) -> bool:
        """Whether a page of this machine asks: the name of another one may lead here as well."""
        asked = urlsplit(f"//{self.headers.get('Host', '')}").hostname
        return asked in {"127.0.0.1", "localhost"}

    def _page(self, text: str) -> None:
        if not self._is_from_here():
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        content = text.encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing: the terminal is for what a person should know."""
