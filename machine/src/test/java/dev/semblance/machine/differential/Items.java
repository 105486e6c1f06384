package dev.semblance.machine.differential;

/** The choice between all that a stretch of a random program may have. */
final class Items {

    private final Stretch to;
    private final MemoryItems memory;
    private final SystemItems system;

    Items(Stretch to, PageTableImage tables) {
        this.to = to;
        memory = new MemoryItems(to, tables);
        system = new SystemItems(to, memory);
    }

    /** Writes so many items, and the end. */
    void write(int items) {
        int untilCheckpoint = 8;
        for (int i = 0; i < items; i++) {
            item();
            if (--untilCheckpoint == 0) {
                to.checkpoint();
                untilCheckpoint = 8 + to.random.nextInt(12);
            }
        }
        to.end();
    }

    private void item() {
        int choice = to.random.nextInt(100);
        if (to.chance(3)) {
            to.longLoop(this::repeated);
        } else if (choice < 24) {
            to.computation();
        } else if (choice < 44) {
            to.floating();
        } else if (choice < 46) {
            to.floatStatus();
        } else if (choice < 66) {
            memory.memory();
        } else if (choice < 70) {
            memory.atomic();
        } else if (choice < 73) {
            memory.reservation(to.chance(20));
        } else if (choice < 77) {
            to.branch();
        } else if (choice < 79) {
            to.jump();
        } else if (choice < 81) {
            to.jumpToRegister();
        } else if (choice < 83) {
            to.loop(to.chance(50) ? to::simple : memory::memory);
        } else if (choice < 84) {
            to.put(to.encode(to.pool.row(Kind.FENCE, to.random)));
        } else if (choice < 89) {
            memory.changeEntry();
        } else if (choice < 91) {
            memory.jumpOut();
        } else if (choice < 92) {
            system.illegal();
        } else if (choice < 93) {
            system.writeCode();
        } else if (choice < 95) {
            system.csr();
        } else if (to.view == View.USER) {
            if (to.chance(30)) {
                system.forbidden();
            } else {
                memory.memory();
            }
        } else {
            system.any();
        }
    }

    /** What may be repeated often: it traps rarely. */
    private void repeated() {
        int choice = to.random.nextInt(100);
        if (choice < 35) {
            to.computation();
        } else if (choice < 70) {
            to.floating();
        } else if (choice < 88) {
            memory.access(memory.safeAddress() + to.random.nextInt(Long.BYTES));
        } else if (choice < 94) {
            to.branch();
        } else if (choice < 97) {
            memory.reservation(false);
        } else {
            to.jump();
        }
    }
}
