"""Random shapes and random graphs, each a function of one number, for holding our validator to the reference."""

import random
from dataclasses import dataclass, field

import pyoxigraph as ox

from gapgraph.namespaces import PREFIXES

EX = "https://example.org/"
SH = "http://www.w3.org/ns/shacl#"
RDF, RDFS, XSD = PREFIXES["rdf"], PREFIXES["rdfs"], PREFIXES["xsd"]
Node = ox.NamedNode | ox.BlankNode | ox.Literal
Subject = ox.NamedNode | ox.BlankNode


def ex(name: str) -> ox.NamedNode:
    return ox.NamedNode(EX + name)


def sh(name: str) -> ox.NamedNode:
    return ox.NamedNode(SH + name)


def literal(text: str, datatype: str = "") -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + datatype)) if datatype else ox.Literal(text)


NODES: list[Subject] = [*map(ex, "abcdef"), ox.BlankNode("n1"), ox.BlankNode("n2")]
CLASSES = [ex("C1"), ex("C2"), ex("C3")]
LINKS = [ex("p"), ex("q")]
LITERALS: list[Node] = [
    *(literal(text, "integer") for text in ("0", "1", "2", "10", "-3", "007", "+4", "many", "")),
    *(literal(text, "decimal") for text in ("1.5", "2.0", "0.1", "-1.25", "abc")),
    *(literal(text, "date") for text in ("2025-01-01", "2024-02-29", "2025-02-29", "2025-06-30Z", "soon")),
    *(
        literal(text, "dateTime")
        for text in ("2025-01-01T10:00:00", "2025-01-01T10:00:00Z", "2025-01-01T12:00:00+02:00")
    ),
    *(literal(text, "boolean") for text in ("true", "false", "1", "yes")),
    *(literal(text) for text in ("", "a", "abc", "a b", "ABC")),
    *(literal(text, "double") for text in ("1.0E0", "2", "INF")),
    literal("x", "anyURI"),
    *(ox.Literal("word", language=tag) for tag in ("en", "de", "en-gb")),
]
FAMILIES: list[list[Node]] = [
    [literal(f"2025-0{m}-15", "date") for m in range(1, 7)],
    [*(literal(str(n), "integer") for n in range(-2, 4)), literal("0.5", "decimal"), literal("2.0", "decimal")],
    [literal(word) for word in ("a", "ab", "b", "B")],
    [literal(f"2025-01-0{d}T00:00:00", "dateTime") for d in range(1, 5)],
]


