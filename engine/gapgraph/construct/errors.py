"""What the package raises."""

__all__ = ["RuleError"]


class RuleError(ValueError):
    """A rule asks for something that rules cannot do here; it never derives less instead."""
