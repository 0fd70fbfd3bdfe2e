"""Demo workspaces: fictional AI companies, clean but for the defects that are planted from a catalogue."""

from gapgraph.demo.catalogue import DEFECTS
from gapgraph.demo.defect import Defect, Expected
from gapgraph.demo.expectation import differences, expect
from gapgraph.demo.writing import DemoSummary, write_demo

__all__ = ["DEFECTS", "Defect", "DemoSummary", "Expected", "differences", "expect", "write_demo"]
