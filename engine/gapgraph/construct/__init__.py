"""CONSTRUCT rules run set at a time over columns: the algebra of SPARQL 1.1, as far as rules use it.

It knows nothing of SOC 2.

plan         what a rule is once it was read
reading      a rule becomes a plan, by rdflib's parser and algebra
keeping      plans as JSON and back
tables       solutions as columns, and their join
basic        statements extend a table
expressions  values of columns
functions    of single terms and of texts
solving      patterns of every kind
running      what a plan states
reaching     to which units of a plan a changed statement can lead
dependence   whether one plan can read what another states
errors       what is raised
"""

from gapgraph.construct.dependence import reads_of
from gapgraph.construct.errors import RuleError
from gapgraph.construct.plan import Plan
from gapgraph.construct.reaching import Reach, followed, reaches
from gapgraph.construct.reading import read
from gapgraph.construct.running import Runner
from gapgraph.construct.tables import Table

__all__ = ["Plan", "Reach", "RuleError", "Runner", "Table", "followed", "reaches", "read", "reads_of"]
