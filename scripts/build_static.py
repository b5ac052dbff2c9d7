"""Build static/build/ out of node_modules and static/css: one style sheet, the icons used, scripts, fonts of the PDFs.

Tabler is cut down to the rules whose classes stand somewhere in our templates, and put into a layer of its own, so that our
sheet wins without `!important`. Skips its work when nothing it reads has changed.
"""

import hashlib
import re
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

import tinycss2

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
BUILD = ROOT / "static" / "build"
STAMP = BUILD / "stamp"
# The order of the layers of our own sheet: tokens, base, frame, pieces, pages, print.
SHEETS = (
    *(
        "tokens",
        "base",
        "buttons-and-fields",
        "mast",
        "shell",
        "states",
        "dated",
        "yearbar",
        "ladder",
        "days",
        "matrix",
    ),
    *("filters", "facts", "tables", "banner", "steps", "proof", "paper", "tabs", "rows", "leader", "sign", "report"),
    *(
        "decision",
        "unit",
        "network",
        "cases",
        "case-search",
        "import",
        "versus",
        "systems",
        "systems-programme",
        "keys",
        "session",
        "factor",
        "public",
        "portal",
    ),
)
SCRIPTS = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "echarts/dist/echarts.common.min.js": "echarts.min.js",
}
FONTS = {
    "@expo-google-fonts/noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf": "NotoSerifSC-Regular.ttf",
    "@expo-google-fonts/noto-serif-sc/700Bold/NotoSerifSC_700Bold.ttf": "NotoSerifSC-Bold.ttf",
    "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf": "NotoSansSC-Regular.ttf",
}
# Classes that scripts or libraries put in, so that no template names them.
SAFELIST = frozenset(
    {"is-invalid", "invalid-feedback", "form-control", "form-select", "form-check", "form-check-input"}
)
CLASSES = re.compile(r"""class="((?:[^"{]|{%.*?%}|{{.*?}})*)\"""")
ICON = re.compile(r"""(?:icon\s+|icon=|icon:\s*)["']([a-z][a-z0-9-]*)["']""")
COMMENTS, FOLDS = re.compile(r"/\*.*?\*/", re.S), re.compile(r"\s*\n\s*")
AROUND = re.compile(r"\s*([{};,])\s*")
READ = re.compile(r"var\(\s*(--[\w-]+)")
# At-rules that hold rules.
NESTING = ("media", "supports", "layer")
# Attributes of a calendar that Tabler dresses and we do not have.
FOREIGN = "[data-vc"
QUOTED = re.compile(r"""["']([a-z]+(?:-[a-z0-9]+)+|[a-z]{3,12})["']""")


def main() -> int:
    """Build, or say that nothing has changed."""
    if not MODULES.is_dir():
        sys.stderr.write("node_modules/ is missing. Run: make setup\n")
        return 1
    stamp = _stamp()
    if STAMP.exists() and STAMP.read_text() == stamp:
        return 0
    shutil.rmtree(BUILD, ignore_errors=True)
    (BUILD / "fonts").mkdir(parents=True)
    words = _words()
    own = _own()
    (BUILD / "portal.css").write_text(_tabler(_classes(), own) + own, encoding="utf-8")
    (BUILD / "icons.svg").write_text(_icons(words), encoding="utf-8")
    for source, name in SCRIPTS.items():
        text = (MODULES / source).read_text(encoding="utf-8")
        (BUILD / name).write_text(re.sub(r"//# sourceMappingURL=.*", "", text), encoding="utf-8")
    for source, name in FONTS.items():
        shutil.copyfile(MODULES / source, BUILD / "fonts" / name)
    STAMP.write_text(stamp)
    return 0


def _sources() -> Iterable[Path]:
    """Everything the build reads: templates and code name classes and icons, sheets are put together."""
    for folder, pattern in (
        ("templates", "**/*.html"),
        ("portal", "**/*.py"),
        ("responsibility", "**/*.py"),
        ("education", "**/*.py"),
        ("systems", "**/*.py"),
        ("cases", "**/*.py"),
        ("static/js", "*.js"),
        ("static/css", "*.css"),
    ):
        yield from sorted((ROOT / folder).glob(pattern))
    yield Path(__file__)
    yield ROOT / "package-lock.json"


def _stamp() -> str:
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()


