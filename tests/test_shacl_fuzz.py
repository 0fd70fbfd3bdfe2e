"""Random shapes on random graphs: our report is pySHACL's, result by result, messages included."""

import warnings

import pyoxigraph as ox
import pyshacl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Graph

from gapgraph.shacl import Columns, compile_shapes, validate
from gapgraph.shacl.rdf import rdf_graph
from gapgraph.shacl.reference import results_of
from tests.shacl_random import Case
from tests.shacl_suite import canonical

SHARDS = 5
CASES = 1_000


def _graph(triples: list[ox.Triple]) -> Graph:
    return rdf_graph((t.subject, t.predicate, t.object) for t in triples)  # type: ignore[misc] # no quoted triples


@pytest.mark.parametrize("shard", range(SHARDS))
@settings(max_examples=CASES, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
@given(seed=st.integers(0, 2**48))
def test_random_shapes_on_random_graphs(shard: int, seed: int) -> None:
    case = Case.of(seed * SHARDS + shard)
    report = validate(Columns.of(case.data), compile_shapes(case.shapes))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _, judge, text = pyshacl.validate(_graph(case.data), shacl_graph=_graph(case.shapes), inplace=True)
    assert isinstance(judge, Graph), text
    assert canonical(list(report.results()), messages=True) == canonical(results_of(judge), messages=True)
