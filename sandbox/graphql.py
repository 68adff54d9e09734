"""A GraphQL service as Digdem runs them (Apollo): POST /graphql, introspection shut, and only the texts its own application sends.

The texts that are known to the byte stand in `data/graphql`. Of other operations only the name is known and that every selection must hold
`__typename`; those are answered with the fields that are asked for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.answers import NOT_FOUND, Answer, Question, json_answer

TEXTS = Path(__file__).parent / "data" / "graphql"
TOKEN = re.compile(r'\.\.\.|\$?[A-Za-z_]\w*|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|[{}()\[\]:!=]')
IGNORED = re.compile(r"(?:[\s,\ufeff]|#[^\n]*)+")
SIMPLE = ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain", "")
INTERNAL, USER, INVALID, SYNTAX = "INTERNAL_SERVER_ERROR", "BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED"
FORGERY = (
    "This operation has been blocked as a potential Cross-Site Request Forgery (CSRF). Please either specify a 'content-type' header (with a type that is "
    "not one of application/x-www-form-urlencoded, multipart/form-data, text/plain) or provide a non-empty value for one of the following headers: "
    "x-apollo-operation-name, apollo-require-preflight\n"
)
SHUT = (
    "GraphQL introspection is not allowed by Apollo Server, but the query contained __schema or __type. To enable introspection, pass introspection: true "
    "to ApolloServer in production"
)

Resolver = Callable[[Mapping[str, Any]], Any]


class Refused(Exception):
    """What the service does not do: message, code and HTTP status of the error."""

    def __init__(self, message: str, code: str = INTERNAL, status: int = 200) -> None:
        super().__init__(message)
        self.message, self.code, self.status = message, code, status


@dataclass(frozen=True)
class Selected:
    """One field of a selection: `fields` is None for a leaf."""

    name: str
    alias: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    fields: tuple[Selected, ...] | None = None


def text_of(operation: str) -> str:
    """The text of an operation as the application sends it."""
    return (TEXTS / f"{operation}.graphql").read_text(encoding="utf-8").removesuffix("\n")


@dataclass(frozen=True)
class Service:
    """`exact` are the operations whose text is held against the application's, `loose` those of which only the name is known; `outdated` is the
    message for any other; `roots` resolve what a query begins with."""

    exact: Mapping[str, str]
    loose: frozenset[str]
    outdated: str
    roots: Mapping[str, Resolver]

    def respond(self, question: Question) -> Answer:
        try:
            return self._answer(200, {"data": self._run(*self._asked(question))})
        except Refused as refused:
            error = {"message": refused.message, "locations": [], "path": [], "extensions": {"code": refused.code}}
            return self._answer(refused.status, {"errors": [error], **({"data": None} if refused.status == 200 else {})})

    @staticmethod
    def _answer(status: int, value: Mapping[str, Any]) -> Answer:
        told = json_answer(value, status=status, media_type="application/json; charset=utf-8")
        return Answer(told.status, told.body, told.media_type, (("Cache-Control", "no-store"),))

    @staticmethod
    def _asked(question: Question) -> tuple[str, str, Mapping[str, Any]]:
        """Name, text and variables of the operation."""
        media_type = question.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type in SIMPLE and not (question.headers.get("apollo-require-preflight") or question.headers.get("x-apollo-operation-name")):
            raise Refused(FORGERY, "BAD_REQUEST", 400)
        try:
            body = json.loads(question.body) if question.method == "POST" else {**question.query, "variables": json.loads(question.query.get("variables", "{}"))}
        except ValueError:
            raise Refused("Unexpected token in JSON", "BAD_REQUEST", 400) from None
        text = body.get("query") if isinstance(body, dict) else None
        if not isinstance(text, str) or not text:
            raise Refused("GraphQL operations must contain a non-empty `query` or a `persistedQuery` extension.", "BAD_REQUEST", 400)
        return str(body.get("operationName") or ""), text, body.get("variables") or {}

    def _run(self, operation: str, text: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        if "__schema" in text or re.search(r"__type\b", text):
            raise Refused(SHUT, INVALID, 400)
        document = _Document(text)
        name = document.name
        if operation and operation != name:
            raise Refused(f'Unknown operation named "{operation}".', "OPERATION_RESOLUTION_FAILURE", 400)
        is_known = text == self.exact[name] if name in self.exact else name in self.loose and _is_typed(document.fields)
        if not is_known:
            raise Refused(self.outdated)
        for variable, kind in document.variables.items():
            if kind.endswith("!") and variables.get(variable) is None:
                raise Refused(f'Variable "${variable}" of required type "{kind}" was not provided.', USER, 400)
        found = {}
        for each in document.fields:
            if each.name not in self.roots:
                raise Refused(f'Cannot query field "{each.name}" on type "Query".', INVALID, 400)
            found[each.alias] = _shown(self.roots[each.name](_filled(each.arguments, variables)), each.fields)
        return found


def serve(service: Service, question: Question) -> Answer:
    """The answer at /graphql; OPTIONS is what a browser asks first."""
    if question.method == "OPTIONS":
        return Answer(204, b"", "text/plain", (("Access-Control-Allow-Methods", "GET,HEAD,PUT,PATCH,POST,DELETE"),))
    return service.respond(question) if question.method in ("GET", "POST") else NOT_FOUND


def _is_typed(selected: Sequence[Selected], *, is_root: bool = True) -> bool:
    """Does every selection hold `__typename`, as the application's do?"""
    return (is_root or any(s.name == "__typename" for s in selected)) and all(_is_typed(s.fields, is_root=False) for s in selected if s.fields)


