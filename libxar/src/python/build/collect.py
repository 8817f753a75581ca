"""Turns what the user wants packed into folders that stand for the image's root.

xarbuild runs this with the interpreter of the build. It leaves the folders in the
workspace and the facts about them in a file there; a failure is one line on standard
error.
"""

import argparse
import os
import platform
import shutil
import sys
import sysconfig

import environment
import inputs
import scripts
from bundle import bundle
from report import Facts, refuse
from resolve import Pip, install_with_uv
from wheel import PREFIX, Wheel, normal_name
from zipped import Zipped


class Collection:
    def __init__(self, options):
        self._options = options
        self._folders = []  # each is merged into the image's root
        self._own = set()  # normal names of the distributions that were asked for
        self._own_folders = set()  # whatever is in these was asked for
        self._wheels = []
        self._requirements = []
        self._entry = None
        self._script = None
        self._shebang = None
        self._pip = Pip(options.workspace, options.option)

    def collect(self):
        kinds = [(text, inputs.kind_of(text)) for text in self._options.input]
        for file in self._options.requirements:
            self._add_requirement_file(file)
        for text, kind in kinds:
            self._ADD[kind](self, text)
        self._install()
        if self._options.bundle:
            self._folders.append(
                bundle(self._new_folder(), self._folders, self._options.exclude_stdlib)
            )

    def write_facts(self):
        facts = Facts()
        facts.add("executable", os.path.realpath(sys.executable))
        facts.add("implementation", platform.python_implementation())
        facts.add("version", "%d.%d" % sys.version_info[:2])
        facts.add("tag", sys.implementation.cache_tag)
        facts.add("suffix", sysconfig.get_config_var("EXT_SUFFIX"))
        for name, value in (
            ("entry", self._entry),
            ("script", self._script),
            ("shebang", self._shebang),
        ):
            if value:
                facts.add(name, value)
        self._add_scripts(facts)
        for folder in self._folders:
            facts.add("folder", folder)
        facts.write(os.path.join(self._options.workspace, "facts"))

    def _add_scripts(self, facts):
        folder = self._new_folder()
        made = os.path.join(folder, PREFIX, "bin")
        os.makedirs(made)
        for root in list(self._folders):
            for distribution, name, entry in scripts.declared(root):
                own = (
                    root in self._own_folders
                    and normal_name(distribution) not in environment.INSTALLERS
                )
                own = own or normal_name(distribution) in self._own
                facts.add("own-script" if own else "other-script", name + "=" + entry)
                if not os.path.exists(os.path.join(made, name)):
                    scripts.write_script(os.path.join(made, name), entry)
            for name in self._script_files(root):
                if os.path.exists(os.path.join(made, name)):
                    os.unlink(os.path.join(made, name))
                else:
                    path = "%s/bin/%s" % (PREFIX, name)
                    facts.add("other-script", name + "=" + path)
        os.utime(made, (0, 0))
        os.utime(os.path.dirname(made), (0, 0))
        self._folders.append(folder)

    @staticmethod
    def _script_files(root):
        folder = os.path.join(root, PREFIX, "bin")
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
            path = os.path.join(folder, name)
            if os.path.isfile(path) and scripts.is_script(path):
                yield name

    def _new_folder(self):
        folder = os.path.join(self._options.workspace, "root-%d" % len(self._folders))
        os.makedirs(folder)
        return folder

    def _add_requirement_file(self, path):
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                lines = file.read().splitlines()
        except OSError as error:
            refuse("cannot read", path, error.strerror)
        self._own.update(normal_name(line) for line in lines if line[:1] not in "#-")

    def _add_modules(self, text):
        self._folders.append(text)
        self._own_folders.add(text)

    def _add_module(self, text):
        folder = self._new_folder()
        shutil.copy2(text, folder)
        self._folders.append(folder)
        self._entry = self._entry or os.path.basename(text)[: -len(".py")]

    def _add_environment(self, text):
        packages = environment.packages_in(text)
        self._add_modules(packages)
        folder = self._new_folder()
        environment.copy_scripts(text, folder)
        environment.copy_data(text, folder)
        self._folders.append(folder)

    def _add_project(self, text):
        if self._options.installer == "uv":
            self._requirements.append(text)
        else:
            self._add_wheel(self._pip.build(text))

    def _add_wheel(self, text):
        wheel = Wheel(text)
        wheel.require_fitting()
        self._own.add(normal_name(wheel.name))
        self._wheels.append(wheel)

    def _add_zip(self, text):
        archive = Zipped(text)
        folder = self._new_folder()
        archive.unpack(folder)
        self._add_modules(folder)
        self._entry = self._entry or archive.entry()
        self._script = self._script or archive.script()
        self._shebang = self._shebang or archive.shebang()

    def _add_requirement(self, text):
        self._own.add(normal_name(text))
        self._requirements.append(text)

    def _install(self):
        """Wheels are unpacked; the installer is asked only for what is missing."""
        have = {normal_name(wheel.name) for wheel in self._wheels}
        needed = {name for wheel in self._wheels for name in wheel.requirements()}
        asked = self._requirements or self._options.requirements
        if self._options.installer == "uv":
            if asked or needed - have:
                self._install_with_uv()
                return
        elif asked or needed - have:
            paths = [wheel.path for wheel in self._wheels]
            found = self._pip.resolve(
                self._requirements, self._options.requirements, paths
            )
            self._wheels = [Wheel(path) for path in found]
        for wheel in self._wheels:
            folder = self._new_folder()
            wheel.install(folder)
            self._folders.append(folder)

    def _install_with_uv(self):
        folder = self._new_folder()
        wanted = self._requirements + [os.path.abspath(w.path) for w in self._wheels]
        install_with_uv(folder, wanted, self._options.requirements, self._options.option)
        # The scripts of its own making are for another place.
        shutil.rmtree(os.path.join(folder, "bin"), ignore_errors=True)
        self._folders.append(folder)
        self._own_folders.add(folder)

    _ADD = {
        inputs.MODULES: _add_modules,
        inputs.MODULE: _add_module,
        inputs.ENVIRONMENT: _add_environment,
        inputs.PROJECT: _add_project,
        inputs.SOURCES: _add_project,
        inputs.WHEEL: _add_wheel,
        inputs.ZIP: _add_zip,
        inputs.REQUIREMENT: _add_requirement,
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--workspace", required=True)
    parser.add_argument("--input", action="append", default=[])
    parser.add_argument("--requirements", action="append", default=[])
    parser.add_argument("--option", action="append", default=[])
    parser.add_argument("--installer", choices=("pip", "uv"), default="pip")
    parser.add_argument("--bundle", action="store_true")
    parser.add_argument("--exclude-stdlib", action="append", default=[])
    options = parser.parse_args()
    if sys.version_info < (3, 9):
        sys.exit("Python %d.%d" % sys.version_info[:2])
    with open(os.path.join(options.workspace, "started"), "w"):
        pass
    collection = Collection(options)
    collection.collect()
    collection.write_facts()


if __name__ == "__main__":
    main()
