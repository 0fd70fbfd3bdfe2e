"""The colours of the explorer, light and dark: the one source of the theme, the charts and the diagrams.

Colour only ever repeats what a word or a sign says as well. `contrast` is the WCAG 2 ratio; a test holds
every pair that carries text to 4.5 and every mark to 3.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gapgraph.model import Outcome

__all__ = ["DARK", "LIGHT", "Palette", "Tone", "contrast", "palette", "theme_options"]


@dataclass(frozen=True, slots=True)
class Tone:
    """A badge or a box: `text` on `fill`, with a `line` around it that also serves as the full colour."""

    text: str
    fill: str
    line: str


@dataclass(frozen=True, slots=True)
class Palette:
    """Every colour of one mode. `tones` are red, orange, green, blue, violet, teal and gray."""

    name: str
    background: str
    surface: str
    raised: str
    sidebar: str
    text: str
    muted: str
    border: str
    track: str
    primary: str
    accent: str
    link: str
    outcomes: Mapping[Outcome, str]
    tones: Mapping[str, Tone]

    @property
    def on_primary(self) -> str:
        """The text of a primary button; Streamlit fixes it at white."""
        return "#FFFFFF"


LIGHT = Palette(
    name="light",
    background="#FFFFFF",
    surface="#F4F6F9",
    raised="#E6EBF2",
    sidebar="#F4F6F9",
    text="#0B1320",
    muted="#46556F",
    border="#D5DBE5",
    track="#E6EBF2",
    primary="#1D4F91",
    accent="#1D4F91",
    link="#1D4F91",
    outcomes=MappingProxyType(
        {
            Outcome.MET: "#0B7A53",
            Outcome.MET_WITH_EXCEPTIONS: "#C77700",
            Outcome.NOT_MET: "#B42318",
            Outcome.NO_CONCLUSION: "#5B6B84",
            Outcome.NOT_OCCURRING: "#8792A6",
            Outcome.NOT_APPLICABLE: "#D5DBE5",
        }
    ),
    tones=MappingProxyType(
        {
            "red": Tone("#B42318", "#FDECEA", "#B42318"),
            "orange": Tone("#A33F07", "#FEF3E6", "#B54708"),
            "green": Tone("#0B6B49", "#E7F6EF", "#0B7A53"),
            "blue": Tone("#1D4F91", "#E8EFF9", "#1D4F91"),
            "violet": Tone("#5F3F97", "#F3EFFA", "#6D4AA8"),
            "teal": Tone("#0B5C56", "#E4F4F2", "#0F766E"),
            "gray": Tone("#46556F", "#EEF1F5", "#5B6B84"),
        }
    ),
)

DARK = Palette(
    name="dark",
    background="#0F1620",
    surface="#182231",
    raised="#1E2A3B",
    sidebar="#131C29",
    text="#E9EEF5",
    muted="#A9B6C8",
    border="#2C3A4E",
    track="#243247",
    primary="#3B74C4",
    accent="#7FB0F5",
    link="#8FBBF7",
    outcomes=MappingProxyType(
        {
            Outcome.MET: "#43B98A",
            Outcome.MET_WITH_EXCEPTIONS: "#E9B04B",
            Outcome.NOT_MET: "#F0847A",
            Outcome.NO_CONCLUSION: "#8594AC",
            Outcome.NOT_OCCURRING: "#66748B",
            Outcome.NOT_APPLICABLE: "#3A4A61",
        }
    ),
    tones=MappingProxyType(
        {
            "red": Tone("#F79A90", "#3A1A18", "#F0847A"),
            "orange": Tone("#F5B26B", "#35230F", "#E79A4B"),
            "green": Tone("#6FD3A8", "#0E2F24", "#43B98A"),
            "blue": Tone("#8FBBF7", "#17283F", "#7FB0F5"),
            "violet": Tone("#C4AEF0", "#2A2140", "#B49AE8"),
            "teal": Tone("#7FD6CB", "#0F2D2B", "#4FC3B5"),
            "gray": Tone("#A9B6C8", "#1E2A3B", "#93A1B7"),
        }
    ),
)


def palette(mode: str | None) -> Palette:
    """Returns the palette of a mode; anything but `dark` is light."""
    return DARK if mode == "dark" else LIGHT


def contrast(one: str, other: str) -> float:
    """Returns the WCAG 2 contrast ratio of two `#RRGGBB` colours, from 1 to 21.

    >>> round(contrast("#FFFFFF", "#000000"))
    21
    """
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def theme_options(colours: Palette) -> dict[str, object]:
    """Returns Streamlit's theme options of one mode, keyed as in `theme.light.primaryColor`.

    All colours stand in the tables of a mode: one in the plain `theme` table would leak into the other mode.
    """
    section = f"theme.{colours.name}"
    options: dict[str, object] = {
        f"{section}.primaryColor": colours.primary,
        f"{section}.backgroundColor": colours.background,
        f"{section}.secondaryBackgroundColor": colours.surface,
        f"{section}.textColor": colours.text,
        f"{section}.borderColor": colours.border,
        f"{section}.linkColor": colours.link,
        f"{section}.codeTextColor": colours.text,
        f"{section}.codeBackgroundColor": colours.surface,
        f"{section}.dataframeHeaderBackgroundColor": colours.surface,
        f"{section}.dataframeHeaderTextColor": colours.muted,
        f"{section}.dataframeBorderColor": colours.border,
        f"{section}.chartCategoricalColors": [tone.line for tone in colours.tones.values()],
        f"{section}.sidebar.backgroundColor": colours.sidebar,
        f"{section}.sidebar.secondaryBackgroundColor": colours.raised,
        f"{section}.sidebar.textColor": colours.text,
        f"{section}.sidebar.borderColor": colours.border,
    }
    for name in ("red", "orange", "green", "blue", "violet", "gray"):
        tone = colours.tones[name]
        options[f"{section}.{name}Color"] = tone.line
        options[f"{section}.{name}TextColor"] = tone.text
        options[f"{section}.{name}BackgroundColor"] = tone.fill
    return options
