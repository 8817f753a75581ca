"""What pyproject.toml cannot say: the extension module."""

from setuptools import Extension, setup

setup(
    package_dir={"": "src"},
    packages=["tally"],
    package_data={"tally": ["data/*.txt"]},
    ext_modules=[Extension("tally._count", ["src/tally/_count.c"])],
)
