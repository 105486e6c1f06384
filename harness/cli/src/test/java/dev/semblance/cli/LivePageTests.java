package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.record.live.LiveRun;
import dev.semblance.harness.record.live.Pace;
import dev.semblance.harness.record.session.BarePrograms;
import dev.semblance.harness.record.session.SessionConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** docs/LIVE.md: who looks at a page is told how the run ended, whatever ended it. */
@Timeout(60)
class LivePageTests {

    /** Runs something with a page that is looked at, and returns what the page was told of its end. */
    private static String told(LivePage.Run<IOException, RuntimeException> run) throws Exception {
        SessionConfig config = BarePrograms.program().forever();
        StringWriter err = new StringWriter();
        Terminal terminal = new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(err), false);
        CompletableFuture<String> ended = new CompletableFuture<>();
        try (LivePage page = LivePage.open(
                new LiveOptions.Page(Pace.MAX, 0, false),
                "t",
                true,
                config,
                new LiveRun(Pace.MAX, config.pointer(), Optional.empty(), System::nanoTime),
                Environments.of(terminal, Recordings::images))) {
            URI url = URI.create(err.toString().strip().substring("live: ".length()));
            WebSocket.Listener listener = new WebSocket.Listener() {
                @Override
                public CompletionStage<?> onText(WebSocket open, CharSequence data, boolean last) {
                    if (data.toString().contains("\"type\":\"ended\"")) {
                        ended.complete(data.toString());
                    }
                    return WebSocket.Listener.super.onText(open, data, last);
                }
            };
            HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .header("Origin", "http://127.0.0.1:" + url.getPort())
                    .buildAsync(
                            URI.create("ws" + url.resolve("socket").toString().substring("http".length())), listener)
                    .join();
            Throwable problem = catchThrowable(() -> page.show(run));
            return ended.get(20, TimeUnit.SECONDS)
                    + Optional.ofNullable(problem)
                            .map(Throwable::getMessage)
                            .map(" thrown: "::concat)
                            .orElse("");
        }
    }

    @Test
    void aRunThatComesToItsEndIsToldWithWhatCameOfIt() throws Exception {
        assertThat(told(() -> new LivePage.Ended("interrupted; t.trace is as it was", ExitCode.INTERRUPTED)))
                .contains("\"text\":\"interrupted; t.trace is as it was\"")
                .doesNotContain("thrown");
    }

    @Test
    void aRunThatFailsIsToldWithTheReasonAndFailsAllTheSame() throws Exception {
        assertThat(told(() -> {
                    throw new IOException("no space left\u001b[2J");
                }))
                .contains("\"text\":\"The run has failed: no space left")
                .contains("thrown: no space left");
        assertThat(told(() -> {
                    throw new CommandException(ExitCode.SCENARIO_FAILED, "line 3: it never said ready");
                }))
                .contains("\"text\":\"The run has failed: line 3: it never said ready\"")
                .contains("thrown: line 3");
    }
}
