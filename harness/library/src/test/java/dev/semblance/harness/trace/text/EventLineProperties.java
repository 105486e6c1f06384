package dev.semblance.harness.trace.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.trace.EventArbitraries;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceFiles;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class EventLineProperties {

    @Property(tries = 500)
    void anyEventIsOneLineOfPrintableAscii(@ForAll("events") TraceEvent event) {
        assertThat(EventText.describe(Events.MANIFEST, new Stamped(1, 2, event)))
                .matches("[ -~]+");
        assertThat(EventText.describe(TraceFiles.MANIFEST, event)).matches("[ -~]+");
    }

    @Property(tries = 1000)
    void anyEventCanBeMadeAgainFromItsJson(@ForAll("events") TraceEvent event, @ForAll boolean gpusOnly) {
        Stamped stamped = new Stamped(7, 8, event);
        String line = new EventJson(gpusOnly ? TraceFiles.MANIFEST : Events.MANIFEST).line(stamped);
        assertThat(line).matches("[ -~]+");
        JsonEvents.Placed read = JsonEvents.event(line.getBytes(StandardCharsets.UTF_8));
        assertThat(new Stamped(read.sequence().orElseThrow(), read.cycle(), read.event()))
                .isEqualTo(stamped);
    }

    @Provide
    Arbitrary<TraceEvent> events() {
        return Arbitraries.oneOf(EventArbitraries.events(), EventArbitraries.ends());
    }
}
