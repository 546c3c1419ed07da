#!/usr/bin/env bash
# python.sh ARGUMENT…    Python with the `rafiq` package of bindings/python and the tests' own packages: python.sh -m pytest -k some_test
# Build the library first: tests/tools/build-bindings.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
"$tools/need-python.sh"
export PYTHONPATH=$root/bindings/python PYTHONDONTWRITEBYTECODE=1
exec "$cache/python/bin/python" "$@"
