# Finds a JDK 25 and exports it as JAVA_HOME. Sourced by mvnw and gantry.
#
# The default java of many machines is older. Maven could compile through a toolchain there, but Spotless runs
# google-java-format inside Maven's own JVM, and that needs 25; so does the server.
# Order: what the caller chose, then the places where package managers put JDKs.

jdk25_is() { # whether directory $1 is a JDK 25; reads its release file because starting java takes longer
  [ -n "$1" ] && [ -x "$1/bin/javac" ] && grep -q '^JAVA_VERSION="25[."]' "$1/release" 2>/dev/null
}

jdk25_find() {
  for jdk25_dir in "${JAVA25_HOME-}" "${JAVA_HOME-}" /usr/lib/jvm/*25* "$HOME"/.sdkman/candidates/java/25*; do
    if jdk25_is "$jdk25_dir"; then
      JAVA_HOME=$jdk25_dir
      return 0
    fi
  done
  # java_home -v 25 answers with a newer JDK when 25 is missing, hence the second look.
  if [ -x /usr/libexec/java_home ]; then
    jdk25_dir=$(/usr/libexec/java_home -v 25 2>/dev/null) && jdk25_is "$jdk25_dir" && JAVA_HOME=$jdk25_dir && return 0
  fi
  # A java on the PATH whose home is elsewhere.
  jdk25_dir=$(command -v javac) && jdk25_dir=$(readlink -f "$jdk25_dir" 2>/dev/null) || return 1
  jdk25_dir=${jdk25_dir%/bin/javac}
  jdk25_is "$jdk25_dir" && JAVA_HOME=$jdk25_dir
}

if ! jdk25_find; then
  echo "Gantry needs a JDK 25 and found none in JAVA25_HOME, JAVA_HOME, /usr/lib/jvm, ~/.sdkman, macOS or PATH." >&2
  echo "Install Eclipse Temurin 25 (https://adoptium.net/temurin/releases/?version=25) or set JAVA25_HOME." >&2
  exit 1
fi
export JAVA_HOME
