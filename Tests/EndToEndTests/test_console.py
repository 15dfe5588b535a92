"""The console, in a browser: a workflow is run and its graph followed, a failed one redriven, a definition edited wrongly."""
import json
import pathlib
import shutil

import pytest

from service import ROLE, wait_until

webdriver = pytest.importorskip("selenium.webdriver")
from selenium.common.exceptions import StaleElementReferenceException, WebDriverException  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CHROMEDRIVER = shutil.which("chromedriver")
if not CHROMIUM or not CHROMEDRIVER:
    pytest.skip("there is no chromium with its driver", allow_module_level=True)

TASK = "arn:aws:lambda:us-east-1:123456789012:function:"
FUNCTIONS = {
    "functions": {
        "gate": {"runtime": "python", "handler": "gates.gate"},
        "number": {"runtime": "python", "handler": "gates.number", "concurrency": 2},
    }
}
HANDLERS = """import pathlib, time
FOLDER = pathlib.Path(__file__).parent

class GateIsShut(Exception):
    pass

def gate(event, context):
    if not (FOLDER / "open").exists():
        raise GateIsShut("the gate is shut")
    return "through"

def number(event, context):
    while not (FOLDER / "go").exists():
        time.sleep(0.02)
    return event
"""


class Browser:
    """Chromium without a window; what it waits for it waits for long."""

    def __init__(self, service):
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1400,1000"):
            options.add_argument(word)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(CHROMEDRIVER))
        self.endpoint = service.endpoint
        self.go("/")

    def go(self, path):
        self.driver.get(self.endpoint + path)

    def script(self, text, *words):
        return self.driver.execute_script(text, *words)

    def until(self, condition, what, seconds=60):
        def holds():
            try:
                return condition()
            except (StaleElementReferenceException, WebDriverException):
                return None  # the page is being drawn anew

        try:
            return wait_until(holds, seconds, what)
        except AssertionError as error:
            raise AssertionError(f"{error}; the page:\n{self.text()[:3000]}\nconsole: {self.complaints()}") from None

    def find(self, selector, text=None):
        """The first element of that kind that is shown, with that in its text."""
        def found():
            for element in self.driver.find_elements(By.CSS_SELECTOR, selector):
                if element.is_displayed() and (text is None or text in element.text):
                    return element
            return None

        return self.until(found, f"{selector} with {text!r}")

    def click(self, selector, text=None):
        def clicked():
            for element in self.driver.find_elements(By.CSS_SELECTOR, selector):
                if element.is_displayed() and (text is None or text in element.text):
                    element.click()
                    return True
            return False

        self.until(clicked, f"{selector} with {text!r}, to be clicked")

    def text(self):
        return self.driver.find_element(By.TAG_NAME, "body").text

    def statuses(self):
        """How the states of the graph stand, by name."""
        return self.script(
            "return Object.fromEntries([...document.querySelectorAll('.graph .state')].map((node) =>"
            " [node.querySelector('text').textContent, node.dataset.status ?? null]))"
        )

    def complaints(self):
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]


@pytest.fixture
def console(new_service, folder):
    (folder / "functions.json").write_text(json.dumps(FUNCTIONS))
    (folder / "gates.py").write_text(HANDLERS)
    service = new_service(functions=folder / "functions.json").start()
    browser = Browser(service)
    yield service, browser
    browser.driver.quit()


def make(service, name, definition):
    return service.boto3().create_state_machine(name=name, definition=json.dumps(definition), roleArn=ROLE)["stateMachineArn"]


def test_a_workflow_is_run_and_its_graph_followed(console, folder):
    service, browser = console
    make(service, "counting", {
        "StartAt": "Numbers",
        "States": {
            "Numbers": {
                "Type": "Map", "ItemsPath": "$.numbers", "Next": "Done",
                "ItemProcessor": {"StartAt": "Number", "States": {"Number": {"Type": "Task", "Resource": TASK + "number", "End": True}}},
            },
            "Done": {"Type": "Succeed"},
        },
    })
    browser.go("/")
    browser.click("a", "counting")
    browser.click("a.button", "Start")
    field = browser.find("textarea")
    field.clear()
    field.send_keys('{"numbers": [1, 2')
    browser.find(".problem", "not JSON")
    assert not browser.find("button.primary", "Start").is_enabled()
    field.send_keys(", 3]}")
    browser.click("button.primary", "Start")

    running = {"Numbers": "running", "Number": "running", "Done": None}
    browser.until(lambda: browser.statuses() == running, "the running graph")
    (folder / "go").touch()
    succeeded = {"Numbers": "succeeded", "Number": "succeeded", "Done": "succeeded"}
    browser.until(lambda: browser.statuses() == succeeded, "the graph of what succeeded, without loading anew")
    browser.find(".summary .status", "Succeeded")

    # By the keyboard: a state of the graph, and its second visit.
    browser.script("document.querySelectorAll('.graph .state')[1].focus()")
    browser.driver.switch_to.active_element.send_keys(Keys.ENTER)
    browser.find("h2", "Number")
    browser.find(".bar", "of 3")
    browser.click("button[aria-label='The visit before']")
    browser.find("pre", "2")
    browser.click("[role=tab]", "Timeline")
    browser.find(".gantt", "Iteration 2")
    browser.click("[role=tab]", "Events")
    browser.click("button.text", "ExecutionSucceeded")
    browser.find("tr td pre", "3")
    # A link leads to the same place.
    assert "tab=events" in browser.driver.current_url
    assert browser.complaints() == []


