// SPDX-License-Identifier: BSD-2-Clause
// Processes: run another program to its end, or leave a server behind that
// belongs to nobody's wait().
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "xar/base/fd.hpp"

namespace xar::base {

// How a program that ran to its end ended.
struct Outcome {
  int status = 0;      // exit status; 128 + the signal's number if killed by one
  std::string errors;  // its standard error, at most 4 KiB of it
};

// One program to run. `arguments[0]` is looked up in PATH.
struct Command {
  std::vector<std::string> arguments;
  std::vector<std::string> environment;  // "NAME=value", added to the caller's
  int inherited_fd = -1;                 // kept open in the program under this number
  bool leads_group = false;              // so that a signal can reach all that it starts
};

// While this is there, children that end wait to be asked for their status, also where
// the program was started with SIGCHLD ignored, which lets the kernel forget them at
// once. Such objects must end in the reverse order of their beginning.
class DefaultSigchldGuard {
 public:
  DefaultSigchldGuard();
  ~DefaultSigchldGuard();
  DefaultSigchldGuard(const DefaultSigchldGuard&) = delete;
  DefaultSigchldGuard& operator=(const DefaultSigchldGuard&) = delete;

 private:
  bool was_ignored_;
};

// A running program; the destructor waits for it.
class Child {
 public:
  // Starts `command` with standard input and output on /dev/null. Throws
  // SystemError, with ENOENT where there is no such program.
  explicit Child(const Command& command);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Waits for the program's end. To be called once. With `meanwhile` as run() has it.
  Outcome wait(const std::function<void()>& meanwhile = {});

  // Asks the program to end, and with it what it has started if it leads a group. Only
  // before wait() has returned.
  void terminate() const;

 private:
  DefaultSigchldGuard attention_;
  std::string name_;
  pid_t pid_ = -1;
  Fd errors_;
};

// Runs `command` to its end. Throws as Child's constructor does.
Outcome run(const Command& command);

// As run(), for programs that take long: calls `meanwhile` some ten times a second.
// What that throws is passed on, after the program and all that it has started have
// been asked to end by SIGTERM.
Outcome run(const Command& command, const std::function<void()>& meanwhile);

// A process of its own session with standard streams on /dev/null, working directory /
// and umask 022. It goes on when this object is gone. Neither wait(2) without __WALL, in
// this process or what it executes, waits for it, nor does a tracer of this process trace
// it.
class Daemon {
 public:
  // Begins to start it, and returns while it starts. Of the caller's descriptors it keeps
  // those in `kept`, under their numbers, which must be above 2. The caller must have no
  // other thread. `body` returns the process's exit status; an exception that leaves it
  // is status 125. Throws Error where no process can be made.
  Daemon(const std::vector<int>& kept, const std::function<int()>& body);
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  // Returns once the process exists. Throws Error if it cannot be made. To be
  // called once, or not at all.
  void require();

  // Frees what the kernel keeps of the process once it has ended, and waits for that. For
  // one that ends soon; where it is not the caller's child, that is another's business.
  void wait();

 private:
  DefaultSigchldGuard attention_;
  bool is_child_;  // whether the process is the caller's child itself
  pid_t child_;    // the caller's child: the process, or one that makes it
};

}  // namespace xar::base
