"""The one way in which data may enter Markdown; the words themselves are those of `gapgraph.output.wording`.

What stands in a workspace is never trusted: shown as it is it could draw an image from another host, or
format the page.
"""

import re

from gapgraph.output.wording import plain

__all__ = ["capital", "few", "markdown", "plain"]

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_REPLACED = re.compile(r"(?<=:)(?=(?:material/)?[a-z_+-][\w+-]*:|100:|1234:)|(?<=[-<>~])(?=[->=])")
_JOINER = "\N{WORD JOINER}"


def markdown(text: object) -> str:
    """Returns the text as one line of Markdown that shows exactly its characters.

    Every punctuation sign is escaped. A word joiner breaks what Streamlit would replace even where its signs
    are escaped: `:name:` by an icon, `->` by an arrow.

    >>> print(markdown("![x](//h/i.png) :red[y]"))
    \\!\\[x\\]\\(\\/\\/h\\/i\\.png\\) \\:red\\[y\\]
    """
    return _PUNCTUATION.sub(r"\\\1", _REPLACED.sub(_JOINER, plain(text)))


def capital(words: str) -> str:
    """Returns the words with their first letter as a capital: `Met with exceptions`."""
    return words[:1].upper() + words[1:]


def few(ids: tuple[str, ...], limit: int = 2) -> str:
    """Returns the first ids and how many more there are: `CC6.1, CC6.2 +3`."""
    shown = ", ".join(ids[:limit])
    return f"{shown} +{len(ids) - limit}" if len(ids) > limit else shown
