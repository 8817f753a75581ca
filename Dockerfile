# SPDX-License-Identifier: BSD-2-Clause
# All that building and testing need, on Debian 12. Tests mount and make namespaces:
#   docker build -t xar-development .
#   docker run --rm -it --privileged -v "$PWD:/source" xar-development ./scripts/test dev
FROM debian:12
COPY scripts/setup /usr/local/bin/xar-setup
RUN xar-setup --tests
# The checkout belongs to the user outside, and root works on it.
RUN git config --system --add safe.directory /source
WORKDIR /source