def test_a_failed_execution_is_redriven(console, folder):
    service, browser = console
    arn = make(service, "gated", {"StartAt": "Gate", "States": {"Gate": {"Type": "Task", "Resource": TASK + "gate", "End": True}}})
    execution = service.boto3().start_execution(stateMachineArn=arn, name="first", input="{}")["executionArn"]
    service.wait(execution)
    browser.go("/executions?status=FAILED")
    browser.click("td a", "first")
    browser.find(".failed", "GateIsShut")
    browser.until(lambda: browser.statuses() == {"Gate": "failed"}, "the failed state")
    (folder / "open").touch()
    browser.click("button", "Redrive")
    browser.until(lambda: browser.statuses() == {"Gate": "succeeded"}, "the state that succeeded after all")
    browser.find(".summary .status", "Succeeded")
    assert service.wait(execution)["output"] == '"through"'
    assert browser.complaints() == []


def test_a_definition_is_edited_with_an_error_in_it(console):
    service, browser = console
    arn = make(service, "edited", {"StartAt": "First", "States": {"First": {"Type": "Pass", "End": True}}})
    browser.go("/machines/edited?edit")
    field = browser.find("textarea")
    browser.find(".good", "valid")
    field.clear()
    field.send_keys('{"StartAt": "First", "States": {"First": {"Type": "Pass", "Next": "Second"}}}')
    browser.find(".diagnostics", "MISSING_TRANSITION_TARGET")
    browser.find(".graph .missing text", "Second?")
    assert not browser.find("button.primary", "Save").is_enabled()
    browser.click(".diagnostics button", "MISSING_TRANSITION_TARGET")
    field.clear()
    field.send_keys('{"StartAt": "First", "States": {"First": {"Type": "Pass", "Next": "Second"}, "Second": {"Type": "Succeed"}}}')
    browser.until(lambda: set(browser.statuses()) == {"First", "Second"}, "the graph of both states")
    browser.click("button.primary", "Save")
    browser.find("h1", "edited")
    browser.until(lambda: "Second" in service.boto3().describe_state_machine(stateMachineArn=arn)["definition"], "what was saved")
    assert browser.complaints() == []


def test_a_map_run_is_watched_and_changed(console, folder):
    service, browser = console
    arn = make(service, "lines", {"StartAt": "Lines", "States": {"Lines": {
        "Type": "Map", "MaxConcurrency": 1, "ToleratedFailureCount": 5, "End": True,
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "IsBad", "States": {
                "IsBad": {"Type": "Choice", "Default": "Line", "Choices": [{"Variable": "$", "NumericEquals": 13, "Next": "Bad"}]},
                "Bad": {"Type": "Fail", "Error": "Unlucky"},
                "Line": {"Type": "Task", "Resource": TASK + "number", "End": True},
            },
        },
    }}})
    execution = service.boto3().start_execution(stateMachineArn=arn, name="one", input="[13, 1, 2, 3]")["executionArn"]
    browser.go("/executions/lines/one")
    browser.click("section[aria-label='Map runs'] a", "Lines")
    browser.find("h1", "Lines")

    def bar():
        return browser.find("[role=progressbar]").get_attribute("aria-valuetext")

    browser.until(lambda: bar() == "1 of 4 items, 25 %", "the failed item in the bar")
    # One more at once, which the run takes up while it goes on.
    field = browser.find("input[name=maxConcurrency]")
    assert field.get_attribute("value") == "1"
    field.clear()
    field.send_keys("2")
    browser.click("button", "Change")
    run = browser.driver.current_url.split("/")[-1]
    browser.until(lambda: browser.script("return fetch('/console/map-runs/' + arguments[0]).then((answer) => answer.json())", run)["open"] == 2,
                  "two children at once")
    (folder / "go").touch()
    browser.until(lambda: bar() == "4 of 4 items, 100 %", "the whole bar")
    browser.find(".summary .status", "Succeeded")
    assert not browser.driver.find_element(By.CSS_SELECTOR, "input[name=maxConcurrency]").is_displayed()
    assert service.wait(execution)["status"] == "SUCCEEDED"
    for width in (1400, 390):
        browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False})
        browser.go(f"/map-runs/{run}?status=FAILED")
        browser.find("td .status", "Failed")
        assert browser.script(RULES) == [], f"at {width}"
    browser.click("td.name a")
    browser.until(lambda: browser.statuses().get("Bad") == "failed", "the child's own graph")
    assert browser.complaints() == []


