"""The interpreter itself, its standard library, and the shared libraries that those
need beyond the C library, as a prefix in the image."""

import fnmatch
import os
import re
import shutil
import subprocess
import sys
import sysconfig

from report import refuse, warn
from wheel import PREFIX

# Of the C library, which belongs to the machine: its parts fit each other and the
# kernel's loader only as a set.
C_LIBRARY = re.compile(
    r"(linux-vdso|ld-linux.*|lib(c|m|dl|rt|util|pthread|resolv|nsl|anl|crypt_glibc))\.so.*"
)
# Never of use to a packaged application.
USELESS = ("__pycache__", "site-packages", "dist-packages", "config-*", "ensurepip")


def bundle(folder, others, excluded):
    """Fills `folder`, also with what extension modules in the folders `others` need, and
    returns it."""
    prefix = os.path.join(folder, PREFIX)
    version = "python%d.%d" % sys.version_info[:2]
    library = os.path.join(prefix, "lib", version)
    for name in ("stdlib", "platstdlib"):
        _copy(sysconfig.get_path(name, vars=_base()), library, [*USELESS, *excluded])
    interpreter = os.path.join(prefix, "lib", "xar-" + version)
    _copy_tcl(os.path.join(prefix, "lib"), library)
    shutil.copy2(os.path.realpath(sys.executable), interpreter)
    os.chmod(interpreter, 0o755)
    objects = [interpreter]
    for root in [library, *others]:
        objects += _extensions(root)
    _copy_shared_libraries(prefix, objects, [os.path.abspath(root) for root in others])
    with open(os.path.join(prefix, "lib", "glibc"), "w") as file:
        file.write("2.%d\n" % _glibc_needed([interpreter, *_needed([interpreter])]))
    return folder


def _glibc_needed(objects):
    """The minor number of the newest version of the C library that has all they ask for."""
    versions = [0]
    for path in objects:
        if not C_LIBRARY.fullmatch(os.path.basename(path)):
            with open(path, "rb") as file:
                versions += map(
                    int, re.findall(rb"\0GLIBC_2\.(\d+)(?=[.\0])", file.read())
                )
    return max(versions)


def _base():
    return {
        "installed_base": sys.base_prefix,
        "installed_platbase": sys.base_exec_prefix,
        "base": sys.base_prefix,
        "platbase": sys.base_exec_prefix,
    }


def _copy(source, target, patterns):
    def left_out(folder, names):
        path = os.path.relpath(folder, source)
        below = "" if path == "." else path + "/"
        return [
            name
            for name in names
            if any(
                fnmatch.fnmatch(name, pattern) or fnmatch.fnmatch(below + name, pattern)
                for pattern in patterns
            )
        ]

    # Debian's standard library has symlinks that lead out of it.
    shutil.copytree(
        source, target, ignore=left_out, dirs_exist_ok=True, ignore_dangling_symlinks=True
    )


def _copy_tcl(target, library):
    """The scripts without which neither Tcl nor Tk runs, where both look for them: beside
    the folder of the interpreter."""
    if not any(name.startswith("_tkinter.") for name in _names_below(library)):
        return
    try:
        from tkinter import TclError, TclVersion, Tcl, TkVersion

        tcl = Tcl().eval("info library")
        found = Tcl().eval("set auto_path").split()
    except (ImportError, TclError) as error:
        warn("not packed", "the files of Tcl", "tkinter cannot be used here: %s" % error)
        return
    places = [tcl, os.path.dirname(tcl), *found]
    for name, script in (
        ("tcl%s" % TclVersion, "init.tcl"),
        ("tk%s" % TkVersion, "tk.tcl"),
        ("tcl%d" % TclVersion, ""),
    ):
        folders = [os.path.join(place, name) for place in places] + [tcl]
        fitting = [f for f in folders if os.path.basename(f) == name]
        fitting = [f for f in fitting if os.path.exists(os.path.join(f, script))]
        if fitting:
            shutil.copytree(
                fitting[0], os.path.join(target, name), ignore_dangling_symlinks=True
            )
        elif script:
            warn("not packed", "the files of Tcl", "there is no %s/%s" % (name, script))


def _names_below(root):
    for _, _, names in os.walk(root):
        yield from names


def _extensions(root):
    for folder, folders, names in os.walk(root):
        folders.sort()
        for name in sorted(names):
            if re.search(r"\.so(\.[0-9.]+)?$", name):
                yield os.path.join(folder, name)


def _copy_shared_libraries(prefix, objects, roots):
    target = os.path.join(prefix, "lib", "shared")
    os.makedirs(target)
    for path in _needed(objects):
        name = os.path.basename(path)
        inside = any(path.startswith(root + "/") for root in roots)
        if (
            inside
            or C_LIBRARY.fullmatch(name)
            or os.path.exists(os.path.join(target, name))
        ):
            continue
        shutil.copy2(os.path.realpath(path), os.path.join(target, name))
        os.chmod(os.path.join(target, name), 0o644)


def _needed(objects):
    """Paths of the libraries, as the machine's loader finds them."""
    done = subprocess.run(["ldd", *objects], stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        refuse("cannot bundle", sys.executable, "ldd cannot tell what libraries it needs")
    missing = re.findall(r"^\s(\S+) => not found", done.stdout, re.M)
    if missing:
        refuse("cannot bundle", sys.executable, "its library %s is missing" % missing[0])
    return sorted(set(re.findall(r"=> (/\S+) \(0x", done.stdout)))
