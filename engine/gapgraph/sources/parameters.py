"""Limits that a control states for itself: NAME=VALUE, where the profile's default shows what the value is.

A default such as `7d` makes the parameter a length of time, one such as `12` or `1.5` a plain number. A length of
time needs its unit, unless the name says it: `revoke_days=7` means seven days.
"""

import re
from collections.abc import Mapping

_LENGTH = re.compile(r"(\d{1,9})\s*(bd|d|h|m|y)?")
_NUMBER = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s*([%a-z]*)")
_DEFAULT_LENGTH = re.compile(r"\d+(bd|d|h|m|y)")
_LONGEST = {"d": 36_500, "bd": 36_500, "h": 876_000, "m": 1_200, "y": 100}
"""A hundred years, by unit."""

_UNITS = {"_days": "d", "_hours": "h", "_rate": "%"}
"""Endings of names and the unit that they say."""


class ParameterError(ValueError):
    """What is wrong with a parameter and what would be right."""


def read_parameter(text: str, defaults: Mapping[str, str]) -> tuple[str, str]:
    """Name and value of NAME=VALUE, the value as the derivation reads it. Raises ParameterError.

    `defaults` holds the default of each parameter that some requirement reads; with none given neither the name
    nor what it measures is checked.
    """
    name, sign, value = (part.strip() for part in text.partition("="))
    if not sign or not (_LENGTH.fullmatch(value) or _NUMBER.fullmatch(value)):
        raise ParameterError(f"'{text}' is no parameter; write it as NAME=7d, NAME=1bd or NAME=12")
    if defaults and name not in defaults:
        known = ", ".join(sorted(name for name, default in defaults.items() if _measured(default)))
        raise ParameterError(f"no requirement reads the parameter '{name}'; known are {known}")
    return name, value_of(name, value, defaults[name]) if defaults else value


def value_of(name: str, value: str, default: str) -> str:
    """The value of a parameter as the derivation reads it: `7d`, `1bd`, `12`. Raises ParameterError."""
    if _DEFAULT_LENGTH.fullmatch(default):
        return _length(name, value)
    if _measured(default):
        return _number(name, value)
    raise ParameterError(f"'{name}' is no parameter of a control; the column {name} holds it")


def _measured(default: str) -> bool:
    return _NUMBER.fullmatch(default) is not None


def _length(name: str, value: str) -> str:
    match = _LENGTH.fullmatch(value)
    if not match:
        raise ParameterError(f"'{name}={value}' is no length of time; write {name}=7d, 1bd, 24h, 3m or 1y")
    unit = match[2] or _said(name)
    if unit not in _LONGEST:
        raise ParameterError(f"'{name}={value}' has no unit; write {name}={value}d for days, bd, h, m or y")
    if int(match[1]) > _LONGEST[unit]:
        raise ParameterError(f"'{name}={value}' is longer than a hundred years; correct it")
    return f"{int(match[1])}{unit}"


def _number(name: str, value: str) -> str:
    match = _NUMBER.fullmatch(value)
    unit = _said(name)
    if not match or match[2] not in {"", unit}:
        also = f" or {name}=12{unit}" if unit else ""
        raise ParameterError(f"'{name}={value}' is no plain number; write {name}=12{also}")
    return match[1]


def _said(name: str) -> str:
    """The unit that the ending of a name says, or ''."""
    return next((unit for ending, unit in _UNITS.items() if name.endswith(ending)), "")
