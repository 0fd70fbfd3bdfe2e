"""Plans as JSON and back, so that rules need not be parsed each time: parsing costs more than running them."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode

from gapgraph.construct import plan as algebra
from gapgraph.construct.errors import RuleError
from gapgraph.construct.plan import Plan
from gapgraph.shacl.terms import Term

__all__ = ["as_json", "plan_from_json"]

_KINDS: Final[dict[str, Callable[..., Any]]] = {
    kind.__name__: kind
    for kind in (
        algebra.Aggregate,
        algebra.Basic,
        algebra.Call,
        algebra.Exists,
        algebra.Extend,
        algebra.Filter,
        algebra.Group,
        algebra.Join,
        algebra.Minus,
        algebra.Optional,
        algebra.Plan,
        algebra.Project,
        algebra.Statement,
        algebra.Union,
        algebra.Values,
        algebra.Variable,
    )
}


def as_json(value: Any) -> Any:
    """A plan or a part of it: `[kind, field, …]`, a tuple as `["", member, …]`, terms by their kind."""
    if isinstance(value, NamedNode):
        return ["<", value.value]
    if isinstance(value, Literal):
        return ['"', value.value, value.datatype.value, value.language]
    if isinstance(value, tuple):
        return ["", *map(as_json, value)]
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, BlankNode):
        raise RuleError("a rule cannot name a blank node")
    return [type(value).__name__, *(as_json(getattr(value, field.name)) for field in fields(value))]


def _from_json(value: Any) -> Any:
    """What `as_json` was given. Raises RuleError where the form is another."""
    if not isinstance(value, list):
        return value
    match value:
        case ["", *members]:
            return tuple(map(_from_json, members))
        case ["<", iri]:
            return NamedNode(iri)
        case ['"', text, datatype, language]:
            return _literal(text, datatype, language)
        case [kind, *parts] if kind in _KINDS:
            return _KINDS[kind](*map(_from_json, parts))
    raise RuleError(f"a kept plan has a part that no plan has: {str(value)[:60]}")


def plan_from_json(value: Any) -> Plan:
    """A kept plan. Raises RuleError where it is none."""
    found = _from_json(value)
    if not isinstance(found, Plan):
        raise RuleError("what was kept is no plan")
    return found


def _literal(text: str, datatype: str, language: str | None) -> Term:
    return Literal(text, language=language) if language else Literal(text, datatype=NamedNode(datatype))
