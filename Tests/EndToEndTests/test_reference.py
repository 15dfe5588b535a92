"""README.md and the guides against the code: actions, views, options and variables are those that there are."""
import re
import subprocess

import pytest

from service import BRAID, ENVIRONMENT, ROOT

PAGES = sorted([ROOT / "README.md", *(ROOT / "ops").rglob("*.md")])
GUIDES = ROOT / "ops/guides"
SCRIPTS = [ROOT / "ops" / name for name in ("install", "start", "test", "bench/run")]


def text(path):
    return path.read_text(encoding="utf-8")


def braid(*words):
    return subprocess.run([BRAID, *words], capture_output=True, text=True, check=True, env=ENVIRONMENT, timeout=60).stdout


@pytest.fixture(scope="module")
def helps():
    """What each command says of itself."""
    commands = re.findall(r"^  (\w+)  +\S", braid("--help"), re.M)
    assert len(commands) > 15
    return {command: braid(command, "--help") for command in commands}


def options(help_text):
    return set(re.findall(r"^  (--[\w-]+)", help_text, re.M))


def test_the_actions_are_those_that_clients_know(service):
    named = set()
    for cell in re.findall(r"^\| [\w ]+ \| ([A-Z]\w+(?:, \w+)*) \|$", text(GUIDES / "api.md"), re.M):
        assert not named & set(cell.split(", "))
        named |= set(cell.split(", "))
    assert named == set(service.boto3().meta.service_model.operation_names)


def test_the_views_have_the_columns_that_the_guide_tells(service):
    """Every view and every column of it stands in the guide, with its type, and nothing else does."""
    sections = re.findall(r"^## `braid\.(\w+)`\n(.*?)(?=^## |\Z)", text(GUIDES / "sql.md"), re.M | re.S)
    told = [
        [view, *row] for view, section in sections for row in re.findall(r"^\| `(\w+)` \| `([\w ]+)` \| \S", section, re.M)
    ]
    there = service.sql(
        "SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns AS c JOIN information_schema.views AS v"
        " USING (table_schema, table_name) WHERE table_schema = 'braid' ORDER BY c.table_name, c.ordinal_position"
    )
    assert sorted(told) == sorted(there)
    for view, _ in sections:
        assert [row[1] for row in told if row[0] == view] == [row[1] for row in there if row[0] == view], "in another order"
    named = set(re.findall(r"^\| `braid\.(\w+)` \|", text(ROOT / "README.md"), re.M))
    assert named == {view for view, _ in sections}


def test_the_tables_have_the_columns_that_the_guide_tells(service):
    rows = re.findall(r"^\| `braid\.(\w+)` \| [^|]+ \| ([^|]+) \|$", text(GUIDES / "sql.md"), re.M)
    assert len(rows) >= 3
    for table, columns in rows:
        there = service.sql(f"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}'")
        assert set(re.findall(r"`(\w+)`", columns)) <= {row[0] for row in there}, table


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_says_of_the_command_is_so(page, helps):
    """Each `braid COMMAND --option` is one of that command's; an option or variable by itself, of some command or script."""
    found = text(page).replace("\\\n", " ")
    for command, rest in re.findall(r"\bbraid ([a-z]+)((?: [^`\n|;&]+)?)", found):
        if command not in helps:
            # A word in a sentence, or the name of a database's user.
            assert not re.search(rf"^(?:`|\s*)braid {command} --", found, re.M), f"there is no command '{command}'"
            continue
        for option in re.findall(r"(?<!\S)(--[a-z][\w-]*)", rest):
            assert option in options(helps[command]) | {"--help"}, f"braid {command} has no {option}"
    every = set().union(*map(options, helps.values()))
    every |= {option for script in SCRIPTS for option in re.findall(r"(?<![\w-])(--[a-z-]+)", text(script))}
    for option in set(re.findall(r"`(--[a-z][\w-]+)", found)):
        assert option in every, f"no command has {option}"
    variables = set(re.findall(r"\b(BRAID_[A-Z_]+)", "".join([*helps.values(), *map(text, SCRIPTS)])))
    for name in set(re.findall(r"\b(BRAID_[A-Z_]+)\b", found)):
        assert name in variables, f"no command takes {name}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_refers_to_is_there(page):
    """Relative links lead to files, and to headings that exist."""
    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"^```.*?^```$", "", text(page), flags=re.M | re.S)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, heading = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), target
        if heading:
            headings = {
                re.sub(r"[^\w -]", "", line.lower()).replace(" ", "-") for line in re.findall(r"^#+ (.+)$", text(file), re.M)
            }
            assert heading in headings, target
    for name in re.findall(r"`((?:ops|Sources|Tests|Migrations)/[\w./-]+)`", text(page)):
        assert (ROOT / name).exists(), name


def test_the_guide_shows_the_request_that_the_readme_runs():
    request = re.search(r"^curl .*?(?=^```)", text(GUIDES / "api.md"), re.M | re.S)[0]
    assert request in text(ROOT / "README.md")
