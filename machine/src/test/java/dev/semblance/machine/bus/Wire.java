package dev.semblance.machine.bus;

/** An interrupt line to look at. */
public final class Wire implements InterruptLine {

    private boolean level;
    private int rises;

    /** Makes a line that is low. */
    public Wire() {}

    @Override
    public void set(boolean newLevel) {
        if (newLevel && !level) {
            rises++;
        }
        level = newLevel;
    }

    /** Returns the level. */
    public boolean isHigh() {
        return level;
    }

    /** Returns how often it went from low to high. */
    public int rises() {
        return rises;
    }
}
