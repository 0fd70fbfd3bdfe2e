"""gapgraph finds SOC 2 gaps: criteria, controls and evidence as one RDF graph, judged by SHACL shapes.

Importing the package loads nothing heavy; the work is in its modules.
"""

from importlib.metadata import version

__all__ = ["__version__"]

__version__ = version("gapgraph")
