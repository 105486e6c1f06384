package dev.semblance.harness.target.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.target.TargetSpec;
import dev.semblance.harness.target.dialect.Dialect;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** docs/FUZZING.md: a test names its device as a command line does. */
class ChosenTargetTests {

    private static ChosenTarget from(Map<String, String> properties) {
        return ChosenTarget.from(name -> Optional.ofNullable(properties.get(name)));
    }

    @Test
    void withoutPropertiesATestIsAboutTheDeviceOfThisProject() {
        assertThat(from(Map.of()).spec()).isEqualTo(TargetSpec.BUILTIN);
        assertThat(from(Map.of()).dialect()).isEqualTo(Dialect.STANDARD);
    }

    @Test
    void propertiesNameAProgramAndItsDialects() {
        ChosenTarget chosen = from(Map.of("semblance.target", "pipe:./my-gpu -x", "semblance.dialect", "semu,qemu"));
        assertThat(chosen.spec()).isEqualTo(new TargetSpec(TargetSpec.Kind.PIPE, "./my-gpu -x"));
        assertThat(chosen.dialect()).isEqualTo(Dialect.of("semu").and(Dialect.of("qemu")));
    }

    @Test
    void whatATestCannotHaveIsRefused() {
        for (String target : new String[] {"vhost-user:x", "qtest:x", "./my-gpu", "pipe:"}) {
            assertThatThrownBy(() -> ChosenTarget.of(target)).as(target).isInstanceOf(UnusableInputException.class);
        }
        assertThatThrownBy(() -> from(Map.of("semblance.dialect", "klingon"))).isInstanceOf(SemblanceException.class);
    }
}
