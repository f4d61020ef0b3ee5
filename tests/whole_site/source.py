"""Guards over the source: each takes the folder of the package and returns a line per break."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

#: What another feature may import.
OPEN_TO_OTHERS = frozenset({"states", "models", "queries", "actions", "rules"})
#: Lists that wire features together may import one more kind of module each.
WIRING = {
    "site.py": frozenset(
        {"public_views", "candidate_views", "recruiter_views", "hook_views", "api_views", "dev_views"}
    ),
    "timetable.py": frozenset({"jobs"}),
    "privacy/registry.py": frozenset({"privacy"}),
    "doctor.py": frozenset({"adapters"}),
    "backup/actions/backing_up.py": frozenset({"adapters"}),
    "demo/actions/people.py": frozenset({"adapters"}),
    "openings/forms/draft.py": frozenset({"adapters"}),
    "openings/queries/ways.py": frozenset({"adapters"}),
    "segments/forms.py": frozenset({"adapters"}),
    "fitting/recruiter_views/finding.py": frozenset({"adapters"}),
    "demo/actions/story.py": frozenset({"jobs"}),
    "demo/actions/turns.py": frozenset({"jobs"}),
    "demo/actions/work.py": frozenset({"jobs"}),
}
NOT_FEATURES = frozenset({"core", "web"})
STARTS_PROCESSES = frozenset({"serving"})
#: Modules that may build SQL: reads, changes, and what privacy does to a feature's own tables.
BUILDS_SQL = frozenset({"queries", "actions", "models", "privacy"})
STATEMENTS = frozenset({"select", "insert", "update", "delete", "text", "func"})
CLOCK_CALLS = frozenset({"now", "utcnow", "today", "time", "fromtimestamp", "monotonic"})
CLOCK_OWNERS = frozenset({"datetime", "date", "time"})


#: Each guard asks every module: to read them once for all took five seconds less.
_parsed = cache(ast.parse)


def files(package: Path) -> Iterator[tuple[str, ast.Module]]:
    """Every module with its path below the package."""
    for path in sorted(package.rglob("*.py")):
        yield path.relative_to(package).as_posix(), _parsed(path.read_text())


def forget() -> None:
    """Let go of the modules that were read: a million nodes in which to look for garbage."""
    _parsed.cache_clear()


def _imports(tree: ast.Module) -> Iterator[tuple[int, str, list[str]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module, [alias.name for alias in node.names]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name, []


def _features(package: Path) -> set[str]:
    return {p.parent.name for p in package.glob("*/__init__.py")} - NOT_FEATURES - STARTS_PROCESSES


def reaches_into_features(package: Path) -> list[str]:
    """From another feature only states, models, queries, actions and rules are imported."""
    found = []
    features = _features(package)
    for name, tree in files(package):
        own = name.split("/")[0]
        allowed = OPEN_TO_OTHERS | WIRING.get(name, frozenset())
        for line, module, names in _imports(tree):
            parts = module.split(".")
            if parts[0] != package.name or len(parts) < 2 or parts[1] not in features or parts[1] == own:
                continue
            kinds = [parts[2]] if len(parts) > 2 else names
            found += [f"{name}:{line} imports {kind} of {parts[1]}" for kind in kinds if kind not in allowed]
    return found


def hidden_imports(package: Path) -> list[str]:
    """No import stands inside a function."""
    return [
        f"{name}:{inner.lineno} imports inside {node.name}"
        for name, tree in files(package)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]


def stray_commits(package: Path) -> list[str]:
    """Only core/db.py commits."""
    return [
        f"{name}:{node.lineno} commits"
        for name, tree in files(package)
        if name != "core/db.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]


def stray_clocks(package: Path) -> list[str]:
    """Only core/clock.py reads the time."""
    return [
        f"{name}:{node.lineno} reads the time"
        for name, tree in files(package)
        if name != "core/clock.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in CLOCK_CALLS - {"fromtimestamp"}
        and isinstance(node.value, ast.Name)
        and node.value.id in CLOCK_OWNERS
    ]


def stray_statements(package: Path) -> list[str]:
    """Only queries and actions build SQL (and what privacy does to a feature's own tables)."""
    found = []
    for name, tree in files(package):
        parts = name.removesuffix(".py").split("/")
        if parts[0] in NOT_FEATURES or len(parts) < 2 or parts[1] in BUILDS_SQL:
            continue
        for line, module, names in _imports(tree):
            if module.split(".")[0] == "sqlalchemy" and (module != "sqlalchemy.exc") and STATEMENTS & set(names):
                found.append(f"{name}:{line} builds SQL")
    return found


def late_errors(package: Path) -> list[str]:
    """Nobody catches everything, except at the one boundary that says why."""
    found = []
    for name, tree in files(package):
        for node in ast.walk(tree):
            if not isinstance(node, ast.ExceptHandler):
                continue
            is_all = node.type is None or (
                isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}
            )
            if is_all and name != "worker.py":
                found.append(f"{name}:{node.lineno} catches everything")
    return found


def long_ones(package: Path) -> list[str]:
    """Files stay under 400 lines, functions under 60."""
    found = []
    for path in sorted(package.rglob("*.py")):
        name, text = path.relative_to(package).as_posix(), path.read_text()
        if text.count("\n") > 400:
            found.append(f"{name} has {text.count(chr(10))} lines")
        for node in ast.walk(_parsed(text)):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 60:
                found.append(f"{name}:{node.name} is longer than 60 lines")
    return found


GUARDS = (
    reaches_into_features,
    hidden_imports,
    stray_commits,
    stray_clocks,
    stray_statements,
    late_errors,
    long_ones,
)
