package dev.semblance.machine.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.bus.Bus;
import dev.semblance.machine.isa.Assembler;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.state.StateDigest;
import dev.semblance.machine.time.CycleTimeline;
import dev.semblance.machine.translate.Translator;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;

/** A hart with 16 MiB of RAM at 0, an empty bus and a timeline. ECALL from S-mode ends the run, and says so. */
final class TestHart {

    /** Translates all that is executed before it is. */
    static final Optional<Translator> EAGER = Optional.of(new Translator(Runnable::run, Translator.Options.EAGER));

    /** Of all tests that do not say: the interpreter; with -Dsemblance.test.core=translator, all that they execute is translated. */
    private static final Optional<Translator> USUAL =
            "translator".equals(System.getProperty("semblance.test.core")) ? EAGER : Optional.empty();

    static final int RAM_SIZE = 16 << 20;

    final Ram ram;
    final Bus bus = new Bus();
    final CycleTimeline timeline = new CycleTimeline();
    final Hart hart;
    final HartState state;
    private boolean called;

    TestHart() {
        this(Isa.RV32IMA);
    }

    TestHart(Isa isa) {
        ram = new Ram(RAM_SIZE);
        hart = new Hart(isa, ram, bus, timeline, this::end, timeline::now, USUAL);
        state = hart.state();
    }

    /** Makes a hart with RAM of another size, whose ECALL from S-mode means something else. */
    TestHart(int ramSize, EnvironmentCall environment) {
        this(Isa.RV32IMA, ramSize, environment);
    }

    TestHart(Isa isa, int ramSize, EnvironmentCall environment) {
        this(isa, ramSize, environment, USUAL);
    }

    TestHart(Isa isa, int ramSize, EnvironmentCall environment, Optional<Translator> translator) {
        ram = new Ram(ramSize);
        hart = new Hart(isa, ram, bus, timeline, environment, timeline::now, translator);
        state = hart.state();
    }

    private void end(Hart caller) {
        called = true;
        caller.stop();
    }

    /** Returns a hart that is about to execute a program at address 0. */
    static TestHart with(String source) {
        return new TestHart().load(0, source);
    }

    /** Returns a hart with 64 bits that is about to execute a program at address 0, with floating point on. */
    static TestHart with64(String source) {
        TestHart hart = new TestHart(Isa.RV64GC).load(0, source);
        hart.state.sstatus |= HartState.FS;
        return hart;
    }

    TestHart load(long address, String source) {
        int[] words = Assembler.assemble(address, source);
        for (int i = 0; i < words.length; i++) {
            ram.putInt(address + 4L * i, words[i]);
        }
        return this;
    }

    /** Puts parcels of 16 bits into memory. */
    TestHart parcels(long address, int... parcels) {
        for (int i = 0; i < parcels.length; i++) {
            ram.putShort(address + 2L * i, (short) parcels[i]);
        }
        return this;
    }

    TestHart at(long pc) {
        state.pc = state.isa().canonical(pc);
        return this;
    }

    /** Brings the hart into a mode, at an address, with an SRET at 0xffc and an empty TLB; satp is 0 then. Takes a cycle. */
    TestHart enter(Privilege mode, long pc) {
        load(0xffc, "sret").at(0xffc);
        state.satp = 0;
        state.privilege = Privilege.SUPERVISOR;
        state.sepc = state.isa().canonical(pc);
        state.sstatus = mode == Privilege.USER ? state.sstatus & ~HartState.SPP : state.sstatus | HartState.SPP;
        hart.flushTranslations();
        step(1);
        hart.flushTranslations();
        return this;
    }

    TestHart set(String register, long value) {
        state.setX(Assembler.register(register), value);
        return this;
    }

    /** Returns all 64 bits of a register. */
    long getLong(String register) {
        assertThat(state.x(0)).as("x0").isZero();
        return state.x(Assembler.register(register));
    }

    int get(String register) {
        long value = state.x(Assembler.register(register));
        assertThat(value).as("registers are sign-extended").isBetween((long) Integer.MIN_VALUE, (long)
                Integer.MAX_VALUE);
        assertThat(state.x(0)).as("x0").isZero();
        return (int) value;
    }

    /** Executes this many instructions, or lets as many cycles pass. */
    TestHart step(int count) {
        assertThat(hart.run(state.cycle + count)).isEqualTo(Hart.Stop.LIMIT);
        return this;
    }

    /** Executes up to and with the next ECALL from S-mode. */
    TestHart run() {
        called = false;
        assertThat(hart.run(state.cycle + 100_000)).isEqualTo(Hart.Stop.LIMIT);
        assertThat(called)
                .as("the program came to its ecall; pc is 0x%x", state.pc)
                .isTrue();
        return this;
    }

    /** Says what trap the hart has just taken: stvec must be 0x1000 and nothing must have been executed there. */
    void assertTrapped(int cause, long epc, long value) {
        assertThat(state.pc).as("the handler").isEqualTo(0x1000);
        assertThat((int) state.scause).as("scause").isEqualTo(cause);
        assertThat((int) state.sepc).as("sepc").isEqualTo((int) epc);
        assertThat((int) state.stval).as("stval").isEqualTo((int) value);
        assertThat(state.privilege).isEqualTo(Privilege.SUPERVISOR);
    }

    /** As {@link #assertTrapped}, with all 64 bits. */
    void assertTrapped64(int cause, long epc, long value) {
        assertThat(state.pc).as("the handler").isEqualTo(0x1000);
        assertThat(state.scause).as("scause").isEqualTo(cause);
        assertThat(state.sepc).as("sepc").isEqualTo(epc);
        assertThat(state.stval).as("stval").isEqualTo(value);
        assertThat(state.privilege).isEqualTo(Privilege.SUPERVISOR);
    }

    /** Compares with a reference: registers, CSRs, memory. */
    void assertIs(ReferenceHart reference) {
        ReferenceHart shown = new ReferenceHart(0);
        for (int register = 0; register < 32; register++) {
            shown.x[register] = (int) state.x(register);
        }
        shown.pc = (int) state.pc;
        shown.supervisor = state.privilege == Privilege.SUPERVISOR;
        shown.cycle = state.cycle();
        shown.instret = state.instret();
        shown.sstatus = (int) state.sstatus;
        shown.sie = (int) state.sie;
        shown.sip = (int) state.sip;
        shown.stvec = (int) state.stvec;
        shown.sscratch = (int) state.sscratch;
        shown.sepc = (int) state.sepc;
        shown.scause = (int) state.scause;
        shown.stval = (int) state.stval;
        shown.mmu.satp = (int) state.satp;
        assertThat(shown).hasToString(reference.toString());
        byte[] page = new byte[Ram.PAGE_SIZE];
        for (int at = 0; at < reference.memory.capacity(); at += Ram.PAGE_SIZE) {
            ram.read(at, page, 0, Ram.PAGE_SIZE);
            assertThat(ByteBuffer.wrap(page).mismatch(reference.memory.slice(at, Ram.PAGE_SIZE)))
                    .as("where the page at 0x%x first differs", at)
                    .isEqualTo(-1);
        }
    }

    /** Returns the digest of everything that the guest can see. */
    String digest() {
        return HexFormat.of().formatHex(StateDigest.sha256(s -> {
            state.state(s);
            ram.state(s);
        }));
    }
}
