#!/bin/bash -eu
# Builds the fuzz targets in harness/library/src/test/java/dev/semblance/harness/jazzer for OSS-Fuzz and ClusterFuzzLite: for
# each a start script, and its seeds as a corpus.
jdk=/usr/lib/jvm/jdk-25
export JAVA_HOME=$jdk

mvn -q -DskipTests -Dspotless.check.skip=true -pl :semblance-harness -am install
mvn -q -pl :semblance-harness org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies \
  -DincludeScope=test -DoutputDirectory="$OUT/lib"
rm -f "$OUT"/lib/jazzer-0*.jar
for kind in classes test-classes; do
  mkdir -p "$OUT/$kind"
  cp -r "harness/library/target/$kind/." "$OUT/$kind/"
done
rm -f "$OUT/classes/module-info.class"
cp -r "$jdk" "$OUT/open-jdk-25"

package=dev/semblance/harness/jazzer
for source in "harness/library/src/test/java/$package"/*FuzzTests.java; do
  target=$(basename "$source" .java)
  zip -q -j "$OUT/${target}_seed_corpus.zip" harness/library/src/test/resources/$package/"${target}Inputs"/*/*
  cat > "$OUT/$target" <<SCRIPT
#!/bin/bash
# LLVMFuzzerTestOneInput for fuzzer detection.
this_dir=\$(dirname "\$0")
export JAVA_HOME="\$this_dir/open-jdk-25"
export LD_LIBRARY_PATH="\$JAVA_HOME/lib/server"
"\$this_dir/jazzer_driver" --agent_path="\$this_dir/jazzer_agent_deploy.jar" \\
  --cp="\$this_dir/classes:\$this_dir/test-classes:\$this_dir/lib/*" \\
  --target_class=${package//\//.}.$target \\
  --instrumentation_includes='dev.semblance.**' \\
  --jvm_args="-Xmx1g:-XX\\\\:+UseSerialGC:--enable-native-access=ALL-UNNAMED" \\
  "\$@"
SCRIPT
  chmod +x "$OUT/$target"
done
