"""Turns what the user wants packed into folders that stand for the image's root.

xarbuild runs this with the interpreter of the build. It leaves the folders in the
workspace and the facts about them in a file there; a failure is one line on standard
error.
"""

import argparse
import functools
import keyword
import os
import platform
import shutil
import sys
import sysconfig

import environment
import inline_metadata
import inputs
import requirements
import scripts
from bundle import bundle
from own_output import OwnOutput, remove_copies
from report import BuildFacts, warn
from resolve import Pip, install_with_uv
from wheel import PREFIX, Wheel, normal_name
from zipped import Zipped


# Whose files a folder has. Where two folders differ in a file, that of the former counts;
# between files of the user there is no such order.
USERS, INSTALLED, FOUND = range(3)


class Root:
    """A folder that stands for the image's root, and what is known of it."""

    def __init__(self, folder, label, own, rank, links=False, owner_of=None):
        self.folder = folder
        self.label = (
            label  # for messages and for --exclude: the input, where there is one
        )
        self.own = own  # says of a distribution's normal name whether it was asked for
        self.rank = rank
        self.links = links  # symlinks may lead out of it to what is to be packed
        self.owner_of = owner_of or (lambda script: None)

    def write(self, facts):
        facts.add("folder", self.folder)
        facts.add("label", self.label)
        for name, is_so in (("users", self.rank == USERS), ("links", self.links)):
            if is_so:
                facts.add(name, "yes")


