package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.record.live.Watchable;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.util.Printable;
import dev.semblance.live.LiveGuest;
import dev.semblance.live.LiveServer;
import java.io.IOException;
import java.util.Optional;

/** The page of a guest that runs, or none. Its address is told, and the browser opened with it, when it is made. */
final class LivePage implements AutoCloseable {

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /**
     * Where a page is.
     *
     * @param port of 127.0.0.1, 0 for any that is free
     * @param opens whether the browser is opened
     */
    record Place(int port, boolean opens) {}

    private final Optional<LiveServer> server;

    private LivePage(Optional<LiveServer> server) {
        this.server = server;
    }

    /**
     * How a run ended.
     *
     * @param sentence what came of it, for who looks at the page
     */
    record Ended(String sentence, ExitCode code) {}

    /** A run, with all that is made before it and of it. */
    @FunctionalInterface
    interface Run<A extends Exception, B extends Exception> {
        /** Runs it to its end. */
        Ended toItsEnd() throws A, B;
    }

    /** Returns what is there where no page is wanted. */
    static LivePage none() {
        return new LivePage(Optional.empty());
    }

    /**
     * Makes one.
     *
     * @param wanted where it is
     * @param title what it is called
     * @param records whether the guest is recorded
     */
    static LivePage open(
            LiveOptions.Page wanted,
            String title,
            boolean records,
            SessionConfig config,
            Watchable run,
            CliEnvironment environment) {
        Place place = new Place(wanted.port(), wanted.opens());
        int scanouts = config.displays().count();
        long clock = config.model().profile().cyclesPerSecond();
        return open(place, new LiveGuest(Printable.line(title), records, scanouts, clock, run), environment);
    }

    /**
     * Makes one of a guest that is served and recorded.
     *
     * @param place where it is
     * @param title what it is called
     * @param scanouts how many there are
     * @param guest the guest
     */
    static LivePage ofServed(Place place, String title, int scanouts, Watchable guest, CliEnvironment environment) {
        return open(place, new LiveGuest(Printable.line(title), true, scanouts, NANOS_PER_SECOND, guest), environment);
    }

    private static LivePage open(Place place, LiveGuest guest, CliEnvironment environment) {
        try {
            LiveServer server = LiveServer.start(place.port(), guest);
            announce("live", server.url(), place.opens(), environment);
            return new LivePage(Optional.of(server));
        } catch (IOException e) {
            throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    /** Tells the address of a page, and opens the browser with it if that is wanted. */
    static void announce(String what, String url, boolean opens, CliEnvironment environment) {
        environment.terminal().err().println(what + ": " + url);
        environment.terminal().err().flush();
        if (opens) {
            BrowserOpener.here(environment.variables())
                    .open(url)
                    .ifPresent(said -> environment.terminal().err().println("semblance: " + said));
            environment.terminal().err().flush();
        }
    }

    /** Runs a guest, and tells who looks at the page how that ended, whatever ended it. */
    <A extends Exception, B extends Exception> ExitCode show(Run<A, B> run) throws A, B {
        String sentence = "The run is over.";
        try {
            Ended ended = run.toItsEnd();
            sentence = ended.sentence();
            return ended.code();
        } catch (Exception e) {
            sentence = "The run has failed: " + e.getMessage();
            throw e;
        } finally {
            String told = Printable.line(sentence);
            server.ifPresent(open -> open.end(told));
        }
    }

    @Override
    public void close() {
        server.ifPresent(LiveServer::close);
    }
}
