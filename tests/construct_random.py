"""Random rules on random graphs: every operator that rules use, nested as no rule nests them."""

import random
from dataclasses import dataclass

import pyoxigraph as ox

EX = "https://example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"
VARIABLES = ("?a", "?b", "?c", "?d")
NUMBERS = ("1", "2", "3", "4.5")
DAYS = ("2026-01-01", "2026-02-28", "2026-03-01")
WORDS = ("one", "Two", "three")


@dataclass
class Case:
    """A random graph and a random rule, drawn from a seed."""

    rng: random.Random
    fresh: int = 0

    def graph(self) -> list[ox.Triple]:
        """Few nodes, few properties, values of every kind."""
        rng = self.rng
        nodes = [ox.NamedNode(f"{EX}n{i}") for i in range(5)]
        values: list[ox.NamedNode | ox.Literal] = [
            *nodes,
            *(ox.Literal(n, datatype=ox.NamedNode(XSD + ("decimal" if "." in n else "integer"))) for n in NUMBERS),
            *(ox.Literal(d, datatype=ox.NamedNode(XSD + "date")) for d in DAYS),
            *(ox.Literal(w) for w in WORDS),
        ]
        return [
            ox.Triple(rng.choice(nodes), ox.NamedNode(f"{EX}p{rng.randrange(4)}"), rng.choice(values))
            for _ in range(rng.randint(10, 60))
        ]

    def rule(self) -> str:
        """A CONSTRUCT rule whose solutions all show in what it derives."""
        body = self.group(3)
        head = " . ".join(f"<{EX}s{i}> <{EX}v{i}> {variable}" for i, variable in enumerate((*VARIABLES, *self.made())))
        pairs = f"?a <{EX}q> ?b . ?b <{EX}q> ?c . ?c <{EX}r> ?d . ?a <{EX}r> ?d"
        return f"CONSTRUCT {{ {head} . {pairs} }} WHERE {{ {body} }}"

    def made(self) -> list[str]:
        """The variables that BIND and aggregates made."""
        return [f"?m{i}" for i in range(self.fresh)]

    def variable(self) -> str:
        return self.rng.choice(VARIABLES)

    def statement(self) -> str:
        rng = self.rng
        predicate = rng.choice([f"<{EX}p{rng.randrange(4)}>"] * 8 + [self.variable()])
        object = rng.choice([self.variable()] * 7 + [f"<{EX}n{rng.randrange(5)}>"])
        return f"{rng.choice([self.variable()] * 9 + [f'<{EX}n1>'])} {predicate} {object} ."

    def group(self, depth: int) -> str:
        """What stands between two braces."""
        rng = self.rng
        parts = [self.statement() for _ in range(rng.randint(1, 2))]
        for _ in range(rng.randint(0, 2) if depth else 0):
            parts.append(self.part(depth - 1))
        if rng.random() < 0.25:
            parts.append(f"FILTER({self.condition(depth)})")
        return " ".join(parts)

    def part(self, depth: int) -> str:
        match self.rng.randrange(8):
            case 0 | 1:
                return f"OPTIONAL {{ {self.group(depth)} }}"
            case 2:
                return f"{{ {self.group(depth)} }} UNION {{ {self.group(depth)} }}"
            case 3:
                return f"MINUS {{ {self.group(depth)} }}"
            case 4:
                name = self._name()
                return f"BIND({self.value()} AS {name})"
            case 5:
                rows = " ".join(
                    f"({self.rng.choice(['UNDEF', f'<{EX}n0>', f'<{EX}n1>'])} <{EX}n{self.rng.randrange(5)}>)"
                    for _ in range(2)
                )
                one, other = self.rng.sample(VARIABLES, 2)
                return f"VALUES ({one} {other}) {{ {rows} }}"
            case 6:
                name, key, counted = self._name(), self.variable(), self.variable()
                what = self.rng.choice([f"COUNT(DISTINCT {counted})", f"COUNT({counted})"])
                return f"{{ SELECT {key} ({what} AS {name}) WHERE {{ {self.group(depth)} }} GROUP BY {key} }}"
            case _:
                kept = " ".join(sorted(set(self.rng.choices(VARIABLES, k=2))))
                distinct = self.rng.choice(["", "DISTINCT"])
                return f"{{ SELECT {distinct} {kept} WHERE {{ {self.group(depth)} }} }}"

    def condition(self, depth: int) -> str:
        rng = self.rng
        match rng.randrange(8):
            case 0:
                return f"BOUND({self.variable()})"
            case 1:
                return f"!({self.condition(0)})"
            case 2:
                return f"({self.condition(0)}) && ({self.condition(0)})"
            case 3:
                return f"({self.condition(0)}) || ({self.condition(0)})"
            case 4 if depth:
                return f"{rng.choice(['EXISTS', 'NOT EXISTS'])} {{ {self.statement()} {self.statement()} }}"
            case 5:
                return f"{self.variable()} {rng.choice(['=', '!='])} {self.variable()}"
            case 6:
                one, other = rng.sample(VARIABLES, 2)  # Oxigraph orders a term and itself, whatever it is
                return f"({one} {rng.choice(['<', '<=', '>', '>='])} {other} && {one} != {other})"
            case _:
                limit = rng.choice([f'"{d}"^^<{XSD}date>' for d in DAYS] + list(NUMBERS))
                return f"{self.variable()} {rng.choice(['<', '<=', '>', '>=', '=', '!='])} {limit}"

    def value(self) -> str:
        rng = self.rng
        match rng.randrange(7):
            case 0:
                return f"COALESCE({self.variable()}, {self.variable()})"
            case 1:
                return f"IF({self.condition(0)}, {self.variable()}, {self.variable()})"
            case 2:
                return f'CONCAT(STR({self.variable()}), "-", LCASE(STR({self.variable()})))'
            case 3:
                return f'IRI(CONCAT("{EX}", MD5(STR({self.variable()}))))'
            case 4:
                return f'{self.variable()} - "P1D"^^<{XSD}dayTimeDuration>'
            case 5:
                return f'REPLACE(STR({self.variable()}), "^.*[/#]", "")'
            case _:
                return f"{self.variable()} {rng.choice(['+', '*'])} {rng.choice(NUMBERS)}"

    def _name(self) -> str:
        self.fresh += 1
        return f"?m{self.fresh - 1}"