def _words() -> set[str]:
    """Every word in templates, code and crispy's own templates: candidates for classes and icons."""
    crispy = Path(__import__("crispy_bootstrap5").__file__).parent / "templates"
    text = "\n".join(p.read_text(encoding="utf-8") for p in [*_sources(), *crispy.glob("**/*.html")])
    return set(re.findall(r"[a-zA-Z][\w-]+", text)) | SAFELIST


def _classes() -> set[str]:
    """The classes that our templates name; a word of a sentence that Tabler has a class for is none."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "templates").glob("**/*.html"))
    plain = (re.sub(r"{[%{].*?[%}]}", " ", found) for found in CLASSES.findall(text))
    return {word for found in plain for word in found.split()} | SAFELIST


def _tabler(classes: set[str], own: str) -> str:
    """Tabler's rules whose classes are all in use, in a layer, with the variables that they or `own` read."""
    css = (MODULES / "@tabler/core/dist/css/tabler.min.css").read_text(encoding="utf-8")
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    kept = "".join(_kept(rules, classes))
    while True:
        fewer = "".join(_lighter(kept, set(READ.findall(kept + own))))
        if fewer == kept:
            return f"@layer tabler{{{kept}}}\n"
        kept = fewer


def _lighter(css: str, read: set[str]) -> Iterable[str]:
    """The rules without variables that nobody reads, and without rules that are then empty."""
    for rule in tinycss2.parse_rule_list(css, skip_comments=True, skip_whitespace=True):
        if isinstance(rule, tinycss2.ast.QualifiedRule):
            lines = tinycss2.parse_declaration_list(rule.content, skip_comments=True, skip_whitespace=True)
            left = [line for line in lines if not (_is_variable(line) and line.name not in read)]
            if left:
                yield f"{tinycss2.serialize(rule.prelude)}{{{''.join(line.serialize() + ';' for line in left)}}}"
        elif isinstance(rule, tinycss2.ast.AtRule) and rule.lower_at_keyword in NESTING and rule.content:
            inner = "".join(_lighter(tinycss2.serialize(rule.content), read))
            if inner:
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inner}}}"
        else:
            yield rule.serialize()


def _is_variable(line: object) -> bool:
    return isinstance(line, tinycss2.ast.Declaration) and line.name.startswith("--")


def _kept(rules: Iterable[object], words: set[str]) -> Iterable[str]:
    for rule in rules:
        if isinstance(rule, tinycss2.ast.QualifiedRule):
            selector = tinycss2.serialize(rule.prelude)
            used = [part for part in _selectors(selector) if _in_use(part, words)]
            if used:
                yield f"{','.join(used)}{{{tinycss2.serialize(rule.content)}}}"
        elif isinstance(rule, tinycss2.ast.AtRule) and rule.lower_at_keyword in NESTING and rule.content:
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            kept = "".join(_kept(inner, words))
            if kept:
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{kept}}}"
        elif isinstance(rule, tinycss2.ast.AtRule) and rule.lower_at_keyword == "keyframes":
            yield rule.serialize()


def _selectors(selector: str) -> list[str]:
    """The parts of a selector list; commas within parentheses do not part it."""
    parts, depth, start = [], 0, 0
    for place, sign in enumerate(selector):
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            parts.append(selector[start:place])
            start = place + 1
    return [*parts, selector[start:]]


def _in_use(selector: str, words: set[str]) -> bool:
    return FOREIGN not in selector and all(name in words for name in re.findall(r"\.([a-zA-Z][\w-]*)", selector))


def _own() -> str:
    """Our sheets as one, without what only people read."""
    css = "\n".join((ROOT / "static" / "css" / f"{name}.css").read_text(encoding="utf-8") for name in SHEETS)
    return AROUND.sub(r"\1", FOLDS.sub(" ", COMMENTS.sub("", css))).strip() + "\n"


def _icons(words: set[str]) -> str:
    """A sprite of the outline icons that are named somewhere."""
    folder = MODULES / "@tabler/icons/icons/outline"
    code = "\n".join(p.read_text(encoding="utf-8") for p in _sources() if p.suffix in (".html", ".py"))
    named = set(ICON.findall(code)) | {word for word in QUOTED.findall(code) if (folder / f"{word}.svg").exists()}
    symbols = []
    for name in sorted(named):
        file = folder / f"{name}.svg"
        if not file.exists():
            continue
        svg = file.read_text(encoding="utf-8")
        inner = re.sub(r"<!--.*?-->", "", svg[svg.index(">", svg.index("<svg")) + 1 : svg.rindex("</svg>")], flags=re.S)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{" ".join(inner.split())}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'


if __name__ == "__main__":
    raise SystemExit(main())
