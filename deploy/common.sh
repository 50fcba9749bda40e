# Read by the programs beside it (minilote, cluster, quickstart); bash 3.2, which macOS has, is enough for all of them.

# The folder of the program that reads this, and the project's.
deploy=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck disable=SC2034 # read by those programs
project=$(dirname "$deploy")

# One sentence, and the end.
fail() {
  echo "$(basename "$0"): $1" >&2
  exit "${2:-1}"
}

# Sets `java` and `java_flags`, all flags of a JVM that may take half of the memory (which it finds out better than we can:
# containers, macOS).
find_java() {
  if [ -n "${JAVA_HOME:-}" ]; then
    java=$JAVA_HOME/bin/java
    [ -x "$java" ] || fail "JAVA_HOME is $JAVA_HOME, where there is no bin/java: let it name a JDK or JRE 17 or newer."
  else
    java=$(command -v java) || fail "There is no Java: install a JDK 17 or newer, or let JAVA_HOME name one."
  fi
  local output major
  output=$("$java" -XX:+IgnoreUnrecognizedVMOptions -XX:MaxRAMPercentage=50 -XX:+PrintFlagsFinal -version 2>&1) || true
  major=$(printf '%s\n' "$output" | sed -n 's/.* version "\([0-9][0-9]*\)[^"]*".*/\1/p')
  [ -n "$major" ] || fail "$java does not tell its version: let JAVA_HOME name a JDK or JRE 17 or newer."
  [ "$major" -ge 17 ] || fail "$java is too old ($(printf '%s\n' "$output" | sed -n 's/.* version "\([^"]*\)".*/\1/p')): let JAVA_HOME name a JDK or JRE 17 or newer."
  java_flags=$output
}

# Half of the memory of the machine or container, in MiB.
half_of_memory() {
  local bytes
  bytes=$(printf '%s\n' "$java_flags" | sed -n 's/.* MaxHeapSize *= *\([0-9][0-9]*\).*/\1/p')
  echo $((${bytes:-2147483648} / 1048576))
}

# Sets and exports SPARK_HOME: the installation that it already names, or the folder that the build lays out.
find_spark() {
  if [ -n "${SPARK_HOME:-}" ]; then
    [ -d "$SPARK_HOME/jars" ] || fail "SPARK_HOME is $SPARK_HOME, where there is no folder jars: let it name an installation of Spark 4, or unset it."
  else
    local folder
    for folder in "$deploy"/spark-4.1/target/spark-*; do
      [ -f "$folder/RELEASE" ] || fail "Spark's jars are not laid out in deploy/spark-4.1/target: run deploy/quickstart, or mvn package -DskipTests, or let SPARK_HOME name a Spark 4."
      SPARK_HOME=$folder
    done
  fi
  export SPARK_HOME
}

# Fills the array `command` with what runs a class of Spark, as bin/spark-class of a Spark installation does: Spark's launcher
# is asked, which knows the class path, the JVM's options and Spark's configuration. Its answer are words that end with NUL;
# the first one begins on a line of its own. We add its exit code.
spark_command() {
  if [ -x "$SPARK_HOME/bin/spark-class" ]; then
    command=("$SPARK_HOME/bin/spark-class" "$@")
    return
  fi
  export SPARK_SCALA_VERSION=2.13
  local word code=0 last
  command=()
  while IFS= read -r -d '' word; do
    if [ ${#command[@]} = 0 ]; then
      case $word in
        $'\n'*) command=("${word#?}") ;;
        *) code=$word ;;
      esac
    else
      command+=("$word")
    fi
  done < <(
    code=0
    "$java" -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$SPARK_HOME/jars/*" org.apache.spark.launcher.Main "$@" || code=$?
    printf '%d\0' "$code"
  )
  last=$((${#command[@]} - 1))
  if [ "$last" -ge 0 ]; then
    code=${command[$last]}
    unset "command[$last]"
  fi
  [ "$code" = 0 ] || exit "$code"
}
