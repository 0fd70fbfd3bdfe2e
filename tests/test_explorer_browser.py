"""The explorer in a real Chromium: what only a browser shows.

One server on a free port for all tests, a fresh browser context for each. Every test ends by asserting that
no other host was asked for anything and that the console holds no error.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from gapgraph.explorer import state
from gapgraph.explorer.palette import DARK, LIGHT
from gapgraph.model import Gap
from gapgraph.output.summary import NEEDS_WORK
from tests.sample import SOC2, assessment

pytestmark = pytest.mark.browser

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SERVER = Path(__file__).with_name("explorer_server.py")
START, STEP = 60, 30_000


@dataclass
class Visit:
    """One page in one context, and what went wrong in it."""

    page: Page
    base: str
    problems: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Opens a path and waits until it is drawn."""
        self.page.goto(f"{self.base}{path}")
        self.settle()

    def settle(self) -> None:
        """Waits until the script has run and every lazily loaded part is there."""
        self.page.wait_for_selector(
            "[data-testid=stApp][data-test-script-state=notRunning]", timeout=STEP, state="attached"
        )
        self.page.wait_for_function("!document.querySelector('[data-testid=stSkeleton]')", timeout=STEP)

    def see(self, text: str) -> None:
        """Waits for a text to be visible."""
        self.page.get_by_text(text).filter(visible=True).first.wait_for(timeout=STEP)


