#!/usr/bin/env bash
# The Kotlin library as others take it: installed as an artefact into a repository of its own, and taken from there by
# bindings/kotlin/sample, which depends on nothing else. The first snippet of bindings/kotlin/README.md is compiled into it and run, with
# the library that the jar carries. After `kotlin.sh test-compile`.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
"$tools/need-java.sh"
sample=bindings/kotlin/sample
taken=$CARGO_TARGET_DIR/kotlin-artefact
repository=$taken/repository
rm -rf "$taken" "$sample/target"
mkdir -p "$repository/org" "$taken/snippet"

# What Maven has fetched before is seen here too, but nothing of ours: an older installation must not answer.
fetched=$HOME/.m2/repository
for folder in "$fetched"/* "$fetched"/org/*; do
  case ${folder#"$fetched/"} in
    org | org/rafiq) ;;
    *) [ ! -d "$folder" ] || ln -s "$folder" "$repository/${folder#"$fetched/"}" ;;
  esac
done
"$tools/kotlin.sh" resources:resources jar:jar install:install -Dmaven.repo.local="$repository" # what is compiled already

first_snippet kotlin bindings/kotlin/README.md >"$taken/snippet/FirstDay.kt"
"$tools/kotlin.sh" in "$sample" compile dependency:build-classpath -Dmaven.repo.local="$repository" -Dsnippet="$taken/snippet" \
  -Dmdep.outputFile="$taken/classpath.txt" -Dmdep.includeScope=runtime
java -cp "$sample/target/classes:$(cat "$taken/classpath.txt")" MainKt "$taken/profile"

jar=$repository/org/rafiq/rafiq/0.1.0/rafiq-0.1.0.jar
say "artefact $(stat -c %s "$jar") bytes; on Android R8 finds its rules in $(unzip -Z1 "$jar" 'META-INF/proguard/*.pro')"
