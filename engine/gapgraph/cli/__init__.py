"""The command line. `gapgraph --help` needs click alone; a command imports what it uses when it runs."""

from gapgraph.cli.main import cli, main

__all__ = ["cli", "main"]
