"""Where the interpreter is of another version than the application was built for, which is
refused by means that any Python 3 understands, or the site module has not found the
archive's packages: without /proc, with -S, or where a program starts another."""

import sys


def prepare(found, required, version):
    if found != required:
        _refuse(found, required, version)
    folder = __file__.rpartition("/")[0]
    if not sys.flags.no_site and not sys.executable.endswith("/bin/self"):
        _start_again(folder + "/self")
    sys.executable = folder + "/python3"
    import site

    site.main()


def _start_again(name):
    """Another program has started the interpreter, by its own name. Those that the
    application starts are told to go the long way at once."""
    from os import environ, execv

    environ["XAR_PYTHON_INDIRECT"] = "1"
    words = getattr(sys, "orig_argv", ["", *sys.argv])[1:]
    try:
        execv(sys.executable, [name, *words])
    except OSError:
        pass  # there is no /proc


def _refuse(found, required, version):
    from os import environ

    sys.stderr.write(
        "%s: cannot run with %s, which is Python %d.%d (%s): it was built for %s (%s): "
        "install that, or build the archive with --bundle-python\n"
        % (
            environ.get("XAR_INVOKED_NAME", sys.argv[0]),
            environ.get("XAR_PYTHON_COMMAND", sys.executable),
            sys.version_info[0],
            sys.version_info[1],
            found,
            version,
            required,
        )
    )
    sys.exit(126)
