# SPDX-License-Identifier: BSD-2-Clause
"""Draws docs/benchmarks.md and its pictures from the results of the benchmarks, which stand
beside the pictures as docs/benchmarks/NAME.json."""

import json
from xml.sax.saxutils import escape

from measuring import amount

NAMES = ["python", "launch", "mount", "build"]
INTRODUCTION = """# Benchmarks

How long common tasks take with these programs and with others, and how large the results are. Bars and figures are
medians; the thin line at a bar's end, and the figures in brackets, span the middle half of all runs. Bars of this project
are blue.
All tools of a task ran in turns on one machine; compare figures of one task, not of different machines.

To repeat it, on Debian 12, as root, with nothing else running: `scripts/quickstart`, then `bench/run`, which installs what is
compared with and writes this page. `bench/run NAME` measures one section; what exactly runs is in the script `bench/NAME`.
"""
OURS = ("xarexec", "xarbuild", "standalone", "XAR of this project")
LEFT, WIDTH, RIGHT, ROW = 250, 400, 150, 22


def largest_of(task):
    return max(row["median"] for row in task["tools"])


def figure(task, value):
    return amount(value, task["unit"], largest_of(task))


def draw_bar(row, task, top):
    """One tool's bar, its figure, and where there were several runs their middle half."""
    scale = WIDTH / max(max(row["high"] for row in task["tools"]), 1e-9)
    width, middle = row["median"] * scale, top + 8
    color = "#3070a8" if row["tool"].startswith(OURS) else "#b0b0b0"
    yield f'<text x="{LEFT - 8}" y="{top + 13}" text-anchor="end">{escape(row["tool"])}</text>'
    yield f'<rect x="{LEFT}" y="{top}" width="{width:.1f}" height="16" fill="{color}"/>'
    if row["runs"] > 1:
        low, high = (LEFT + row[key] * scale for key in ("low", "high"))
        yield f'<path d="M{low:.1f} {middle}H{high:.1f}" stroke="black"/>'
        for end in (low, high):
            yield f'<path d="M{end:.1f} {middle - 4}v8" stroke="black"/>'
    right = LEFT + max(row["high"] * scale, width) + 8
    text = escape(figure(task, row["median"]))
    yield f'<text x="{right:.0f}" y="{top + 13}" fill="#444">{text}</text>'


def draw(tasks):
    """All tasks of a section in one picture, the bars of each on a scale of its own."""
    lines, top = [], 8
    for task in tasks:
        name = escape(task["task"])
        lines.append(f'<text x="8" y="{top + 13}" font-weight="bold">{name}</text>')
        top += ROW
        for row in task["tools"]:
            lines += draw_bar(row, task, top)
            top += ROW
        top += 10
    size = f'width="{LEFT + WIDTH + RIGHT}" height="{top}"'
    font = 'font-family="sans-serif" font-size="13"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} {font}>'
    return "\n".join(
        [head, '<rect width="100%" height="100%" fill="white"/>', *lines, "</svg>\n"]
    )


def table(tasks):
    """A row for each tool and what it was used on, a column for each measure: a task is
    named "SUBJECT: MEASURE"."""
    rows, measures = {}, []
    for task in tasks:
        subject, _, measure = task["task"].rpartition(": ")
        if measure not in measures:
            measures.append(measure)
        for row in task["tools"]:
            rows.setdefault((subject, row["tool"]), {})[measure] = cell(task, row)
    yield f"| | tool | {' | '.join(measures)} |"
    yield "|---|---|" + "---|" * len(measures)
    before = None
    for (subject, tool), cells in sorted_by_subject(rows):
        columns = [cells.get(measure, "") for measure in measures]
        yield f"| {subject if subject != before else ''} | {tool} | {' | '.join(columns)} |"
        before = subject


def sorted_by_subject(rows):
    subjects = list(dict.fromkeys(subject for subject, _ in rows))
    return sorted(rows.items(), key=lambda row: subjects.index(row[0][0]))


def cell(task, row):
    text = figure(task, row["median"])
    if row["runs"] > 1:
        text += f" ({figure(task, row['low'])} to {figure(task, row['high'])})"
    return text


def section(name, content):
    lines = [f"\n## {content['title']}", "", content["about"], ""]
    lines += [
        f"![{content['title']}: bars](benchmarks/{name}.svg)",
        "",
        *table(content["tasks"]),
    ]
    return "\n".join(
        [*lines, "", f"By `{content['command']}` on {content['machine']}", ""]
    )


def write_page(results, pages):
    """Reads `results`/NAME.json, writes `pages`/benchmarks.md and `pages`/benchmarks/."""
    (pages / "benchmarks").mkdir(exist_ok=True)
    text = INTRODUCTION
    for name in NAMES:
        if (results / f"{name}.json").exists():
            content = json.loads((results / f"{name}.json").read_text())
            (pages / "benchmarks" / f"{name}.svg").write_text(draw(content["tasks"]))
            text += section(name, content)
    (pages / "benchmarks.md").write_text(text)
