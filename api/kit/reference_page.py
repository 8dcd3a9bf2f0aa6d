"""The operations as a plain page: no script, nothing loaded from elsewhere, so that the strict policy holds."""

from collections.abc import Iterator
from html import escape
from typing import Any

METHODS = ("get", "post", "delete")
STYLE_PATH = "/docs.css"
STYLE = """\
:root { color-scheme: light dark; --ink: #1d2624; --paper: #f4f1ea; --card: #fffefa; --line: #e0dbcf; --lead: #115e54 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e6df; --paper: #151a19; --card: #1d2422; --line: #343d3a; --lead: #7fd1c0 }
}
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
main { max-width: 46rem; margin: 0 auto; padding: 1.5rem 1rem 4rem }
section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; margin: 1rem 0; padding: 1rem }
h1 { font-size: 1.6rem }
h2 { font-size: 1rem; margin: 0; overflow-wrap: anywhere }
h2, a { color: var(--lead) }
ul { margin: 0; padding-left: 1.2rem }
li { font-size: 0.9rem; overflow-wrap: anywhere }
"""
"""One small sheet, served by itself: the policy allows no style inside of a page."""


def reference_page(schema: dict[str, Any]) -> str:
    """HTML with every operation of an OpenAPI document: what it does, takes and answers."""
    info = schema["info"]
    operations = "".join(_operations(schema["paths"]))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(info["title"])} API</title>'
        f'<link rel="stylesheet" href="{STYLE_PATH}"></head>'
        f"<body><main><h1>{escape(info['title'])} API {escape(info['version'])}</h1>"
        f"<p>{escape(info['description'])}</p>"
        f'<p>Machine-readable: <a href="/openapi.json">/openapi.json</a>; '
        f'every refusal: <a href="/v1/problems">/v1/problems</a>.</p>{operations}</main></body></html>'
    )


def _operations(paths: dict[str, Any]) -> Iterator[str]:
    for path, methods in paths.items():
        for method in METHODS:
            if method in methods:
                yield _operation(method, path, methods[method])


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    answers = "".join(
        f"<li>{escape(status)} {escape(answer['description'])}{_problems(answer)}</li>"
        for status, answer in operation["responses"].items()
    )
    return (
        f"<section><h2><code>{method.upper()} {escape(path)}</code></h2>"
        f"<p>{escape(operation['description'])}</p><ul>{answers}</ul></section>"
    )


def _problems(answer: dict[str, Any]) -> str:
    examples = answer.get("content", {}).get("application/problem+json", {}).get("examples", {})
    return f": {escape(', '.join(examples))}" if examples else ""
