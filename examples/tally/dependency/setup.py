from setuptools import setup

setup(name="columns", version="0.3", py_modules=["columns"])
