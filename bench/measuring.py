# SPDX-License-Identifier: BSD-2-Clause
"""What the benchmarks share: inputs from Debian's packages, commands run in turns, and the
results, which are printed beside the targets and written to a file for the page."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "xar-bench"


def unpacked(name, packages):
    """The folder with the content of Debian's `packages`, kept between runs as `name`."""
    folder = CACHE / name
    if folder.is_dir():
        return folder
    work = CACHE / f"{name}.new"
    shutil.rmtree(work, ignore_errors=True)
    (work / "debs").mkdir(parents=True)
    quiet = ["-q", "-o", "APT::Sandbox::User=root"]
    subprocess.run(
        ["apt-get", *quiet, "download", *packages],
        cwd=work / "debs",
        check=True,
        stdout=subprocess.DEVNULL,
    )
    for deb in sorted((work / "debs").iterdir()):
        subprocess.run(["dpkg-deb", "-x", deb, work / "tree"], check=True)
    (work / "tree").rename(folder)
    shutil.rmtree(work)
    return folder


def unmount_below(folder):
    """Unmounts what is mounted below a folder."""
    for line in Path("/proc/mounts").read_text().splitlines():
        point = line.split()[1]
        if point.startswith(f"{folder}/"):
            subprocess.run(["umount", point], check=True)


class Run:
    """One run of a command: wall time and peak memory."""

    def __init__(self, command, environment=None):
        begin = time.monotonic()
        child = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        self.seconds = time.monotonic() - begin
        self.peak = usage.ru_maxrss * 1024
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            sys.exit(f"failed: {' '.join(map(str, command))}")


def in_turns(commands, rounds):
    """Runs each of `commands` (name to argument list) once a round, so that what the machine
    does meanwhile falls on all of them. Returns name to list of runs."""
    runs = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            runs[name].append(Run(command))
    return runs


def seconds_of(runs):
    return {name: [run.seconds for run in of] for name, of in runs.items()}


def amount(value, unit, largest):
    """`value` for people, in the same unit and with as many digits as others up to
    `largest`."""
    if unit == "bytes":
        return f"{value:,.0f} B"
    if largest >= 1:
        return f"{value:.2f} s" if largest < 100 else f"{value:.0f} s"
    return f"{value * 1000:.{0 if largest >= 0.1 else 1 if largest >= 0.01 else 2}f} ms"


class Results:
    """What a script measures. Each task is printed with the targets that it has, and at the
    end all is written to `path`, without targets, which are nothing to a reader of the page.
    """

    def __init__(self, title, about, path=None):
        self._content = {"title": title, "about": " ".join(about.split()), "tasks": []}
        self._path = path
        self._reached = self._missed = 0

    def task(self, name, unit, tools):
        """`tools` has for the name of each what was measured, in seconds or bytes."""
        rows = []
        for tool, values in tools.items():
            low, median, high = (
                statistics.quantiles(values, n=4, method="inclusive")
                if len(values) > 1
                else [values[0]] * 3
            )
            row = {"tool": tool, "runs": len(values)}
            rows.append({**row, "median": median, "low": low, "high": high})
        self._content["tasks"].append({"task": name, "unit": unit, "tools": rows})
        largest = max(row["median"] for row in rows)
        print(f"{name}:")
        for row in rows:
            low, median, high = (
                amount(row[key], unit, largest) for key in ("low", "median", "high")
            )
            spread = f"  ({low} to {high}, {row['runs']} runs)" if row["runs"] > 1 else ""
            print(f"  {row['tool']:<34} {median:>12}{spread}", flush=True)
        return {row["tool"]: row["median"] for row in rows}

    def target(self, measure, reached, limit):
        """Says whether a figure is at most `limit`."""
        good = reached <= limit
        self._reached += good
        self._missed += not good
        verdict = "reached" if good else "MISSED"
        print(
            f"  target: {measure}: {reached:.3f}, at most {limit:g}: {verdict}",
            flush=True,
        )

    def finish(self):
        print(f"{self._reached} targets reached, {self._missed} missed")
        if self._path:
            Path(self._path).write_text(json.dumps(self._content, indent=1) + "\n")
