"""Reads a CONSTRUCT rule: rdflib parses it and makes the algebra, here it becomes a plan.

What a plan has no word for (other query forms, GRAPH, SERVICE, paths that repeat) is refused by name.
"""

from collections.abc import Mapping
from itertools import count
from typing import Any, Final

from pyparsing.exceptions import ParseBaseException
from rdflib import Variable as RdfVariable
from rdflib.paths import AlternativePath, InvPath, Path, SequencePath
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from gapgraph.construct.errors import RuleError
from gapgraph.construct.plan import (
    Aggregate,
    Basic,
    Call,
    Exists,
    Expression,
    Extend,
    Filter,
    Group,
    Join,
    Minus,
    Optional,
    Pattern,
    Plan,
    Project,
    Slot,
    Statement,
    Union,
    Values,
    Variable,
)
from gapgraph.shacl.rdf import term_of

__all__ = ["read"]

_FUNCTIONS: Final = {
    **{
        f"Builtin_{n}": n for n in ("BOUND", "COALESCE", "CONCAT", "DATATYPE", "IF", "LCASE", "MD5", "REGEX", "REPLACE")
    },
    **{"Builtin_STR": "STR", "Builtin_UCASE": "UCASE", "Builtin_IRI": "IRI", "Builtin_URI": "IRI"},
    **{"Builtin_isLITERAL": "ISLITERAL", "Builtin_isIRI": "ISIRI"},
}
_ARGUMENTS: Final = {
    "Builtin_IF": ("arg1", "arg2", "arg3"),
    "Builtin_REPLACE": ("arg", "pattern", "replacement"),
    "Builtin_REGEX": ("text", "pattern"),
}


def read(text: str) -> Plan:
    """The plan of a rule. Raises RuleError where it cannot be parsed or asks for more than rules can do."""
    try:
        algebra = translateQuery(parseQuery(text)).algebra
    except ParseBaseException as error:
        raise RuleError(f"line {error.lineno}: {error}") from None
    if algebra.name != "ConstructQuery" or algebra.p.name != "Project":
        raise RuleError("a rule is a CONSTRUCT query without LIMIT or ORDER BY")
    reader = _Reader()
    template = tuple(Statement(*map(_slot, triple)) for triple in algebra.template)
    return Plan(template, reader.pattern(algebra.p.p))


def _slot(node: Any) -> Slot:
    return Variable(str(node)) if isinstance(node, RdfVariable) else term_of(node)