class Collection:
    def __init__(self, options):
        self._options = options
        self._roots = []  # each is merged into the image's root
        self._folders = 0
        self._own = set()  # normal names of the distributions that were asked for
        self._wheels = []
        self._requirements = []
        self._entry = None
        self._script = None
        self._shebang = None
        self._own_output = OwnOutput(options.own_output)
        self._copied_output = []  # of earlier builds, which an installer may have copied
        self._pip = Pip(options.workspace, options.option)

    def collect(self):
        kinds = [(text, inputs.kind_of(text)) for text in self._options.input]
        files = requirements.Files(self._options.requirements)
        self._own |= files.names
        for text, kind in kinds:
            self._ADD[kind](self, text)
        self._install(files)
        self._roots.sort(key=lambda root: root.rank)
        if self._options.bundle:
            others = [root.folder for root in self._roots]
            folder = bundle(self._new_folder(), others, self._options.exclude_stdlib)
            self._add_root(folder, "the interpreter", _nothing, FOUND)

    def write_facts(self):
        facts = BuildFacts()
        facts.add("executable", os.path.realpath(sys.executable))
        facts.add("implementation", platform.python_implementation())
        facts.add("version", "%d.%d" % sys.version_info[:2])
        facts.add("tag", sys.implementation.cache_tag)
        facts.add("suffix", sysconfig.get_config_var("EXT_SUFFIX"))
        for name in sorted(_standard_modules()):
            facts.add("standard", name)
        for name, value in (
            ("entry", self._entry),
            ("script", self._script),
            ("shebang", self._shebang),
        ):
            if value:
                facts.add(name, value)
        self._add_scripts(facts)
        for root in self._roots:
            root.write(facts)
        facts.write(os.path.join(self._options.workspace, "facts"))

    def _add_scripts(self, facts):
        folder = self._new_folder()
        made = os.path.join(folder, PREFIX, "bin")
        os.makedirs(made)
        known = {}
        for root in self._roots:
            for distribution, name, entry in scripts.declared(root.folder):
                own = root.own(normal_name(distribution))
                if self._add_script(facts, known, name, entry, own, root):
                    scripts.write_script(os.path.join(made, name), entry)
        for root in self._roots:
            files = os.path.join(root.folder, PREFIX, "bin")
            for name, kind in list(scripts.files_in(files)):
                entry = "%s%s/bin/%s" % (kind, PREFIX, name)
                own = root.own(normal_name(root.owner_of(name) or ""))
                if not self._add_script(facts, known, name, entry, own, root):
                    # What an installer writes for a declared script replaces it.
                    os.unlink(os.path.join(files, name))
        os.utime(made, (0, 0))
        os.utime(os.path.dirname(made), (0, 0))
        self._add_root(folder, "the scripts", _nothing, INSTALLED)

    @staticmethod
    def _add_script(facts, known, name, entry, own, root):
        if name not in known:
            known[name] = entry, root.label
            facts.add("own-script" if own else "other-script", name + "=" + entry)
            return True
        other, label = known[name]
        if other != entry and label != root.label:
            advice = "that of %s is packed, not that of %s" % (label, root.label)
            warn("two scripts are called", name, advice)
        return False

    def _new_folder(self):
        folder = os.path.join(self._options.workspace, "root-%d" % self._folders)
        self._folders += 1
        os.makedirs(folder)
        return folder

    def _add_root(self, folder, label, own, rank, **options):
        self._roots.append(Root(folder, label, own, rank, **options))

    def _add_modules(self, text):
        environment.refuse_editable(text, text)
        self._add_root(text, text, _is_no_installer, USERS, links=True)

    def _add_module(self, text):
        self._requirements += inline_metadata.dependencies_of(text)
        folder = self._new_folder()
        name = os.path.basename(text)
        shutil.copy2(text, folder)
        self._add_root(folder, text, _nothing, USERS)
        stem, suffix = os.path.splitext(name)
        is_module = (
            suffix == ".py" and stem.isidentifier() and not keyword.iskeyword(stem)
        )
        self._entry = self._entry or (stem if is_module else "./" + name)

    def _add_environment(self, text):
        packed = environment.Environment(text, self._own_output)
        packed.require_whole(self._options.inherit_site)
        folder = self._new_folder()
        packed.copy(folder)
        for packages in packed.packages:
            self._add_root(packages, text, _is_no_installer, FOUND, links=True)
        self._add_root(folder, text, _is_no_installer, FOUND, owner_of=packed.owner_of)

    def _add_project(self, text):
        self._copied_output += self._own_output.among(text)
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
        own, distributions = archive.unpack(self._new_folder)
        for folder in (own, *distributions):
            scripts.make_all_runnable(os.path.join(folder, PREFIX, "bin"))
        self._add_root(own, text, _is_no_installer, USERS)
        for folder in distributions:
            self._add_root(folder, text, _is_no_installer, FOUND)
        self._entry = self._entry or archive.entry()
        self._script = self._script or archive.script()
        self._shebang = self._shebang or archive.shebang()

    def _add_requirement(self, text):
        local = inputs.local_with_extras(text)
        if local:
            self._copied_output += self._own_output.among(local[0])
            text = os.path.abspath(local[0]) + local[1]
        elif not requirements.is_url(text):
            self._own.add(normal_name(text))
        self._requirements.append(text)

    def _install(self, files):
        """Wheels are unpacked; the installer is asked only for what is missing."""
        asked = bool(self._requirements or self._options.requirements)
        asked = asked or not requirements.is_met(self._wheels)
        if asked and self._options.installer == "uv":
            self._install_with_uv()
            return
        if asked:
            found = self._pip.resolve(
                self._requirements,
                self._options.requirements,
                [wheel.path for wheel in self._wheels],
                files.hashed,
            )
            self._wheels = [Wheel(path) for path in found]
            # What has no name before it is built: files, folders and addresses.
            self._own |= requirements.roots_of(self._wheels)
        # As if they were installed one after the other.
        for wheel in reversed(requirements.install_order(self._wheels)):
            folder = self._new_folder()
            wheel.install(folder, self._copied_output)
            own = functools.partial(self._is_own, normal_name(wheel.name))
            self._add_root(folder, wheel.label, own, INSTALLED)

    def _is_own(self, wheel, _):
        return wheel in self._own

    def _install_with_uv(self):
        folder = self._new_folder()
        wanted = self._requirements + [os.path.abspath(w.path) for w in self._wheels]
        install_with_uv(folder, wanted, self._options.requirements, self._options.option)
        remove_copies(folder, self._copied_output)
        made = os.path.join(folder, "bin")
        if os.path.isdir(made):
            os.makedirs(os.path.join(folder, PREFIX))
            os.rename(made, os.path.join(folder, PREFIX, "bin"))
        scripts.make_all_runnable(os.path.join(folder, PREFIX, "bin"))
        self._add_root(folder, "uv", _is_no_installer, INSTALLED)

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


def _nothing(_):
    return False


def _is_no_installer(name):
    return name not in environment.INSTALLERS


def _standard_modules():
    """Names of the standard library's top-level modules."""
    if hasattr(sys, "stdlib_module_names"):
        return sys.stdlib_module_names
    folder = sysconfig.get_path("stdlib")
    found = os.listdir(folder)
    if os.path.isdir(os.path.join(folder, "lib-dynload")):
        found += os.listdir(os.path.join(folder, "lib-dynload"))
    return {name.partition(".")[0] for name in found} | set(sys.builtin_module_names)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--workspace", required=True)
    parser.add_argument("--input", action="append", default=[])
    parser.add_argument("--requirements", action="append", default=[])
    parser.add_argument("--option", action="append", default=[])
    parser.add_argument("--installer", choices=("pip", "uv"), default="pip")
    parser.add_argument("--bundle", action="store_true")
    parser.add_argument("--exclude-stdlib", action="append", default=[])
    parser.add_argument("--inherit-site", action="store_true")
    parser.add_argument("--own-output", action="append", default=[])
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
