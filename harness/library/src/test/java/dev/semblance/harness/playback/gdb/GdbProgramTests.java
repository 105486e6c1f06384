package dev.semblance.harness.playback.gdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.Recordings;
import dev.semblance.harness.playback.Moment;
import dev.semblance.harness.playback.Playback;
import dev.semblance.harness.playback.TraceIndex;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.record.session.Translators;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.cpu.AddressSpace;
import dev.semblance.machine.cpu.MemoryEvent;
import dev.semblance.machine.cpu.Watch;
import dev.semblance.machine.cpu.Watchpoint;
import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.profile.MachineModel;
import dev.semblance.machine.profile.Profile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions of a real GDB. */
@Timeout(120)
class GdbProgramTests {

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void gdbGoesForthAndBackAndReadsAllThereIs(Isa isa) throws Exception {
        SmallMachine machine = new SmallMachine(new MachineModel(Profile.VIRT, isa, 16 << 20), SmallMachine.END);
        String output = Gdb.run(
                folder,
                machine,
                isa.is64(),
                List.of(
                        "x/3i $pc",
                        "stepi",
                        "stepi",
                        "hbreak *($pc + 4)",
                        "continue",
                        "printf \"count %d\\n\", $a3",
                        "continue",
                        "printf \"count %d\\n\", $a3",
                        "reverse-continue",
                        "printf \"count %d\\n\", $a3",
                        "reverse-stepi",
                        "delete",
                        "watch *(int *) 0x80201000",
                        "continue",
                        "continue",
                        "reverse-continue",
                        "delete",
                        "rwatch *(int *) 0x80201000",
                        "continue",
                        "delete",
                        "set var $a3 = 5",
                        "printf \"priv %d, satp %d, sscratch %d\\n\", $priv, $satp, $sscratch",
                        "monitor hello",
                        "reverse-continue",
                        "continue",
                        "info all-registers",
                        "detach"));
        // Addresses of 64 bits are written with zeros before them.
        assertThat(output.replace("0x00000000", "0x"))
                .containsSubsequence(
                        "=> 0x80200000:\tauipc\ta0,0x1",
                        "0x80200004:\tadd\ta3,a3,1",
                        "0x80200008:\tsw\ta3,0(a0)",
                        "0x80200004 in ?? ()",
                        "0x80200008 in ?? ()",
                        "Breakpoint 1, 0x8020000c",
                        "count 1\n",
                        "Breakpoint 1, 0x8020000c",
                        "count 2\n",
                        "Breakpoint 1, 0x8020000c",
                        "count 1\n",
                        "0x80200008 in ?? ()",
                        "Hardware watchpoint 2: *(int *) 0x80201000",
                        "Old value = 0\nNew value = 1\n0x8020000c in ?? ()",
                        "Old value = 1\nNew value = 2\n0x8020000c in ?? ()",
                        "Old value = 2\nNew value = 1\n0x80200008 in ?? ()",
                        "read watchpoint 3: *(int *) 0x80201000",
                        "Value = 2\n0x80200010 in ?? ()",
                        "the machine is played back from a trace and cannot be changed",
                        "priv 1, satp 0, sscratch 0\n",
                        "you said hello\n",
                        "No more reverse-execution history.",
                        "0x80200000 in ?? ()",
                        "No more reverse-execution history.",
                        "a0  ",
                        "detached]");
        assertThat(output).doesNotContain("rror:", "Could not fetch", "Truncated", "warning: Architecture");
    }

    /** The store that changed a word of the kernel's stack, forwards and back, in a recording of Linux. */
    @Test
    void gdbFindsTheStoreThatChangedAWordOfAPlayedBackLinux() throws Exception {
        Path trace = Recordings.cursor();
        SessionConfig config =
                Recordings.linux(Recordings.BOOTARGS, 7).translatedBy(Optional.of(Translators.inBackground()));
        Playback playback;
        try (TraceReader reader = TraceReader.open(trace)) {
            playback = new Playback(TraceIndex.of(reader), config);
        }
        Moment middle = playback.index().before(playback.index().end().cycle() / 2);
        playback.seek(middle);
        long stack = playback.machine().hart().x(2);
        List<MemoryEvent.Store> stores = new ArrayList<>();
        playback.machine()
                .watch(Watch.over(
                        List.of(new Watchpoint(AddressSpace.VIRTUAL, stack - 512, 512, false, true, false)), event -> {
                            if (event instanceof MemoryEvent.Store store
                                    && store.length() == 4
                                    && store.value() != store.before()) {
                                stores.add(store);
                            }
                        }));
        playback.playOn(playback.index().before(middle.cycle() + 20_000_000), cycle -> {});
        playback.machine().watch(Watch.NOTHING);
        MemoryEvent.Store store = stores.getFirst();
        playback.seek(playback.index().before(middle.cycle() - 1_000));

        String address = "0x" + Integer.toHexString((int) store.virtual());
        String pc = "0x" + Integer.toHexString((int) store.pc());
        String next = "0x" + Integer.toHexString((int) store.pc() + 4);
        String output = Gdb.run(
                folder,
                new PlaybackDebugger(playback, new MonitorCommands(trace, playback)),
                false,
                List.of(
                        "monitor seek cycle:" + middle.cycle(),
                        "maintenance flush register-cache",
                        "watch *(int *) " + address,
                        "continue",
                        "monitor when",
                        "reverse-continue",
                        "monitor when",
                        "x/i $pc",
                        "detach"));
        assertThat(output)
                .containsSubsequence(
                        Text.format("@%,d", middle.cycle()),
                        "Hardware watchpoint 1: *(int *) " + address,
                        Text.format(
                                "Old value = %d\nNew value = %d\n%s", (int) store.before(), (int) store.value(), next),
                        Text.format("@%,d", store.cycle() + 1),
                        Text.format(
                                "Old value = %d\nNew value = %d\n%s", (int) store.value(), (int) store.before(), pc),
                        Text.format("@%,d", store.cycle()),
                        "=> " + pc);
    }
}