class _Reader:
    def __init__(self) -> None:
        self._fresh = count()

    def pattern(self, node: CompValue) -> Pattern:
        """The pattern of a node of rdflib's algebra."""
        match node.name:
            case "BGP":
                return self._basic(node.triples)
            case "Join":
                return _joined(self.pattern(node.p1), self.pattern(node.p2))
            case "LeftJoin":
                condition = None if node.expr.name == "TrueFilter" else self._expression(node.expr)
                return Optional(self.pattern(node.p1), self.pattern(node.p2), condition)
            case "Union":
                return Union(self.pattern(node.p1), self.pattern(node.p2))
            case "Minus":
                return Minus(self.pattern(node.p1), self.pattern(node.p2))
            case "Filter":
                return Filter(self._expression(node.expr), self.pattern(node.p))
            case "Extend":
                return Extend(self.pattern(node.p), str(node.var), self._expression(node.expr))
            case "ToMultiSet" if node.p.name == "values":
                return _values(node.p.res)
            case "ToMultiSet":
                return self.pattern(node.p)
            case "Project":
                return self._projected(node, distinct=False)
            case "Distinct" if node.p.name == "Project":
                return self._projected(node.p, distinct=True)
            case "AggregateJoin":
                raise RuleError("an aggregate stands outside a sub-SELECT or under HAVING; filter around it")
        raise RuleError(f"rules have no {node.name}")

    def _basic(self, triples: Any) -> Pattern:
        plain: list[Statement] = []
        unions: list[Pattern] = []
        for subject, predicate, object in triples:
            found = self._path(_slot(subject), predicate, _slot(object))
            if isinstance(found, Basic):
                plain += found.statements
            else:
                unions.append(found)
        pattern: Pattern = Basic(tuple(dict.fromkeys(plain)))
        for union in unions:
            pattern = _joined(pattern, union)
        return pattern

    def _path(self, subject: Slot, path: Any, object: Slot) -> Pattern:
        if not isinstance(path, Path):
            return Basic((Statement(subject, _slot(path), object),))
        if isinstance(path, InvPath):
            return self._path(object, path.arg, subject)
        if isinstance(path, SequencePath):
            found: Pattern = Basic(())
            for place, step in enumerate(path.args):
                last = place == len(path.args) - 1
                end = object if last else Variable(f"_{next(self._fresh)}")
                found = _joined(found, self._path(subject, step, end))
                subject = end
            return found
        if isinstance(path, AlternativePath):
            parts = [self._path(subject, step, object) for step in path.args]
            found = parts[0]
            for part in parts[1:]:
                found = Union(found, part)
            return found
        raise RuleError(f"rules have no path like {path}")

    def _projected(self, node: CompValue, *, distinct: bool) -> Pattern:
        names = tuple(str(v) for v in node.PV)
        inner, renamed = node.p, []
        while inner.name == "Extend":
            renamed.append((str(inner.var), inner.expr))
            inner = inner.p
        if inner.name != "AggregateJoin":
            return Project(self.pattern(node.p), names, distinct)
        group = inner.p
        keys = tuple(str(k) for k in group.expr or ())
        if any(not isinstance(k, RdfVariable) for k in group.expr or ()):
            raise RuleError("rules group by variables alone")
        same: dict[str, str] = {}
        aggregates = []
        for found in inner.A:
            function = found.name.removeprefix("Aggregate_").rstrip("_").upper()
            result = str(found.res)
            if function == "SAMPLE" and str(found.vars) in keys:
                same[result] = str(found.vars)
            elif function in {"MIN", "MAX", "COUNT"} and found.vars != "*":
                argument = self._expression(found.vars)
                aggregates.append(
                    Aggregate(result, function, "distinct" in found and bool(found["distinct"]), argument)
                )
            else:
                raise RuleError(f"rules have no {function} of {found.vars}")
        pattern: Pattern = Group(self.pattern(group.p), keys, tuple(aggregates))
        for name, value in reversed(renamed):
            source = str(value) if isinstance(value, RdfVariable) else None
            if source in same:
                if same[source] != name:
                    raise RuleError(f"?{name} renames the key ?{same[source]}")
                continue
            if any(str(v) in same for v in _variables(value)):
                raise RuleError("an expression of a sub-SELECT uses a key; bind it outside")
            pattern = Extend(pattern, name, self._expression(value))
        return Project(pattern, names, distinct)

    def _expression(self, node: Any) -> Expression:
        if isinstance(node, RdfVariable):
            return Variable(str(node))
        if not isinstance(node, CompValue):
            return term_of(node)
        name = node.name
        if name in {"Builtin_EXISTS", "Builtin_NOTEXISTS"}:
            return Exists(self.pattern(node.graph), name == "Builtin_NOTEXISTS")
        if name in {"ConditionalAndExpression", "ConditionalOrExpression"}:
            parts = (node.expr, *node.other)
            return Call("&&" if name == "ConditionalAndExpression" else "||", tuple(map(self._expression, parts)))
        if name == "UnaryNot":
            return Call("!", (self._expression(node.expr),))
        if name == "RelationalExpression":
            if node.op is None:
                return self._expression(node.expr)
            others = node.other if node.op in {"IN", "NOT IN"} else [node.other]
            return Call(str(node.op), (self._expression(node.expr), *map(self._expression, others)))
        if name in {"AdditiveExpression", "MultiplicativeExpression"}:
            return self._arithmetic(node)
        if name == "Function":
            return Call(str(node.iri), tuple(map(self._expression, node.expr)))
        if name in _FUNCTIONS:
            return Call(_FUNCTIONS[name], tuple(map(self._expression, _arguments(node))))
        raise RuleError(f"rules have no {name.removeprefix('Builtin_')}")

    def _arithmetic(self, node: CompValue) -> Expression:
        found = self._expression(node.expr)
        for operator, other in zip(node.op or (), node.other or (), strict=True):
            if operator not in {"+", "-", "*"}:
                raise RuleError(f"rules have no {operator}")
            found = Call(str(operator), (found, self._expression(other)))
        return found


def _arguments(node: CompValue) -> list[Any]:
    names = _ARGUMENTS.get(node.name)
    if names is not None:
        if "flags" in node:
            raise RuleError(f"{node.name.removeprefix('Builtin_')} has no flags here")
        return [node[name] for name in names]
    argument = node.arg
    return list(argument) if isinstance(argument, list) else [argument]


def _variables(value: Any) -> list[Any]:
    if isinstance(value, RdfVariable):
        return [value]
    if isinstance(value, CompValue):
        return [v for inner in value.values() for v in _variables(inner)]
    return [v for inner in value for v in _variables(inner)] if isinstance(value, list) else []


def _joined(left: Pattern, right: Pattern) -> Pattern:
    """Both; what is only statements becomes one pattern, whose order the data decides."""
    if isinstance(left, Basic) and not left.statements:
        return right
    if isinstance(right, Basic) and not right.statements:
        return left
    if isinstance(left, Basic) and isinstance(right, Basic):
        return Basic((*left.statements, *right.statements))
    if isinstance(left, Join) and isinstance(left.right, Basic) and isinstance(right, Basic):
        return Join(left.left, Basic((*left.right.statements, *right.statements)))
    return Join(left, right)


def _values(rows: list[Mapping[Any, Any]]) -> Values:
    names = tuple(dict.fromkeys(str(name) for row in rows for name in row))
    table = []
    for row in rows:
        cells = {str(k): v for k, v in row.items()}
        table.append(tuple(term_of(cells[n]) if n in cells and cells[n] != "UNDEF" else None for n in names))
    return Values(names, tuple(table))
