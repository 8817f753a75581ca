// SPDX-License-Identifier: BSD-2-Clause
// Leaves out the translations of the C library's messages, for which strerror() and
// libstdc++ would look. Nothing here calls setlocale(), so that all messages are in
// English anyway.

extern "C" {

// setlocale() counts its changes in it.
int _nl_msg_cat_cntr = 0;

// Called to free what translations have taken, where a checker of memory asks for it.
void _nl_finddomain_subfreeres();
void _nl_finddomain_subfreeres() {}

char* __dcigettext(const char* domain, const char* one, const char* many, int is_plural,
                   unsigned long count, int category);
char* bindtextdomain(const char* domain, const char* directory);
char* bind_textdomain_codeset(const char* domain, const char* codeset);

char* __dcigettext(const char*, const char* one, const char* many, int is_plural,
                   unsigned long count, int) {
  return const_cast<char*>(is_plural != 0 && count != 1 ? many : one);
}

char* bindtextdomain(const char*, const char*) {
  return nullptr;
}

char* bind_textdomain_codeset(const char*, const char*) {
  return nullptr;
}
}
