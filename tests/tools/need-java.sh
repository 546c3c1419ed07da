#!/usr/bin/env bash
# A JDK from 17 on, and Maven. Maven fetches the Kotlin compiler itself (bindings/kotlin/pom.xml).
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

release() { javac -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p'; }
if [ "$(release || true)" = "" ] || [ "$(release)" -lt 17 ]; then apt_install default-jdk-headless; fi
[ "$(release)" -ge 17 ] || fail "a JDK from 17 on is needed"
command -v mvn >/dev/null || apt_install maven
