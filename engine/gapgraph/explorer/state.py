"""What the pages share: which workspace, its assessment (made once for each content), the palette.

This is the only module beside the pages that knows Streamlit's session.
"""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from gapgraph.errors import GapgraphError, one_line
from gapgraph.explorer import views
from gapgraph.explorer.palette import Palette, palette
from gapgraph.explorer.text import markdown
from gapgraph.model import Assessment
from gapgraph.why import Explanation, explain

__all__ = [
    "WORKSPACE",
    "Problem",
    "assessed",
    "assessment",
    "colours",
    "content_hash",
    "current",
    "explained",
    "follow",
    "labels_by_id",
    "load_assessment",
    "open_gap",
    "open_row",
    "reload",
    "select_engagement",
    "selected_engagement",
    "table_key",
    "workspace",
]

WORKSPACE = "GAPGRAPH_WORKSPACE"
"""The environment variable that names the workspace to the server; the current folder without it."""

_HASH = "content_hash"
_ENGAGEMENT = "engagement_id"
_FOLLOWED = "table_followed"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a workspace cannot be shown: one line that says what, where and what to do."""

    line: str


def workspace() -> Path:
    """Returns the folder that the explorer shows."""
    return Path(os.environ.get(WORKSPACE) or ".").resolve()


def content_hash(folder: Path) -> str:
    """Returns the SHA-256 over names and bytes of the workspace's files, without version control and caches.

    Raises
    ------
    OSError
        If a file cannot be read.
    """
    total = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder)
        if ".git" in name.parts or name.parts[0] == ".gapgraph" or not file.is_file():
            continue
        total.update(f"{name.as_posix()}\0".encode(errors="surrogateescape"))
        with file.open("rb") as content:
            total.update(hashlib.file_digest(content, "sha256").digest())
    return total.hexdigest()


def load_assessment(folder: Path) -> Assessment:
    """Assesses the workspace.

    Raises
    ------
    GapgraphError
        If it cannot be assessed.
    """
    from gapgraph.run import assess  # the engine takes a second to import; the first page does not wait for it

    return assess(folder)


@st.cache_resource(max_entries=4, show_spinner="Assessing the workspace …")
def assessed(folder: str, content: str) -> Assessment:
    """Returns the assessment of a folder with this content; the content only serves as the cache's key."""
    return load_assessment(Path(folder))


def current() -> Assessment | Problem:
    """Returns the assessment of the workspace as it was when the session began or was reloaded."""
    folder = workspace()
    if not folder.is_dir():
        return Problem(f"{folder}: there is no such folder. Start the explorer with the folder of a workspace.")
    try:
        if _HASH not in st.session_state:
            st.session_state[_HASH] = content_hash(folder)
        return assessed(str(folder), st.session_state[_HASH])
    except GapgraphError as error:
        return Problem(str(error))
    except OSError as error:
        place = error.filename or folder
        return Problem(one_line(f"{place}: cannot be read: {error.strerror or error}. Check its permissions."))


def assessment() -> Assessment:
    """Returns the assessment on a page; the entry script has stopped already where there is none."""
    found = current()
    if isinstance(found, Problem):
        st.stop()
    return found


def explained(found: Assessment, gap_id: str) -> Explanation:
    """Returns the explanation of a gap; where it cannot be explained, the page says why and stops."""
    try:
        return explain(workspace(), found, gap_id)
    except GapgraphError as error:
        st.error(markdown(str(error)), icon=":material/error:")
        st.stop()


def reload() -> None:
    """Reads the workspace again at the next run; where nothing changed, the assessment at hand stays."""
    st.session_state.pop(_HASH, None)


def select_engagement(id: str) -> None:
    """Remembers which engagement the pages show."""
    st.session_state[_ENGAGEMENT] = id


def selected_engagement() -> str:
    """Returns the id of the engagement that the pages show."""
    return str(st.session_state[_ENGAGEMENT])


def colours() -> Palette:
    """Returns the palette of the mode that the browser shows."""
    return palette(st.context.theme.type)


def labels_by_id(found: Assessment) -> dict[str, str]:
    """Returns engagement id to label."""
    return {id: label for label, id in views.engagement_labels(found).items()}


def table_key(ids: Sequence[str]) -> str:
    """Returns the key of a table of gaps: a new one for a new list, or when it must take a selection."""
    content = hashlib.sha256("\n".join(ids).encode()).hexdigest()[:12]
    return f"gaps-{content}-{st.session_state.get(_FOLLOWED, 0)}"


def open_row(key: str, ids: Sequence[str]) -> None:
    """Puts the gap of the chosen row into the link."""
    rows = st.session_state[key]["selection"]["rows"]
    if rows:
        open_gap(ids[rows[0]])


def open_gap(id: str) -> None:
    """Puts a gap into the link."""
    st.query_params["gap"] = id


def follow(rows: Sequence[int], index: int) -> None:
    """Makes the table choose the gap of the link where something else than the table has opened it."""
    if rows and rows[0] != index:
        st.session_state[_FOLLOWED] = st.session_state.get(_FOLLOWED, 0) + 1
        st.rerun()
