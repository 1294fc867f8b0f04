"""An OpenAPI document as one page of HTML. Every text in it is escaped, whoever wrote it."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from http import HTTPStatus
from typing import Any

from handlers.api.shapes import shape

Document = Mapping[str, Any]
STYLE = """
:root{color-scheme:light dark;--line:#8884;--soft:#8882;--link:light-dark(#0b57d0,#8ab4f8)}
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:0 auto;padding:1rem}
a{color:var(--link)}
nav ul{columns:18rem;list-style:none;padding:0}
h2{border-bottom:1px solid var(--line);padding-bottom:.25rem;margin-top:2.5rem}
article{border:1px solid var(--line);border-radius:.5rem;padding:0 1rem;margin:1rem 0}
article h3{overflow-wrap:anywhere;margin:.75rem 0}
code,pre{font:14px/1.45 ui-monospace,monospace}
code{background:var(--soft);border-radius:.2rem;padding:.05rem .25rem;overflow-wrap:anywhere}
.method{display:inline-block;min-width:4.5rem;font-weight:700}
table{border-collapse:collapse;width:100%;min-width:36rem;margin:.5rem 0 1rem}
td:first-child code{white-space:nowrap}
nav code{background:none;padding:0}
th,td{border-top:1px solid var(--line);padding:.35rem .5rem .35rem 0;text-align:left;vertical-align:top}
caption{text-align:left;font-weight:600;padding:.25rem 0}
.scroll{overflow-x:auto}
.must{font-weight:600}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem}
"""
_ANSWER_HEADS = ("status", "when", "document")
_CODE = re.compile(r"`([^`]+)`")


def as_page(document: Document) -> str:
    """Write the page.

    Parameters
    ----------
    document
        OpenAPI 3.1, as ``handlers.api.openapi`` makes it.
    """
    info, usual = document["info"], _usual(document)
    return "".join(
        (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width,initial-scale=1">',
            f"<title>{escape(info['title'])} API</title><style>{STYLE}</style></head><body>",
            '<a class="skip" href="#operations">To the operations</a>',
            f"<header><h1>{escape(info['title'])} API</h1>{_paragraphs(info['description'])}",
            '<p>The same for programs: <a href="openapi.json">OpenAPI 3.1</a>.</p></header>',
            _contents(document),
            '<main id="operations">',
            _usual_refusals(usual),
            *_operations(document, usual),
            "<h2 id='documents'>Documents</h2>",
            *(_schema(name, schema) for name, schema in sorted(document["components"]["schemas"].items())),
            "</main></body></html>",
        )
    )


def _by_tag(document: Document) -> dict[str, list[tuple[str, str, Document]]]:
    found: dict[str, list[tuple[str, str, Document]]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            found.setdefault(operation["tags"][0], []).append((method.upper(), path, operation))
    return dict(sorted(found.items()))


def _contents(document: Document) -> str:
    entries = [
        f'<li><a href="#{escape(operation["operationId"])}"><code>{method} {escape(path)}</code></a></li>'
        for operations in _by_tag(document).values()
        for method, path, operation in operations
    ]
    return f'<nav aria-label="Operations"><ul>{"".join(entries)}<li><a href="#documents">Documents</a></li></ul></nav>'


def _usual(document: Document) -> dict[str, Document]:
    """Find the refusals that most operations share, by status: they are told once."""
    answers = [each["responses"] for methods in document["paths"].values() for each in methods.values()]
    counted = Counter(
        (status, answer["description"])
        for responses in answers
        for status, answer in responses.items()
        if int(status) >= HTTPStatus.BAD_REQUEST
    )
    often = {status: text for (status, text), count in counted.items() if count > len(answers) / 2}
    found = (
        (status, responses[status])
        for status, text in often.items()
        for responses in answers
        if responses.get(status, {}).get("description") == text
    )
    return dict(sorted(found))


def _usual_refusals(usual: Mapping[str, Document]) -> str:
    rows = [_answer(status, answer) for status, answer in usual.items()]
    return f"<h2 id='refusals'>What most operations can answer</h2>{_table('Refusals', _ANSWER_HEADS, rows)}"


def _operations(document: Document, usual: Mapping[str, Document]) -> Iterator[str]:
    for tag, operations in _by_tag(document).items():
        yield f"<h2>{escape(tag)}</h2>"
        for method, path, operation in operations:
            yield _operation(method, path, operation, usual)


def _operation(method: str, path: str, operation: Document, usual: Mapping[str, Document]) -> str:
    name = escape(operation["operationId"])
    parts = [
        f'<article aria-labelledby="{name}"><h3 id="{name}"><span class="method">{method}</span>',
        f" <code>{escape(path)}</code></h3>",
        _paragraphs(operation["summary"]),
        _paragraphs(operation.get("description", "")),
    ]
    if parameters := operation.get("parameters"):
        rows = [
            (_named(each["name"], each.get("required")), each["in"], shape(each["schema"]), _words(each["description"]))
            for each in parameters
        ]
        parts.append(_table("Parameters", ("name", "in", "type", "what it is"), rows))
    if body := operation.get("requestBody"):
        parts.append(f"<p>Sent: {_content(body['content'])}</p>")
    told = {status for status, answer in operation["responses"].items() if usual.get(status) == answer}
    answers = [_answer(status, answer) for status, answer in operation["responses"].items() if status not in told]
    parts.append(_table("Answers", _ANSWER_HEADS, answers))
    if told:
        parts.append(f'<p>And <a href="#refusals">as most do</a>: {", ".join(sorted(told))}.</p>')
    return "".join((*parts, "</article>"))


def _answer(status: str, answer: Document) -> tuple[str, ...]:
    return f"<code>{escape(status)}</code>", _words(answer["description"]), _content(answer.get("content", {}))


def _schema(name: str, schema: Document) -> str:
    parts = [f'<article aria-labelledby="{escape(name)}"><h3 id="{escape(name)}">{escape(name)}</h3>']
    parts.append(_paragraphs(schema.get("description", "")))
    if fields := schema.get("properties"):
        must = schema.get("required", ())
        rows = [
            (_named(field, field in must), shape(facts), _words(facts.get("description", "")))
            for field, facts in fields.items()
        ]
        parts.append(_table("Fields", ("name", "type", "what it is"), rows))
    else:
        parts.append(f"<p>{shape(schema)}</p>")
    return "".join((*parts, "</article>"))


def _content(content: Document) -> str:
    """Name what is sent or answered; of a refusal its form is the same everywhere."""
    named = []
    for kind, media in content.items():
        schema = media.get("schema", {})
        reference = schema.get("$ref") or next((part["$ref"] for part in schema.get("allOf", []) if "$ref" in part), "")
        named.append(shape({"$ref": reference}) if reference else f"<code>{escape(kind)}</code>")
    return ", ".join(dict.fromkeys(named))


def _named(name: str, must: object) -> str:
    return f"<code{' class=must' if must else ''}>{escape(name)}</code>{' (needed)' if must else ''}"


def _table(caption: str, heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    head = "".join(f'<th scope="col">{each}</th>' for each in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{caption}"><table><caption>{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{_words(part)}</p>" for part in text.split("\n\n") if part.strip())


def _words(text: str) -> str:
    """Escape a text; what stands between backticks is code."""
    return _CODE.sub(r"<code>\1</code>", escape(" ".join(text.replace("``", "`").split())))
