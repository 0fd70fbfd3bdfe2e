"""SHACL Core over columns: shapes and a graph in, results, populations and passes out. It knows nothing of SOC 2.

terms       numbers for RDF terms
columns     a graph as sorted arrays by predicate
keeping     columns of documents that were parsed before
paths       property paths, followed from many nodes at once
model       what a compiled shapes graph is
compiling   reads a shapes graph into that form, or says why not
literals    values of literals and their order
values      tests of terms, once for each distinct term
evaluation  shapes over columns
report      results as columns; rdflib on demand
rdf         between our terms and rdflib's
reference   pySHACL, and what it reports
engine      all of it together, with pySHACL for the shapes that are beyond Core
"""

from gapgraph.shacl.columns import Columns
from gapgraph.shacl.compiling import compile_shapes
from gapgraph.shacl.engine import validate
from gapgraph.shacl.errors import ShapesError, UnfinishedError
from gapgraph.shacl.evaluation import Evaluator
from gapgraph.shacl.keeping import parsed_once
from gapgraph.shacl.model import Shapes
from gapgraph.shacl.report import Report, Result
from gapgraph.shacl.terms import Terms

__all__ = [
    "Columns",
    "Evaluator",
    "Report",
    "Result",
    "Shapes",
    "ShapesError",
    "Terms",
    "UnfinishedError",
    "compile_shapes",
    "parsed_once",
    "validate",
]