def _filled(value: Any, variables: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        return {k: _filled(v, variables) for k, v in value.items()}
    if isinstance(value, list):
        return [_filled(v, variables) for v in value]
    return variables.get(value[1:]) if isinstance(value, str) and value.startswith("$") else value


def _shown(value: Any, selected: tuple[Selected, ...] | None) -> Any:
    """Of a value the fields that were asked for."""
    if value is None or selected is None:
        return value
    if isinstance(value, list):
        return [_shown(each, selected) for each in value]
    try:
        return {s.alias: _shown(value[s.name], s.fields) for s in selected}
    except KeyError as error:
        raise Refused(f'Cannot query field "{error.args[0]}" on type "{value.get("__typename")}".', INVALID, 400) from None


class _Document:
    """One operation with its fragments, read from its text."""

    def __init__(self, text: str) -> None:
        self.tokens = list(_tokens(text))
        self.at = 0
        self.fragments: dict[str, list[Any]] = {}
        self.name, self.variables, operations = "", {}, []
        while self.at < len(self.tokens):
            if self._peek() == "fragment":
                _, name, _, _ = (self._take() for _ in range(4))
                self.fragments[name] = self._selection()
            else:
                operations.append(self._operation())
        if len(operations) != 1:
            raise Refused("Must provide operation name if query contains multiple operations.", "OPERATION_RESOLUTION_FAILURE", 400)
        self.fields = self._spread(operations[0])

    def _operation(self) -> list[Any]:
        if self._peek() in ("query", "mutation", "subscription"):
            self._take()
            self.name = self._take() if self._peek() not in ("{", "(") else ""
            if self._peek() == "(":
                self._take()
                while self._peek() != ")":
                    variable, _ = self._take()[1:], self._take(":")
                    kind = ""
                    while self._peek() != ")" and not self._peek().startswith("$"):
                        kind += self._take()
                    self.variables[variable] = kind.partition("=")[0]
                self._take()
        return self._selection()

    def _selection(self) -> list[Any]:
        self._take("{")
        found: list[Any] = []
        while self._peek() != "}":
            found.append(self._spread_or_field())
        self._take()
        return found

    def _spread_or_field(self) -> Any:
        name = self._take()
        if name == "...":
            if self._peek() == "on":
                self._take()
                self._take()
                return self._selection()
            return f"...{self._take()}"
        alias = name
        if self._peek() == ":":
            self._take()
            name = self._take()
        arguments = self._arguments() if self._peek() == "(" else {}
        return alias, name, arguments, self._selection() if self._peek() == "{" else None

    def _arguments(self) -> dict[str, Any]:
        self._take("(")
        found = {}
        while self._peek() != ")":
            name, _ = self._take(), self._take(":")
            found[name] = self._value()
        self._take()
        return found

    def _value(self) -> Any:
        token = self._take()
        if token == "{":
            found = {}
            while self._peek() != "}":
                name, _ = self._take(), self._take(":")
                found[name] = self._value()
            self._take()
            return found
        if token == "[":
            values = []
            while self._peek() != "]":
                values.append(self._value())
            self._take()
            return values
        words = {"null": None, "true": True, "false": False}
        return words[token] if token in words else json.loads(token) if token[0] in '"-0123456789' else token

    def _spread(self, raw: list[Any]) -> tuple[Selected, ...]:
        """Selections with the fragments put in."""
        found: dict[str, Selected] = {}
        for each in raw:
            if isinstance(each, str):
                if each[3:] not in self.fragments:
                    raise Refused(f'Unknown fragment "{each[3:]}".', INVALID, 400)
                found |= {s.alias: s for s in self._spread(self.fragments[each[3:]])}
            elif isinstance(each, list):
                found |= {s.alias: s for s in self._spread(each)}
            else:
                alias, name, arguments, inner = each
                found[alias] = Selected(name, alias, arguments, self._spread(inner) if inner is not None else None)
        return tuple(found.values())

    def _peek(self) -> str:
        if self.at >= len(self.tokens):
            raise Refused("Syntax Error: Unexpected <EOF>.", SYNTAX, 400)
        return self.tokens[self.at]

    def _take(self, wanted: str = "") -> str:
        token = self._peek()
        if wanted and token != wanted:
            raise Refused(f'Syntax Error: Expected "{wanted}", found "{token}".', SYNTAX, 400)
        self.at += 1
        return token


def _tokens(text: str) -> Iterator[str]:
    at = 0
    while at < len(text):
        if match := IGNORED.match(text, at):
            at = match.end()
        elif match := TOKEN.match(text, at):
            yield match[0]
            at = match.end()
        else:
            raise Refused(f"Syntax Error: Unexpected character: {json.dumps(text[at])}.", SYNTAX, 400)
