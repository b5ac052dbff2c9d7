"""Files of more than 300 lines and functions of more than 40, except those with a reason."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("portal", "responsibility", "education", "systems", "cases", "scripts", "benchmarks")
FILE_LINES, FUNCTION_LINES = 300, 40
REASONS = {
    "portal/settings.py": "one module, read top to bottom",
    "portal/embedded.py": "one procedure; its steps are read in order",
    "portal/organisation/models.py": "the nouns of the tree refer to each other",
    "portal/organisation/importing/plan.py": "one reader of one sheet",
    "portal/obligations/models.py": "the engine's nouns refer to each other",
    "portal/obligations/clock.py": "the six steps of a run in one place",
}
LONG_FUNCTIONS = {
    "portal/dashboard/matrix.py:build": "the columns' closures share the page",
}


def main() -> int:
    """Print what is too long."""
    found = []
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).glob("**/*.py")):
            if "migrations" not in path.parts:
                found += too_long(path)
    print("\n".join(found))
    return 1 if found else 0


def too_long(path: Path) -> list[str]:
    """What is too long in a file and has no reason."""
    name, text = str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
    found = []
    lines = text.count("\n")
    if lines > FILE_LINES and name not in REASONS:
        found.append(f"{name}: {lines} lines")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and node.end_lineno is not None:
            length = node.end_lineno - node.lineno + 1
            if length > FUNCTION_LINES and f"{name}:{node.name}" not in LONG_FUNCTIONS:
                found.append(f"{name}:{node.lineno} {node.name}: {length} lines")
    return found


if __name__ == "__main__":
    raise SystemExit(main())