def test_children_that_ran_in_memory_are_listed_and_shown(console):
    service, browser = console
    arn = make(service, "swift", {"StartAt": "Rows", "States": {"Rows": {
        "Type": "Map", "ToleratedFailureCount": 5, "End": True,
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "IsBad", "States": {
                "IsBad": {"Type": "Choice", "Default": "Good", "Choices": [{"Variable": "$.n", "NumericEquals": 13, "Next": "Bad"}]},
                "Bad": {"Type": "Fail", "Error": "Unlucky", "Cause": "thirteen"},
                "Good": {"Type": "Pass", "Result": {"was": "good"}, "End": True},
            },
        },
    }}})
    items = [{"n": 13}, *({"n": n} for n in range(100, 160))]
    service.wait(service.boto3().start_execution(stateMachineArn=arn, name="one", input=json.dumps(items))["executionArn"])
    browser.go("/executions/swift/one")
    browser.click("section[aria-label='Map runs'] a", "Rows")

    def listed():
        return len(browser.driver.find_elements(By.CSS_SELECTOR, "section[aria-label=Children] td.name a"))

    browser.until(lambda: listed() == 50, "the first page")
    browser.click("button", "More")
    browser.until(lambda: listed() == 61, "the rest")
    run = browser.driver.current_url
    browser.driver.get(f"{run}?status=SUCCEEDED")
    browser.until(lambda: listed() == 50, "those that succeeded")
    browser.click("td.name a")
    browser.find("section[aria-label=Output] pre", '"was": "good"')
    browser.find("section[aria-label=Input]", "Not kept")
    for width in (1400, 390):
        browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False})
        browser.driver.get(f"{run}?status=FAILED")
        browser.until(lambda: listed() == 1, "the one that failed")
        assert browser.script(RULES) == [], f"at {width}"
        browser.click("td.name a")
        browser.find(".summary .status", "Failed")
        browser.find("section[aria-label=Input] pre", '"n": 13')
        browser.find("section[aria-label=Output]", "thirteen")
        assert browser.script(RULES) == [], f"at {width}"
    browser.click(".crumbs a", "Rows")
    browser.find("h1", "Rows")
    assert browser.complaints() == []


PAGES = ["/", "/executions", "/machines/plain", "/machines/plain?edit", "/machines?create", "/start/plain", "/executions/plain/one",
         "/executions/plain/one?tab=timeline", "/executions/plain/one?tab=events", "/executions/plain/one?tab=data", "/workers",
         "/sql?q=SELECT+type%2C+state+FROM+execution_history+ORDER+BY+event_id"]

# Of axe's rules those that a script can tell: names of controls and images, labels, unique ids, one h1, no skipped level.
RULES = """
const named = (element) => (element.getAttribute('aria-label') || element.textContent || element.title || element.value || '').trim()
  || (element.labels && element.labels.length) || element.getAttribute('placeholder');
const wrong = [];
for (const element of document.querySelectorAll('button, a[href], input, select, textarea, [role=button], [role=img], img')) {
  if (element.tagName === 'IMG' ? element.getAttribute('alt') === null : !named(element)) wrong.push('no name: ' + element.outerHTML.slice(0, 200));
}
const ids = [...document.querySelectorAll('main [id]')].map((element) => element.id).filter((id) => !/^(graph|node|edge|clust|a_)/.test(id));
if (new Set(ids).size !== ids.length) wrong.push('an id stands twice: ' + ids);
if (document.querySelectorAll('h1').length !== 1) wrong.push('not one h1');
if (!document.documentElement.lang || !document.title || !document.querySelector('main')) wrong.push('no language, title or main');
if (document.documentElement.scrollWidth > window.innerWidth + 1) wrong.push('wider than the window: ' + document.documentElement.scrollWidth);
return wrong;
"""


def test_every_page_is_shown_at_every_width_and_keeps_the_rules_of_accessibility(console):
    service, browser = console
    arn = make(service, "plain", {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}})
    service.wait(service.boto3().start_execution(stateMachineArn=arn, name="one", input='{"n": 12345678901234567890}')["executionArn"])
    for width in (1400, 390):
        browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False})
        for path in PAGES:
            browser.go(path)
            browser.find("h1")
            assert "cannot be shown" not in browser.text(), path
            assert browser.script(RULES) == [], f"{path} at {width}"
    browser.go("/executions/plain/one?tab=data")
    browser.find("pre", "12345678901234567890")
    browser.go(PAGES[-1])
    browser.find("td", "PassStateExited")
    assert browser.complaints() == []
