"""Shows an assessment: JSON for programs, CSV for spreadsheets, Markdown for pages, a table for people.

Every function reads the frozen `Assessment` and computes no verdict. The table is in `gapgraph.output.table`,
which alone needs rich.
"""

from gapgraph.output.csv_format import to_csv
from gapgraph.output.json_format import to_json
from gapgraph.output.markdown import to_markdown

__all__ = ["to_csv", "to_json", "to_markdown"]
