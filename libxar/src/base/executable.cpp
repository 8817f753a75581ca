// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/executable.hpp"

#include <link.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "xar/base/error.hpp"
#include "xar/base/fd.hpp"
#include "xar/base/file.hpp"

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

namespace xar::base {
namespace {

// Whole pages of the program's memory.
struct Pages {
  std::uintptr_t begin = 0;
  std::size_t size = 0;
  int protection = 0;
};

// What of the program is mapped from its file, then what is made read-only once it has
// been relocated.
struct ProgramPages {
  std::vector<Pages> mapped;
  std::vector<Pages> relocated;
};

int protection_of(ElfW(Word) flags) {
  return ((flags & PF_R) != 0 ? PROT_READ : 0) | ((flags & PF_W) != 0 ? PROT_WRITE : 0) |
         ((flags & PF_X) != 0 ? PROT_EXEC : 0);
}

// The first object of which the loader tells is the program.
int add_pages(dl_phdr_info* program, std::size_t, void* out) {
  auto& pages = *static_cast<ProgramPages*>(out);
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  for (std::size_t i = 0; i < program->dlpi_phnum; ++i) {
    const ElfW(Phdr)& part = program->dlpi_phdr[i];
    const std::uintptr_t begin = program->dlpi_addr + part.p_vaddr;
    const std::uintptr_t first = begin / page * page;
    if (part.p_type == PT_LOAD && part.p_filesz > 0) {
      const std::uintptr_t end = (begin + part.p_filesz + page - 1) / page * page;
      pages.mapped.push_back({first, end - first, protection_of(part.p_flags)});
    } else if (part.p_type == PT_GNU_RELRO) {
      const std::uintptr_t end = (begin + part.p_memsz) / page * page;
      if (end > first) pages.relocated.push_back({first, end - first, PROT_READ});
    }
  }
  return 1;
}

// The pages hold what no program may read by itself: a sanitizer's gaps between
// variables. The reads are volatile lest the compiler makes a call of memcpy() of them.
__attribute__((no_sanitize("address", "thread"))) void copy_pages(void* to,
                                                                  const Pages& pages) {
  auto* out = static_cast<std::uint64_t*>(to);
  const auto* in = reinterpret_cast<const volatile std::uint64_t*>(pages.begin);
  for (std::size_t i = 0; i < pages.size / sizeof *out; ++i) out[i] = in[i];
}

// Puts a copy of the pages in their place, in one step: the code that does so is in them.
bool replace(const Pages& pages) {
  if ((pages.protection & PROT_READ) == 0) return false;
  void* const copy = ::mmap(nullptr, pages.size, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  if (copy == MAP_FAILED) return false;
  auto* const place = reinterpret_cast<void*>(pages.begin);
  copy_pages(copy, pages);
  if (::mprotect(copy, pages.size, pages.protection) == 0 &&
      ::mremap(copy, pages.size, pages.size, MREMAP_MAYMOVE | MREMAP_FIXED, place) ==
          place) {
    return true;
  }
  ::munmap(copy, pages.size);
  return false;
}

bool replace_program() {
  ProgramPages pages;
  ::dl_iterate_phdr(add_pages, &pages);
  for (const Pages& mapped : pages.mapped) {
    if (!replace(mapped)) return false;
  }
  for (const Pages& relocated : pages.relocated) {
    ::mprotect(reinterpret_cast<void*>(relocated.begin), relocated.size,
               relocated.protection);
  }
  return !pages.mapped.empty();
}

// An empty file that may be executed.
Fd make_executable_file() {
  constexpr const char* kName = "xar-server";
  Fd fd(::memfd_create(kName, MFD_CLOEXEC | MFD_EXEC));
  // Kernels before 6.3 do not know that flag, nor files that may not be executed.
  if (!fd) fd.reset(::memfd_create(kName, MFD_CLOEXEC));
  return fd;
}

// What the kernel knows of this process's memory, to be set together with the executable;
// see proc_pid_stat(5). Whether it could be read.
bool read_memory_map(prctl_mm_map& map) {
  std::string text;
  try {
    text = read_text("/proc/self/stat", 4096);
  } catch (const SystemError&) {
    return false;
  }
  const std::size_t name_end = text.rfind(')');
  if (name_end == text.npos) return false;
  constexpr std::size_t kFirst = 3;  // the field behind the name
  constexpr std::size_t kLast = 51;
  std::array<std::uint64_t, kLast + 1> field{};
  const char* at = text.c_str() + name_end + 1;
  while (*at == ' ') ++at;
  if (*at != '\0') ++at;  // the state, a letter
  for (std::size_t i = kFirst + 1; i <= kLast; ++i) {
    char* end = nullptr;
    field[i] = std::strtoull(at, &end, 10);
    if (end == at) return false;
    at = end;
  }
  map.start_code = field[26];
  map.end_code = field[27];
  map.start_stack = field[28];
  map.start_data = field[45];
  map.end_data = field[46];
  map.start_brk = field[47];
  map.brk = reinterpret_cast<std::uint64_t>(::sbrk(0));
  map.arg_start = field[48];
  map.arg_end = field[49];
  map.env_start = field[50];
  map.env_end = field[51];
  return true;
}

struct Request {
  prctl_mm_map map{};
  bool done = false;
};

int set_map(void* data) {
  auto& request = *static_cast<Request*>(data);
  request.done =
      ::prctl(PR_SET_MM, PR_SET_MM_MAP, &request.map, sizeof request.map, 0) == 0;
  return 0;
}

// A process in a user namespace of its own has the right to set it, and can do so for the
// memory that it shares with this one.
bool set_map_in_namespace(Request& request) {
  constexpr std::size_t kStack = 64 << 10;
  std::vector<std::byte> stack(kStack);
  const auto top = reinterpret_cast<std::uintptr_t>(stack.data() + kStack) / 64 * 64;
  const pid_t child = ::clone(set_map, reinterpret_cast<void*>(top),
                              CLONE_VM | CLONE_VFORK | CLONE_NEWUSER | SIGCHLD, &request);
  if (child < 0) return false;
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
  return request.done;
}

bool set_executable(int fd) {
  if (::prctl(PR_SET_MM, PR_SET_MM_EXE_FILE, fd, 0, 0) == 0) return true;
  Request request;
  request.map.exe_fd = static_cast<std::uint32_t>(fd);
  if (!read_memory_map(request.map)) return false;
  set_map(&request);
  return request.done || set_map_in_namespace(request);
}

}  // namespace

bool is_executable_of_this_process(int fd) {
  struct stat ours {};
  struct stat executed {};
  return ::fstat(fd, &ours) == 0 && ::stat("/proc/self/exe", &executed) == 0 &&
         ours.st_dev == executed.st_dev && ours.st_ino == executed.st_ino;
}

// The kernel refuses another executable while any of the present one is mapped.
bool release_executable() {
  const Fd fd = make_executable_file();
  return fd && replace_program() && set_executable(fd.get());
}

}  // namespace xar::base