@dataclass
class Case:
    """A random graph and random shapes, drawn from a seed."""

    rng: random.Random
    data: list[ox.Triple] = field(default_factory=list)
    shapes: list[ox.Triple] = field(default_factory=list)
    count: int = 0

    @classmethod
    def of(cls, seed: int) -> "Case":
        case = cls(random.Random(seed))
        case._graph()
        for n in range(case.rng.randint(1, 2)):
            root = ex(f"S{n}")
            case._shape(root, 0)
            case._targets(root)
        return case

    # ---- data

    def _graph(self) -> None:
        rng = self.rng
        family = rng.choice(FAMILIES)
        for node in NODES:
            for cls in rng.sample(CLASSES, rng.randint(0, 2)):
                self._say(node, ox.NamedNode(RDF + "type"), cls)
            for _ in range(rng.randint(0, 4)):
                self._say(node, rng.choice(LINKS), rng.choice(NODES if rng.random() < 0.5 else LITERALS))
            for predicate in ("from", "until"):
                for value in rng.sample(family, rng.randint(0, 2)):
                    self._say(node, ex(predicate), value)
        for below, above in (("C2", "C1"), ("C3", "C2")):
            if rng.random() < 0.5:
                self._say(ex(below), ox.NamedNode(RDFS + "subClassOf"), ex(above))

    def _say(self, subject: Subject, predicate: ox.NamedNode, object: Node) -> None:
        self.data.append(ox.Triple(subject, predicate, object))

    # ---- shapes

    def _set(self, subject: Subject, word: str, value: Node) -> None:
        self.shapes.append(ox.Triple(subject, sh(word), value))

    def _blank(self) -> ox.BlankNode:
        self.count += 1
        return ox.BlankNode(f"s{self.count}")

    def _list(self, members: list[Node]) -> Subject:
        rest: Subject = ox.NamedNode(RDF + "nil")
        for member in reversed(members):
            node = self._blank()
            self.shapes.append(ox.Triple(node, ox.NamedNode(RDF + "first"), member))
            self.shapes.append(ox.Triple(node, ox.NamedNode(RDF + "rest"), rest))
            rest = node
        return rest

    def _targets(self, root: ox.NamedNode) -> None:
        kinds = self.rng.sample(["targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf"], 2)
        for kind in kinds[: self.rng.randint(1, 2)]:
            pools: dict[str, list[Node]] = {"targetNode": [*map(ex, "abz"), literal("abc")], "targetClass": [*CLASSES]}
            pool = pools.get(kind, [*LINKS])
            self._set(root, kind, self.rng.choice(pool))

    def _path(self, depth: int) -> Subject:
        """A path; inverses stand around predicates only, since the reference misreads the inverse of other paths."""
        rng = self.rng
        kind = "predicate" if depth > 1 else rng.choice(["predicate"] * 4 + ["inverse", "seq", "alt", "*", "+", "?"])
        if kind == "predicate":
            return rng.choice([*LINKS, ex("from"), ox.NamedNode(RDF + "type")])
        if kind == "seq":
            return self._list([self._path(depth + 1), self._path(depth + 1)])
        node = self._blank()
        inner: Node = rng.choice(LINKS) if kind == "inverse" else self._path(depth + 1)
        if kind == "alt":
            inner = self._list([inner, self._path(depth + 1)])
        word = {"inverse": "inverse", "alt": "alternative", "*": "zeroOrMore", "+": "oneOrMore", "?": "zeroOrOne"}[kind]
        self._set(node, f"{word}Path", inner)
        return node

    def _shape(self, node: Subject, depth: int, *, property: bool = False) -> None:
        rng = self.rng
        self.shapes.append(
            ox.Triple(node, ox.NamedNode(RDF + "type"), sh("PropertyShape" if property else "NodeShape"))
        )
        self._set(node, "message", literal(f"m{rng.randint(1, 9)}"))
        if rng.random() < 0.1:
            self._set(node, "deactivated", literal("true", "boolean"))
        if rng.random() < 0.2:
            self._set(node, "severity", rng.choice([sh("Warning"), sh("Info"), ex("Exception")]))
        comparable = False
        if property:
            comparable = rng.random() < 0.2
            self._set(node, "path", ex("from") if comparable else self._path(0))
        for _ in range(rng.randint(1, 3)):
            self._constraint(node, depth, property=property)
        if comparable:
            self._set(node, rng.choice(["lessThan", "lessThanOrEquals"]), ex("until"))
        if depth < 2 and rng.random() < 0.6:
            for _ in range(rng.randint(1, 2)):
                self._set(node, "property", self._inner(depth, property=True))

    def _inner(self, depth: int, *, property: bool = False) -> Subject:
        inner = self._blank()
        self._shape(inner, depth + 1, property=property)
        return inner

    def _constraint(self, node: Subject, depth: int, *, property: bool) -> None:
        rng = self.rng
        said = {t.predicate.value.removeprefix(SH) for t in self.shapes if t.subject == node}
        words = ["class", "datatype", "nodeKind", "in", "hasValue", "pattern", "minLength", "maxLength", "languageIn"]
        words += ["equals", "disjoint", "closed", "minInclusive", "maxInclusive", "minExclusive", "maxExclusive"]
        words += ["minCount", "maxCount", "uniqueLang", "qualifiedValueShape"] if property else []
        words += ["node", "not", "and", "or", "xone"] * 2 if depth < 2 else []
        word = rng.choice(words)
        if word in said:
            return
        match word:
            case "class":
                self._set(node, word, rng.choice(CLASSES))
            case "datatype":
                kinds = ("integer", "decimal", "date", "dateTime", "boolean", "string", "double", "anyURI")
                self._set(
                    node, word, rng.choice([ox.NamedNode(XSD + k) for k in kinds] + [ox.NamedNode(RDF + "langString")])
                )
            case "nodeKind":
                kind = rng.choice(
                    ["IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral"]
                )
                self._set(node, word, sh(kind))
            case "in":
                self._set(node, word, self._list(rng.sample([*NODES[:6], *LITERALS], rng.randint(1, 6))))
            case "hasValue":
                self._set(node, word, rng.choice([*NODES[:6], *LITERALS]))
            case "pattern":
                self._set(node, word, literal(rng.choice(["^a", "b$", "[0-9]+", "ABC", "e"])))
                if rng.random() < 0.5:
                    self._set(node, "flags", literal("i"))
            case "minLength" | "maxLength":
                self._set(node, word, literal(str(rng.randint(0, 5)), "integer"))
            case "languageIn":
                self._set(node, word, self._list([literal(t) for t in rng.sample(["en", "de", "fr"], 2)]))
            case "equals" | "disjoint":
                self._set(node, word, rng.choice(LINKS))
            case "closed":
                self._set(node, word, literal("true", "boolean"))
                self._set(node, "ignoredProperties", self._list([ox.NamedNode(RDF + "type"), rng.choice(LINKS)]))
            case "minInclusive" | "maxInclusive" | "minExclusive" | "maxExclusive":
                self._set(node, word, rng.choice(rng.choice(FAMILIES)))
            case "minCount" | "maxCount":
                self._set(node, word, literal(str(rng.randint(0, 3)), "integer"))
            case "uniqueLang":
                self._set(node, word, literal("true", "boolean"))
            case "qualifiedValueShape":
                self._set(node, word, self._inner(max(depth, 1)))
                for count in rng.sample(["qualifiedMinCount", "qualifiedMaxCount"], rng.randint(1, 2)):
                    self._set(node, count, literal(str(rng.randint(0, 2)), "integer"))
                if rng.random() < 0.5:
                    self._set(node, "qualifiedValueShapesDisjoint", literal("true", "boolean"))
            case "node" | "not":
                self._set(node, word, self._inner(depth))
            case _:
                self._set(node, word, self._list([self._inner(depth) for _ in range(rng.randint(1, 3))]))