@pytest.fixture(name="base", scope="module")
def base_(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over the sample, started in a workspace of its own."""
    workspace = tmp_path_factory.mktemp("workspace")
    (workspace / "gapgraph.toml").write_text("", encoding="utf-8")
    register = workspace / "registers" / "reviews.csv"
    register.parent.mkdir()
    register.write_text("system,quarter,completed\nCRM,2026-Q2,\nCRM,2026-Q3,\n", encoding="utf-8")
    port = free_port()
    log = workspace.with_suffix(".log")
    environment = {**os.environ, state.WORKSPACE: str(workspace)}
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, str(SERVER), str(port)],
            env=environment,
            cwd=workspace,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for_health(server, address, log)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=START)
    assert "Traceback" not in log.read_text(encoding="utf-8")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answer(base: str, path: str, headers: Mapping[str, str] | None = None) -> HTTPResponse:
    """The response to a GET; its body is read, so that the connection can be closed."""
    connection = HTTPConnection(urlsplit(base).netloc, timeout=10)
    try:
        connection.request("GET", path, headers=dict(headers or {}))
        response = connection.getresponse()
        response.read()
        return response
    finally:
        connection.close()


def wait_for_health(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    until = time.monotonic() + START
    while time.monotonic() < until and server.poll() is None:
        try:
            if answer(address, "/_stcore/health").status == 200:
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the server did not start: {log.read_text(encoding='utf-8')}")


@pytest.fixture(name="browser", scope="module")
def browser_() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.fail(f"{CHROMIUM} is not there; install the package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(name="visit", params=["light"])
def visit_(browser: Browser, base: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, color_scheme=request.param, reduced_motion="reduce"
    )
    yield from watched(context, base)


def watched(context: BrowserContext, base: str) -> Iterator[Visit]:
    visit = Visit(context.new_page(), base)
    host = urlsplit(base).netloc

    def console(message: ConsoleMessage) -> None:
        where = message.location["url"]
        missing = "404" in message.text and "/_stcore/" in where  # Streamlit looks below a page's path first
        if message.type == "error" and not missing:
            visit.problems.append(f"console: {message.text} at {where}")

    def requested(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.netloc != host:
            visit.problems.append(f"asked another host: {url}")

    context.on("request", lambda request: requested(request.url))
    visit.page.on("websocket", lambda web_socket: requested(web_socket.url))
    visit.page.on("console", console)
    visit.page.on("pageerror", lambda error: visit.problems.append(f"script: {error}"))
    yield visit
    context.close()
    assert not visit.problems


def gap_of(requirement: str, subject: str) -> Gap:
    found = (gap for gap in assessment().gaps if gap.engagement == SOC2)
    return next(gap for gap in found if (gap.requirement, gap.subject_label) == (requirement, subject))


def test_overview_shows_the_numbers_of_the_assessment(visit: Visit) -> None:
    visit.open("/")
    waiting = [gap for gap in assessment().gaps if gap.engagement == SOC2 and gap.status in NEEDS_WORK]
    card = visit.page.get_by_test_id("stMetric").filter(has_text="Open gaps")
    assert card.get_by_test_id("stMetricValue").inner_text() == str(len(waiting))
    visit.see("SOC 2 Type II · 2026-01-01 to 2026-12-31")
    criteria = [one for one in assessment().criteria if one.engagement == SOC2]
    marks = visit.page.locator("path[aria-label*='criteria:']")
    marks.first.wait_for(timeout=STEP)
    labels = [str(mark.get_attribute("aria-label")) for mark in marks.all()]
    parts = (dict(part.split(": ", 1) for part in label.split("; ")) for label in labels)
    assert sum(int(part["Criteria"]) for part in parts) == len(criteria)


def test_the_formula_of_the_score_is_one_click_away(visit: Visit) -> None:
    visit.open("/")
    visit.see("not an auditor's opinion")
    visit.page.get_by_role("button", name="How the score is made").click()
    visit.see("Score = 100 × Σ weight × credit ÷ Σ weight")


def test_a_gap_opens_by_its_link_and_why_names_requirement_control_and_row(visit: Visit) -> None:
    gap = gap_of("ACC-01", "CRM")
    visit.open(f"/gaps?gap={gap.id}")
    visit.see("Quarterly access review completed for each system · CRM")
    visit.see("Requirement · ACC-01")
    visit.see("Control · UAR-01")
    visit.see("registers/reviews.csv:2")
    visit.see("What would satisfy it: at least 1.")
    diagram = visit.page.get_by_test_id("stGraphVizChart")
    diagram.get_by_text("found nothing").wait_for(timeout=STEP)
    visit.page.get_by_role("tab", name="RDF").click()
    visit.see("ggs:ACC-01-done")


def test_a_link_opens_a_tab_of_a_gap_in_a_filtered_list(visit: Visit) -> None:
    gap = gap_of("POL-02", "Access control policy")
    visit.open(f"/gaps?gap={gap.id}&kind=Policy&tab=Fix")
    visit.see("1 gap of")
    visit.see(gap.closing_evidence)


def test_search_narrows_the_list_and_stands_in_the_link(visit: Visit) -> None:
    visit.open("/gaps")
    visit.see("14 gaps of 16")
    visit.page.get_by_placeholder("Search title").fill("inference-api")
    visit.see("2 gaps of 16")
    visit.page.wait_for_url("**q=inference-api**", timeout=STEP)
    visit.page.reload()
    visit.settle()
    visit.see("2 gaps of 16")


def test_next_moves_the_gap_the_link_and_the_table(visit: Visit) -> None:
    visit.open("/gaps")
    visit.see("1 of 14")
    visit.page.get_by_role("button", name="Next").click()
    visit.see("2 of 14")
    visit.page.wait_for_url("**gap=**", timeout=STEP)
    visit.page.go_back()
    visit.settle()


def test_a_click_on_a_row_opens_its_gap(visit: Visit) -> None:
    visit.open("/gaps")
    visit.see("1 of 14")
    table = visit.page.get_by_test_id("stDataFrame").first
    table.click(position={"x": 17, "y": 33 + 31 * 3 - 15 + 31})
    visit.see("4 of 14")


def test_a_click_in_fix_first_opens_the_gap(visit: Visit) -> None:
    visit.open("/")
    table = visit.page.get_by_test_id("stDataFrame").first
    table.scroll_into_view_if_needed()
    table.click(position={"x": 17, "y": 31 + 15})
    visit.page.wait_for_url("**/gaps?*gap=**", timeout=STEP)
    visit.see("Previous")


def test_csv_holds_the_rows_of_the_list(visit: Visit) -> None:
    visit.open("/gaps?severity=Critical")
    with visit.page.expect_download(timeout=STEP) as download:
        visit.page.get_by_role("button", name="CSV", exact=True).click()
    lines = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    critical = [gap for gap in assessment().gaps if gap.engagement == SOC2 and gap.severity == 5]
    assert len(lines) == 1 + len(critical)


def test_tables_offer_no_download_that_would_keep_formulas(visit: Visit) -> None:
    visit.open("/gaps")
    visit.page.get_by_test_id("stDataFrame").first.hover()
    visit.page.get_by_role("button", name="Search").first.wait_for(timeout=STEP)
    own = visit.page.locator("button[aria-label^='Download as CSV']")
    assert own.count() > 0, "Streamlit has renamed the button; the style sheet must follow"
    assert not any(button.is_visible() for button in own.all())


@pytest.mark.parametrize(
    ("visit", "background"), [("light", LIGHT.background), ("dark", DARK.background)], indirect=["visit"]
)
@pytest.mark.parametrize("path", ["/", "/gaps"])
def test_pages_follow_the_mode_of_the_system(visit: Visit, background: str, path: str) -> None:
    visit.open(path)
    red, green, blue = (int(background[at : at + 2], 16) for at in (1, 3, 5))
    app = "document.querySelector('[data-testid=stApp]')"
    shown = visit.page.evaluate(f"getComputedStyle({app}).backgroundColor")
    assert shown == f"rgb({red}, {green}, {blue})"


def test_every_response_carries_the_security_headers(base: str) -> None:
    for path in ("/", "/gaps", "/_stcore/health"):
        headers = answer(base, path).headers
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_foreign_host_name_is_refused(base: str) -> None:
    for name, expected in ((urlsplit(base).netloc, 200), ("rebound.example", 400)):
        assert answer(base, "/", {"Host": name}).status == expected


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_launch_stays_on_this_machine_whatever_is_configured_around_it(tmp_path: Path, ending: signal.Signals) -> None:
    """From an empty folder whose configuration would open the server to the network."""
    settings = tmp_path / ".streamlit" / "config.toml"
    settings.parent.mkdir()
    settings.write_text('[server]\naddress = "0.0.0.0"\nport = 1\n', encoding="utf-8")
    port = free_port()
    # A test run in the background has SIGINT ignored, which children inherit; a person at a terminal has not.
    program = f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler); \
from pathlib import Path; from gapgraph.explorer import launch; \
raise SystemExit(launch(Path('.'), port={port}, open_browser=False))"
    with (tmp_path / "log").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", program],
            cwd=tmp_path,
            env={**os.environ, "STREAMLIT_SERVER_ADDRESS": "0.0.0.0"},  # noqa: S104 - what must not happen
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for_health(process, f"http://127.0.0.1:{port}", tmp_path / "log")
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.2", port), timeout=5)
    finally:
        process.send_signal(ending)
        assert process.wait(timeout=START) == 0
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=5)
