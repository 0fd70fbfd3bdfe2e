"""What this package raises."""

__all__ = ["ShapesError"]


class ShapesError(Exception):
    """A shapes graph is ill-formed, or recursive; the message names the shape and what is wrong."""
