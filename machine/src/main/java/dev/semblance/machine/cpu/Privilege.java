package dev.semblance.machine.cpu;

import java.util.List;

/** The privilege modes of a hart whose machine mode is the machine itself (privileged architecture, 1.2). */
public enum Privilege {
    /** U-mode. */
    USER(0),
    /** S-mode. */
    SUPERVISOR(1);

    /** Both modes. */
    static final List<Privilege> ALL = List.of(values());

    private final int level;

    Privilege(int level) {
        this.level = level;
    }

    /** {@return the encoding that the specification gives the mode} */
    public int level() {
        return level;
    }
}
