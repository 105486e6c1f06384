package dev.semblance.harness.util;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

class ShellWordsTests {

    static boolean hasBash() {
        return Files.isExecutable(Path.of("/bin/bash"));
    }

    @Test
    void plainWordsStayPlain() {
        assertThat(ShellWords.join(List.of("./semblance", "replay", "--golden", "a/b_c.d", "x y")))
                .isEqualTo("./semblance replay --golden a/b_c.d 'x y'");
    }

    @Test
    @EnabledIf(value = "hasBash", disabledReason = "there is no /bin/bash to ask")
    void aShellReadsTheWordsBack() throws Exception {
        for (String word :
                List.of("", "a", "it's", "$(id)`id`\"\\", "a\nb\tc", "é\u202e'\\x", "-n", "~/x *?[a]{b,c};|&<>#!")) {
            Process bash = new ProcessBuilder("/bin/bash", "-c", "printf %s. " + ShellWords.quote(word))
                    .redirectErrorStream(true)
                    .start();
            bash.getOutputStream().close();
            String read = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(read).isEqualTo(word + ".");
        }
    }
}
