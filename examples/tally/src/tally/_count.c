// SPDX-License-Identifier: BSD-2-Clause
// Counts words: an extension module as small as one can be.
#define PY_SSIZE_T_CLEAN
#include <Python.h>

static PyObject* count_words(PyObject* module, PyObject* argument) {
  (void)module;
  const char* text = PyUnicode_AsUTF8(argument);
  if (text == NULL) return NULL;
  long words = 0;
  int inside = 0;
  for (; *text != '\0'; ++text) {
    const int space = *text == ' ' || *text == '\n' || *text == '\t';
    words += !space && !inside;
    inside = !space;
  }
  return PyLong_FromLong(words);
}

static PyMethodDef methods[] = {
    {"count_words", count_words, METH_O, "How many words a text has."}, {0}};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_count", 0, 0, methods};

PyMODINIT_FUNC PyInit__count(void) { return PyModule_Create(&definition); }
