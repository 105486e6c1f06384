package dev.semblance.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.jqwik.api.Example;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/** CONTRIBUTING.md, "Tests": what runs at the same time as what. */
class EnginesAtOnceTests {

    private static final List<String> RAN = Collections.synchronizedList(new ArrayList<>());
    private static final CyclicBarrier BOTH = new CyclicBarrier(2);

    /** Returns only when the other engine's is here too. */
    private static void meet(String who) throws InterruptedException, BrokenBarrierException, TimeoutException {
        BOTH.await(1, TimeUnit.MINUTES);
        RAN.add(who);
    }

    // Their names are none that the build looks for: they run inside the tests here alone.

    static final class OfJupiter {
        @Test
        void meetsTheOther() throws Exception {
            meet("shared");
        }
    }

    static final class OfJqwik {
        @Example
        void meetsTheOther() throws Exception {
            meet("shared");
        }
    }

    @Isolated
    static final class Alone {
        @Test
        void runs() {
            RAN.add("alone");
        }

        @Test
        void fails() {
            throw new AssertionError("as it should");
        }
    }

    private static EngineExecutionResults run(boolean enabled) {
        RAN.clear();
        return EngineTestKit.engine(EnginesAtOnce.ID)
                .configurationParameter(EnginesAtOnce.ENABLED, Boolean.toString(enabled))
                .selectors(
                        DiscoverySelectors.selectClass(Alone.class),
                        DiscoverySelectors.selectClass(OfJupiter.class),
                        DiscoverySelectors.selectClass(OfJqwik.class))
                .execute();
    }

    @Test
    void testsAndPropertiesRunAtTheSameTimeAndIsolatedClassesAfterThem() {
        EngineExecutionResults results = run(true);
        results.testEvents()
                .assertStatistics(counts -> counts.started(4).succeeded(3).failed(1));
        assertThat(RAN).containsExactly("shared", "shared", "alone");
    }

    @Test
    void nothingRunsWhereTheEnginesThemselvesAreAskedToo() {
        run(false).testEvents().assertStatistics(counts -> counts.started(0));
        assertThat(RAN).isEmpty();
    }
}
