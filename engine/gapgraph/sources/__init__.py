"""From files to statements: one named graph per input, where each row was read, and every problem listed.

`read_workspace` is the door. A bad cell loses only itself, a bad row only itself, a file that cannot be read as a whole
only itself; each leaves a `Problem` with file and row. What a problem could touch is decided later, by the profile.
"""

from gapgraph.sources.loading import Loaded, Problem, read_workspace

__all__ = ["Loaded", "Problem", "read_workspace"]
