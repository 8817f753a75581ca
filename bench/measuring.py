# SPDX-License-Identifier: BSD-2-Clause
"""What the benchmarks written in Python share: inputs from Debian's packages, commands run
in turns, medians, and the table of what was reached."""

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
    subprocess.run(["apt-get", *quiet, "download", *packages], cwd=work / "debs", check=True,
                   stdout=subprocess.DEVNULL)
    for deb in sorted((work / "debs").iterdir()):
        subprocess.run(["dpkg-deb", "-x", deb, work / "tree"], check=True)
    (work / "tree").rename(folder)
    shutil.rmtree(work)
    return folder


class Run:
    """One run of a command: wall time and peak memory."""

    def __init__(self, command, environment=None):
        begin = time.monotonic()
        child = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        self.seconds = time.monotonic() - begin
        self.peak_mib = usage.ru_maxrss / 1024
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


def median_seconds(runs):
    return statistics.median(run.seconds for run in runs)


class Table:
    """measure | reached | to reach, and the figures it comes from."""

    def __init__(self):
        print("| measure | reached | to reach | figures |\n|---|---|---|---|", flush=True)

    def row(self, measure, reached, limit, figures):
        print(f"| {measure} | {reached:.3f} | ≤ {limit:.2f} | {figures} |", flush=True)
