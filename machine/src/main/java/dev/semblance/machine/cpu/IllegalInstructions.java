package dev.semblance.machine.cpu;

import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Remembers the illegal instructions of each mode: the first, the last, and how many there were. A guest that was built for more than
 * the hart has meets one, and what it makes of that, a panic or a dead init, says little of which it was.
 *
 * <p>It follows from the instructions executed alone. A guest cannot see it, so it is in no digest of state; a run that is to go on
 * elsewhere from where it was takes it along.
 */
final class IllegalInstructions implements Stateful {

    private final OfMode supervisor;
    private final OfMode user;

    IllegalInstructions(Isa isa) {
        supervisor = new OfMode(isa, Privilege.SUPERVISOR);
        user = new OfMode(isa, Privilege.USER);
    }

    /** Takes notice of one. */
    void raised(Privilege mode, long pc, long bits, long cycle) {
        (mode == Privilege.USER ? user : supervisor).raised(pc, bits, cycle);
    }

    /** {@return what was raised in each mode; nothing of a mode in which nothing was} */
    List<IllegalInstruction.Series> seen() {
        return Stream.of(supervisor, user).flatMap(mode -> mode.seen().stream()).toList();
    }

    @Override
    public void state(StateExchange s) {
        s.part("ILLI", 1);
        supervisor.state(s);
        user.state(s);
    }

    private static final class OfMode implements Stateful {

        private IllegalInstruction first;
        private IllegalInstruction last;
        private long count;

        OfMode(Isa isa, Privilege mode) {
            first = new IllegalInstruction(isa, mode, 0, 0, 0);
            last = first;
        }

        void raised(long pc, long bits, long cycle) {
            last = new IllegalInstruction(first.isa(), first.mode(), pc, bits, cycle);
            if (count == 0) {
                first = last;
            }
            count++;
        }

        Optional<IllegalInstruction.Series> seen() {
            return count == 0 ? Optional.empty() : Optional.of(new IllegalInstruction.Series(first, last, count));
        }

        private static IllegalInstruction exchange(StateExchange s, IllegalInstruction old) {
            return new IllegalInstruction(
                    old.isa(), old.mode(), s.saved(old.pc()), s.saved(old.bits()), s.saved(old.cycle()));
        }

        @Override
        public void state(StateExchange s) {
            count = s.saved(count);
            first = exchange(s, first);
            last = exchange(s, last);
            s.require(
                    count >= 0 && first.cycle() >= 0 && first.cycle() <= last.cycle(),
                    "its illegal instructions contradict each other");
        }
    }
}
