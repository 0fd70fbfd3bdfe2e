"""What this package raises."""

__all__ = ["ShapesError", "UnfinishedError"]


class ShapesError(Exception):
    """A shapes graph is ill-formed, or recursive; the message names the shape and what is wrong."""


class UnfinishedError(Exception):
    """Another validator stopped before its end, so there is no report."""
