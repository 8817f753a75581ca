"""How the build's helper speaks to xarbuild: facts and warnings in a file, failures in
one line."""

import os
import sys

_warnings = []


class BuildFacts:
    """What has been found, as NUL-terminated pairs of a name and a value."""

    def __init__(self):
        self._text = bytearray()

    def add(self, name, value):
        for part in (name, value):
            try:
                text = os.fsencode(part)
            except UnicodeEncodeError:
                text = b"\0"
            if b"\0" in text:
                refuse("cannot use", ascii(part), "no file can be called so")
            self._text += text + b"\0"

    def write(self, path):
        for text in _warnings:
            self.add("warning", text)
        with open(path, "wb") as file:
            file.write(self._text)


def refuse(what, subject, advice):
    """Ends the build with the user's sentence."""
    sys.exit("%s: %s: %s" % (what, subject, advice))


def warn(what, subject, advice):
    """A sentence that the user gets when the archive is built nevertheless."""
    text = "%s: %s: %s" % (what, subject, advice)
    if text not in _warnings:
        _warnings.append(text)
