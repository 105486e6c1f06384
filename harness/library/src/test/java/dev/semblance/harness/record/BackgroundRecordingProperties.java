package dev.semblance.harness.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.time.CycleTimeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** docs/ARCHITECTURE.md, corner 12: a recording is the same, event by event, whichever thread gives it away. */
class BackgroundRecordingProperties {

    private static final int PAGES = 64;
    private static final int RAM = PAGES << 12;

    /** Does at random what a guest and its devices do, the same for the same seed. */
    private static void work(long seed, CycleTimeline timeline, Recorder recorder, Ram ram, RecordingMemory memory) {
        Random random = new Random(seed);
        byte[] target = new byte[RAM];
        for (int step = 0; step < 200; step++) {
            timeline.setNow(timeline.now() + random.nextInt(1000));
            int address = random.nextBoolean() ? random.nextInt(PAGES) << 12 : random.nextInt(RAM);
            int length = 1 + random.nextInt(RAM - address);
            switch (random.nextInt(6)) {
                case 0 -> {
                    byte[] bytes = new byte[Math.min(length, 20_000)];
                    random.nextBytes(bytes);
                    ram.write(address, bytes, 0, bytes.length);
                }
                case 1 -> ram.write(address, new byte[] {(byte) random.nextInt(4)}, 0, 1);
                case 2 -> recorder.emit(new TraceEvent.ConsoleOutput((byte) step));
                case 3 -> recorder.emit(new TraceEvent.ConsoleInput(new byte[random.nextInt(400_000)]));
                case 4 -> recorder.handOver();
                default -> {
                    memory.read(address, target, 0, length);
                    memory.read(address, target, 0, length / 2);
                    memory.drain(recorder);
                }
            }
        }
    }

    private static List<Stamped> recorded(long seed, boolean background) {
        List<Stamped> events = new ArrayList<>();
        CycleTimeline timeline = new CycleTimeline();
        Recorder recorder = new Recorder(timeline, (cycle, event) -> {
            if (background && event instanceof TraceEvent.Memory) {
                LockSupport.parkNanos(1_000);
            }
            events.add(new Stamped(events.size(), cycle, event));
        });
        Ram ram = new Ram(RAM);
        RecordingMemory memory = recorder.memory(1, ram);
        Runnable work = () -> work(seed, timeline, recorder, ram, memory);
        if (background) {
            recorder.inBackground(work);
        } else {
            work.run();
        }
        return events;
    }

    @Property(tries = 60)
    void anotherThreadGivesTheSinkTheSameEventsInTheSameOrderWithTheSameCycles(@ForAll long seed) {
        assertThat(recorded(seed, true)).isEqualTo(recorded(seed, false)).hasSizeGreaterThan(20);
    }
}
