"""Make the picture of the front page from a report, with a browser that draws it.

    python tools/make_picture.py demo/angara-1.2/report.html docs/angara.png

The page is the program's own; a style put into it hides what does not fit a
picture. Needs Chromium; without one it says so and leaves the old picture.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SIZE = (1120, 1400)
STYLE = """<style>
main{padding:2rem 2.5rem 0}
section{display:none}
section:has(#chart-altitude),section:has(#chart-globe){display:block;margin-top:1.6rem}
section:has(#chart-altitude) .lead,section:has(#chart-globe) h2,.facts{display:none}
figure:has(#chart-track),figure:has(#chart-thrust),figure:has(#chart-alpha){display:none}
figure+figure .top{margin-top:0}
.plot{height:10rem}
.plot.globe{height:21.5rem}
</style></head>"""


def browser() -> str | None:
    """The first browser there is."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def draw(program: str, report: Path, picture: Path) -> None:
    """Draw a report into a picture of `SIZE`."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(report.read_text("utf-8").replace("</head>", STYLE, 1), "utf-8")
        subprocess.run(
            [
                program,
                "--headless",
                "--no-sandbox",
                "--enable-unsafe-swiftshader",
                "--hide-scrollbars",
                f"--user-data-dir={folder}/profile",
                "--virtual-time-budget=8000",
                f"--screenshot={picture.resolve()}",
                f"--window-size={SIZE[0]},{SIZE[1]}",
                page.as_uri(),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )


def main() -> int:
    """Draw, or say why not."""
    report, picture = (Path(word) for word in sys.argv[1:3])
    program = browser()
    if program is None:
        print(f"no Chromium here: {picture} is left as it is")
        return 0
    draw(program, report, picture)
    print(f"{picture}: {picture.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
