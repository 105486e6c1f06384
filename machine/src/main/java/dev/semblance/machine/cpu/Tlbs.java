package dev.semblance.machine.cpu;

import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;
import java.util.List;

/** The {@link Tlb}s of a hart, one for each mode of access. What is dropped, or led elsewhere, is so in all of them. */
final class Tlbs implements Stateful, Ram.SharingListener {

    private final Tlb user;
    private final Tlb supervisor;
    private final Tlb supervisorWithUserAccess;
    private final List<Tlb> all;

    Tlbs(TranslationScheme scheme, long ramBase) {
        user = new Tlb(scheme, ramBase);
        supervisor = new Tlb(scheme, ramBase);
        supervisorWithUserAccess = new Tlb(scheme, ramBase);
        all = List.of(user, supervisor, supervisorWithUserAccess);
    }

    /** {@return the one that accesses go through in the mode of a hart} */
    Tlb of(HartState state) {
        return switch (state.privilege) {
            case USER -> user;
            case SUPERVISOR -> (state.sstatus & HartState.SUM) == 0 ? supervisor : supervisorWithUserAccess;
        };
    }

    @Override
    public void state(StateExchange s) {
        s.part("TLBS", 1);
        user.state(s);
        supervisor.state(s);
        supervisorWithUserAccess.state(s);
    }

    /** See {@link Tlb#reconnect}. */
    void reconnect(StateExchange s, Ram ram) {
        all.forEach(tlb -> tlb.reconnect(s, ram));
    }

    /** See {@link Tlb#flush()}. */
    void flush() {
        all.forEach(Tlb::flush);
    }

    /** See {@link Tlb#flush(long)}. */
    void flush(long address) {
        for (Tlb tlb : all) {
            tlb.flush(address);
        }
    }

    /** See {@link Tlb#close}. */
    void close(byte[] bytes) {
        all.forEach(tlb -> tlb.close(bytes));
    }

    /** See {@link Tlb#closeAll}. */
    void closeAll() {
        all.forEach(Tlb::closeAll);
    }

    /** See {@link Tlb#disconnectAll}. */
    void disconnectAll() {
        all.forEach(Tlb::disconnectAll);
    }

    /** See {@link Tlb#hideLoads}. */
    void hideLoads(boolean hidden) {
        all.forEach(tlb -> tlb.hideLoads(hidden));
    }

    @Override
    public void shared() {
        closeAll();
    }

    @Override
    public void copied(byte[] before, byte[] copy) {
        all.forEach(tlb -> tlb.redirect(before, copy));
    }
}
