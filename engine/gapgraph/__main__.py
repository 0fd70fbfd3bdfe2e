"""`python -m gapgraph` is the command line."""

import sys

from gapgraph.cli import main

if __name__ == "__main__":
    sys.exit(main())
