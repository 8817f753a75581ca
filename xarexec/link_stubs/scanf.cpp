// SPDX-License-Identifier: BSD-2-Clause
// Leaves out most of the C library's scanner of formatted text, which knows every kind of
// number and has a part for each. libfuse reads the number in "/dev/fd/7" with it, and
// values of options of which it is given none. What is read here goes through
// std::from_chars, and has to.
#include <charconv>
#include <cstdarg>
#include <cstring>

namespace {

// Knows text as it stands, %u and %n, and stops at anything else.
int scan(const char* text, const char* format, std::va_list& values) {
  const char* const begin = text;
  int read = 0;
  for (; *format != '\0'; ++format) {
    if (*format != '%') {
      if (*format != *text++) return read;
    } else if (*++format == 'n') {
      *va_arg(values, int*) = static_cast<int>(text - begin);
    } else {
      unsigned number = 0;
      const auto parsed = std::from_chars(text, text + std::strlen(text), number);
      if (*format != 'u' || parsed.ec != std::errc()) return read;
      *va_arg(values, unsigned*) = number;
      text = parsed.ptr;
      ++read;
    }
  }
  return read;
}

}  // namespace

extern "C" {

#if __GLIBC_PREREQ(2, 38)
#define XAR_SSCANF __isoc23_sscanf
#else
#define XAR_SSCANF __isoc99_sscanf
#endif

int XAR_SSCANF(const char* text, const char* format, ...);
int XAR_SSCANF(const char* text, const char* format, ...) {
  std::va_list values;
  va_start(values, format);
  const int read = scan(text, format, values);
  va_end(values);
  return read;
}
}
