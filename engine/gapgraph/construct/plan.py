"""What a rule is once it was read: the algebra of SPARQL 1.1 (§18.2) as far as rules use it, and what binds what.

`possible` are the variables that a pattern may bind, `certain` those that each of its solutions binds. What was said of
a node is remembered, so nodes are told apart by themselves, not by what they hold.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from gapgraph.shacl.terms import Term

__all__ = [
    "Aggregate",
    "Basic",
    "Call",
    "Exists",
    "Expression",
    "Extend",
    "Filter",
    "Group",
    "Join",
    "Minus",
    "Optional",
    "Pattern",
    "Plan",
    "Project",
    "Slot",
    "Statement",
    "Union",
    "Values",
    "Variable",
    "certain",
    "mentioned",
    "possible",
    "seen",
]


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable, without its question mark."""

    name: str


Slot = Variable | Term
"""What stands at one place of a statement."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement with variables."""

    subject: Slot
    predicate: Slot
    object: Slot

    def variables(self) -> tuple[str, ...]:
        """The variables that stand in it."""
        return tuple(s.name for s in (self.subject, self.predicate, self.object) if isinstance(s, Variable))


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """An operator or function with its arguments, by the name that SPARQL has for it."""

    name: str
    arguments: tuple["Expression", ...]


@dataclass(frozen=True, slots=True, eq=False)
class Exists:
    """Whether a pattern has a solution for what is bound here (or has none)."""

    pattern: "Pattern"
    negated: bool


Expression = Variable | Term | Call | Exists


@dataclass(frozen=True, slots=True, eq=False)
class Basic:
    """Statements that hold together."""

    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """Rows of terms that stand in the rule itself; None leaves a variable unbound."""

    names: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Join:
    """Both."""

    left: "Pattern"
    right: "Pattern"


@dataclass(frozen=True, slots=True, eq=False)
class Optional:
    """The left, with the right where it is there and the condition holds."""

    left: "Pattern"
    right: "Pattern"
    condition: Expression | None


@dataclass(frozen=True, slots=True, eq=False)
class Union:
    """The one and the other."""

    left: "Pattern"
    right: "Pattern"


@dataclass(frozen=True, slots=True, eq=False)
class Minus:
    """The left without what the right has a compatible solution for that shares a variable."""

    left: "Pattern"
    right: "Pattern"


@dataclass(frozen=True, slots=True, eq=False)
class Filter:
    """Where a condition holds."""

    condition: Expression
    over: "Pattern"


@dataclass(frozen=True, slots=True, eq=False)
class Extend:
    """With one more variable."""

    over: "Pattern"
    name: str
    value: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Aggregate:
    """`MIN`, `MAX` or `COUNT` of an expression, under the name of its result."""

    name: str
    function: str
    distinct: bool
    argument: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """One solution for each binding of the keys."""

    over: "Pattern"
    keys: tuple[str, ...]
    aggregates: tuple[Aggregate, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Project:
    """These variables alone; other variables of the same name outside are others."""

    over: "Pattern"
    names: tuple[str, ...]
    distinct: bool


Pattern = Basic | Values | Join | Optional | Union | Minus | Filter | Extend | Group | Project


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A CONSTRUCT rule: what it states for each solution of its pattern."""

    template: tuple[Statement, ...]
    pattern: Pattern


@cache
def mentioned(expression: Expression) -> frozenset[str]:
    """The variables that an expression looks at."""
    match expression:
        case Variable(name):
            return frozenset((name,))
        case Call(_, arguments):
            return frozenset().union(*map(mentioned, arguments))
        case Exists(pattern, _):
            return seen(pattern)
    return frozenset()


@cache
def possible(pattern: Pattern) -> frozenset[str]:
    """The variables that a pattern may bind."""
    match pattern:
        case Basic(statements):
            return frozenset(name for statement in statements for name in statement.variables())
        case Values(names, _) | Project(_, names, _):
            return frozenset(names)
        case Join(left, right) | Union(left, right) | Optional(left, right, _):
            return possible(left) | possible(right)
        case Minus(over, _) | Filter(_, over):
            return possible(over)
        case Extend(over, name, _):
            return possible(over) | {name}
        case Group(_, keys, aggregates):
            return frozenset((*keys, *(a.name for a in aggregates)))


@cache
def seen(pattern: Pattern) -> frozenset[str]:
    """The variables that a pattern may bind or looks at."""
    match pattern:
        case Join(left, right) | Union(left, right) | Minus(left, right):
            return seen(left) | seen(right)
        case Optional(left, right, condition):
            return seen(left) | seen(right) | (mentioned(condition) if condition is not None else frozenset())
        case Filter(condition, over):
            return seen(over) | mentioned(condition)
        case Extend(over, name, value):
            return seen(over) | {name} | mentioned(value)
    return possible(pattern)


@cache
def certain(pattern: Pattern) -> frozenset[str]:
    """The variables that every solution of a pattern binds."""
    match pattern:
        case Basic():
            return possible(pattern)
        case Values(names, rows):
            return frozenset(n for place, n in enumerate(names) if all(row[place] is not None for row in rows))
        case Join(left, right):
            return certain(left) | certain(right)
        case Union(left, right):
            return certain(left) & certain(right)
        case Optional(left, _, _) | Minus(left, _):
            return certain(left)
        case Filter(_, over) | Extend(over, _, _):
            return certain(over)
        case Project(over, names, _):
            return certain(over) & frozenset(names)
        case Group(over, keys, _):
            return certain(over) & frozenset(keys)


Plans = Mapping[str, Plan]
