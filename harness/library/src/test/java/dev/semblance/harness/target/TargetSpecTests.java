package dev.semblance.harness.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.harness.UnusableInputException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TargetSpecTests {

    @Test
    void aKindAndACommandAreDividedByTheFirstColon() {
        assertThat(TargetSpec.parse("builtin")).isEqualTo(TargetSpec.BUILTIN);
        assertThat(TargetSpec.parse("pipe:./gpu --mode=a:b"))
                .isEqualTo(new TargetSpec(TargetSpec.Kind.PIPE, "./gpu --mode=a:b"));
        assertThat(TargetSpec.parse("vhost-user:gpu -s {socket}")).hasToString("vhost-user:gpu -s {socket}");
    }

    @Test
    void whatIsNoTargetIsRefusedWithTheWordsThatThereAre() {
        assertThatThrownBy(() -> TargetSpec.parse("./gpu"))
                .isInstanceOf(UnusableInputException.class)
                .hasMessage(
                        "there is no target \"./gpu\": say builtin, vhost-user:COMMAND, qtest:COMMAND, pipe:COMMAND");
        assertThatThrownBy(() -> TargetSpec.parse("pipe: "))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("has no command");
        assertThatThrownBy(() -> TargetSpec.parse("qtest")).hasMessageContaining("has no command");
        assertThatThrownBy(() -> TargetSpec.parse("builtin:x")).isInstanceOf(UnusableInputException.class);
    }

    @Test
    void aSocketsPathIsOneWordForTheShell() {
        TargetSpec spec = TargetSpec.parse("vhost-user:gpu -s {socket} --log {socket}.log");
        assertThat(spec.commandWith(Path.of("/tmp/a b/it's.sock")))
                .isEqualTo("gpu -s '/tmp/a b/it'\\''s.sock' --log '/tmp/a b/it'\\''s.sock'.log");
    }
}
