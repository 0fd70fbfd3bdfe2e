"""What mappings between criteria let one conclude, and what they do not: the algebra of NIST IR 8477's five relations.

relations    the five relations, sets of them, and what two in a row leave possible
network      mappings and covers as one network; what is certain between any two, with the chain behind it
covers       of which requirements each criterion of a framework is made
conclusions  from outcomes that are known to outcomes that follow

A criterion or requirement is a set of obligations that is not empty; it is met when all of them hold, and failed when
one does not. Everything here follows from that sentence (`docs/decisions/0009-mappings.md`).
"""

from gapgraph.mapping.conclusions import Conclusion, Conflict, Outcomes, conclude
from gapgraph.mapping.network import Contradiction, Cover, Mapping, Network, Step
from gapgraph.mapping.relations import ANY, Relation, compose, inverse

__all__ = [
    "ANY",
    "Conclusion",
    "Conflict",
    "Contradiction",
    "Cover",
    "Mapping",
    "Network",
    "Outcomes",
    "Relation",
    "Step",
    "compose",
    "conclude",
    "inverse",
]
