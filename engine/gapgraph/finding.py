"""What a check of the installation found."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much a finding matters."""

    OK = "ok"
    NOTE = "note"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found, as a sentence.

    `area` is `environment`, `ontology`, `profile`, `reasoner` or `shapes`; `where` a file, an IRI in short form or
    empty; `remedy` what to do, empty if nothing.
    """

    area: str
    level: Level
    message: str
    where: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        place = f" ({self.where})" if self.where else ""
        return f"{self.level.value:5} {self.area}: {self.message}{place}{' ' + self.remedy if self.remedy else ''}"
