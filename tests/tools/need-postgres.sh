#!/usr/bin/env bash
# PostgreSQL's server programs. The tests start a server of their own, in a temporary folder; the system's may run or not.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null || apt_install postgresql
