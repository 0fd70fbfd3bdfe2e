"""Settings of all tests."""

from hypothesis import settings

settings.register_profile("gapgraph", deadline=None)  # how long a machine takes is measured in benchmarks, never here
settings.load_profile("gapgraph")
