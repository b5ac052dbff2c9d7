"""Every page of the demo, in both languages, at 390 and 1440 px, into .portal/screenshots/.

python scripts/screenshots.py [WORD]      only pages whose name holds WORD
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
OUT = ROOT / ".portal" / "screenshots"
SIZES = {"1440": {"width": 1440, "height": 900}, "390": {"width": 390, "height": 844}}
LANGUAGES = {"en": "en", "zh": "zh-hans"}
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
# Who looks at which pages.
PAGES: dict[str, dict[str, str]] = {
    "": {"sign-in": "/sign-in/", "verify": "/verify/", "patterns": "/patterns/", "reset": "/password/reset/"}
    | {"public-report": "/report/", "public-follow": "/report/follow/", "public-warnings": "/warnings/"}
    | {"public-warning": "/warnings/1/"},
    "coordinator": {
        "today": "/today/",
        "compliance": "/compliance/?show=all",
        "systems-coverage": "/systems/",
        "systems-by-unit": "/systems/?view=units",
        "systems-blank": "/systems/blank/",
        "systems-register": "/systems/register/",
        "systems-search": "/systems/search/?q=验收",
        "systems-catalogue": "/systems/catalogue/",
        "systems-category": "/systems/catalogue/gov_procurement/",
        "systems-powers": "/systems/units/QS-CZ/powers/",
        "systems-findings": "/systems/findings/",
        "systems-finding": "/systems/findings/2026/2/",
        "systems-inspection": "/systems/inspections/2026/7/",
        "systems-unit": "/systems/units/QS-MK/",
        "duties": "/duties/",
        "clock": "/clock/",
        "calendar": "/calendar/",
        "ladders": "/ladders/",
        "letters": "/letters/2026/",
        "issue": "/letters/2026/issue/",
        "letter": "/letters/2026/QS-CZ/",
        "reports": "/reports/",
        "report-review": "/reports/2026/quarter-3/QS-HB/",
        "report-return": "/reports/2026/quarter-3/QS-HB/return/",
        "cases": "/accountability/",
        "case": "/accountability/2026/2/",
        "units": "/units/",
        "unit-vacant": "/units/QS-GS/",
        "groups": "/groups/",
        "change": "/units/QS-JT/change/",
        "change-merge": "/units/QS-JT/change/merge/",
        "change-handover": "/units/QS-JT/handover/",
        "network": "/network/",
        "network-part": "/network/?part=QS-T1",
        "network-found": "/network/?q=zhixin",
        "network-none": "/network/?q=zzzz",
        "network-unit": "/network/QS-JT/",
        "network-person": "/network/persons/E00201/",
        "network-chart": "/network/QS/chart/",
        "network-corrections": "/network/corrections/",
        "network-order": "/network/directories/order/?part=QS-T1",
        "import": "/imports/units/",
        "people": "/people/",
        "people-accounts": "/accounts/",
        "people-close": "/accounts/liaison/close/",
        "people-import": "/imports/persons/",
        "people-imported": "/imports/persons/1/",
        "people-invite": "/people/invite/?path=1&who=staff",
        "outbox": "/outbox/",
        "log": "/log/",
        "programme": "/programme/",
        "template": "/programme/letter/1/",
        "assessment": "/assessment/",
        "assessment-preview": "/assessment/2026/preview/",
        "assessment-standard": "/assessment/standard/1/",
        "demo-clock": "/demo/clock/",
        "inbox": "/inbox/",
    },
    "officer": {
        "crimes": "/cases/crimes/",
        "crimes-one": "/cases/crimes/27/",
        "crimes-running": "/cases/crimes/28/",
        "crimes-file": "/cases/crimes/file/",
        "crimes-law": "/cases/law/",
        "crimes-stage": "/cases/crimes/28/milestone/",
        "crimes-punishments": "/cases/search/?record=penalty",
        "crimes-search": "/cases/search/?q=维修",
        "crimes-punishment": "/cases/punishments/1/",
        "crimes-import": "/cases/punishments/import/",
        "crimes-clue": "/cases/clues/?state=verifying",
        "crimes-screening": "/cases/screening/",
        "crimes-hit": "/cases/screening/1/",
        "crimes-rules": "/cases/screening/rules/",
        "crimes-clues": "/cases/clues/",
        "crimes-clue-enter": "/cases/clues/enter/",
        "crimes-recommendations": "/cases/recommendations/",
        "crimes-recommendation": "/cases/recommendations/1/",
        "crimes-recommend": "/cases/recommendations/draft/",
        "crimes-exposures": "/cases/exposures/",
        "crimes-exposure": "/cases/exposures/1/",
        "crimes-analysis": "/cases/analysis/",
        "crimes-patterns": "/cases/patterns/",
        "crimes-loophole": "/cases/patterns/project_bidding/",
    },
    "head": {
        "head-today": "/today/",
        "head-case": "/accountability/2026/3/",
        "head-decide": "/accountability/2026/3/decide/",
    },
    "leader": {
        "leader-home": "/my/",
        "sign": "/letters/2026/QS-JT/sign/",
        "report": "/reports/2026/quarter-3/QS-JT/",
        "report-targets": "/reports/2026/quarter-3/QS-JT/targets/",
        "report-submit": "/reports/2026/quarter-3/QS-JT/submit/",
        "leader-unit": "/units/QS-JT/",
    },
    "mine": {"mine-home": "/my/", "mine-case": "/accountability/2026/2/"},
    "village": {"village-home": "/my/"},
    "staff": {"staff-home": "/my/"},
    "security": {
        "roles": "/roles/",
        "grant": "/roles/grant/",
        "office-security": "/administration/",
        "office-proposal": "/roles/proposals/1/",
    },
    "system": {"office-system": "/", "office-outbox": "/outbox/", "office-clock": "/clock/"},
    "auditor": {
        "office-log": "/log/",
        "office-chain": "/log/chain/",
        "office-history-unit": "/log/units/QS-JT/",
        "office-history-person": "/log/persons/E00201/",
    },
    "liaison": {
        "network-correct": "/network/QS-JT/correct/?of=unit.office_phone",
        "network-liaison-unit": "/network/QS-JT/",
        "network-elsewhere": "/network/QS-CZ/",
        "network-liaison": "/network/",
    },
}


@contextmanager
def served() -> Iterator[str]:
    """The demo's web server on a free port."""
    from portal import embedded

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    os.environ |= {
        "PORTAL_DEMO": "1",
        "PORTAL_DATABASE": "portal_demo",
        "CACHE_KEY_PREFIX": "demo",
        "LOG_LEVEL": "ERROR",
    }
    embedded.start(embedded.state_dir())
    for command in (["migrate", "-v0"], ["load_demo"], ["collectstatic", "-v0", "--no-input"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, check=True)
    web = [sys.executable, "-m", "gunicorn", "portal.wsgi:application", "--bind", f"127.0.0.1:{port}", "--threads", "4"]
    server = subprocess.Popen([*web, "--log-level", "error"], cwd=ROOT)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(f"{address}/health/ready")
        yield address
    finally:
        server.terminate()
        server.wait(20)


def _wait(url: str) -> None:
    for _attempt in range(200):
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise SystemExit("The server did not become ready.")


def main(word: str) -> int:
    """Take the pictures; print what the browser complains about."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.stderr.write("screenshots: Chromium is missing. Type: sudo apt-get install chromium\n")
        return 1
    from playwright.sync_api import sync_playwright

    OUT.mkdir(parents=True, exist_ok=True)
    accounts = {entry["username"]: entry for entry in json.loads((ROOT / "portal/demo/accounts.json").read_text())}
    complaints: list[str] = []
    with served() as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=FLAGS)
        for who, pages in PAGES.items():
            wanted = {name: path for name, path in pages.items() if word in name}
            for size, viewport in SIZES.items() if wanted else ():
                context = browser.new_context(viewport=viewport)  # type: ignore[arg-type]
                page = context.new_page()
                page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
                if who:
                    page.goto(f"{address}/sign-in/")
                    page.fill("#id_login", who)
                    page.fill("#sign-in-form #id_password", accounts[who]["password"])
                    page.click("#sign-in-form button[type=submit]")
                for code, language in LANGUAGES.items():
                    page.context.add_cookies([{"name": "django_language", "value": language, "url": address}])
                    if who:
                        with page.expect_navigation():
                            page.evaluate(SET_LANGUAGE, language)
                    for name, path in wanted.items():
                        page.goto(f"{address}{path}")
                        page.screenshot(path=str(OUT / f"{name}-{size}-{code}.png"), full_page=True)
                        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                        if wide > 0:
                            complaints.append(f"{name} {size} {code}: {wide} px too wide")
                context.close()
        browser.close()
    print("\n".join(sorted(set(complaints))))
    return 0


SET_LANGUAGE = """language => {
  const form = document.querySelector('form[action="/language/"]');
  form.querySelector('[name=language]').value = language;
  form.submit();
}"""

if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
