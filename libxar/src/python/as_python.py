"""Starts this very interpreter again, under the name by which it finds the packages of
the archive: it then looks for pyvenv.cfg beside itself. sh cannot give a program
another name than its own."""

import os
import sys

_prefix = __file__.rpartition("/")[0]
os.execv(sys.executable, [_prefix + "/bin/self", *sys.argv[1:]])
