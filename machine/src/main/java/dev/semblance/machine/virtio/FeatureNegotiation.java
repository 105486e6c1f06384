package dev.semblance.machine.virtio;

import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;

/** The feature registers and what they come to at FEATURES_OK (VIRTIO 1.2, 2.2 and 4.2.2). */
final class FeatureNegotiation implements Stateful {

    private final long offered;
    private int deviceWord;
    private int driverWord;
    private long accepted;
    /** A bit beyond the 64 that exist was accepted: nothing takes that back but a reset. */
    private boolean beyond;

    private boolean agreed;

    FeatureNegotiation(long offered) {
        this.offered = offered;
    }

    void selectDeviceWord(int word) {
        deviceWord = word;
    }

    void selectDriverWord(int word) {
        driverWord = word;
    }

    /** {@return 32 of the offered features; words from 2 on are 0} */
    int offeredWord() {
        return switch (deviceWord) {
            case 0 -> (int) offered;
            case 1 -> (int) (offered >>> 32);
            default -> 0;
        };
    }

    /** Takes 32 of the features that the driver accepts, unless they are agreed upon already. */
    void accept(int value) {
        if (agreed) {
            return;
        }
        switch (driverWord) {
            case 0 -> accepted = accepted & 0xffff_ffff_0000_0000L | value & 0xffff_ffffL;
            case 1 -> accepted = accepted & 0xffff_ffffL | (long) value << 32;
            default -> beyond |= value != 0;
        }
    }

    /** {@return whether features were agreed upon} */
    boolean isAgreed() {
        return agreed;
    }

    /** {@return what the driver has accepted so far} */
    long accepted() {
        return accepted;
    }

    /** {@return the features agreed upon; none before that} */
    long negotiated() {
        return agreed ? accepted : 0;
    }

    /** Agrees to the accepted features if all were offered and VERSION_1 is among them (2.2.2, 6.2). */
    boolean agree() {
        agreed = isAcceptable();
        return agreed;
    }

    private boolean isAcceptable() {
        return !beyond && (accepted & ~offered) == 0 && (accepted & VirtioFeatures.VERSION_1) != 0;
    }

    void reset() {
        deviceWord = 0;
        driverWord = 0;
        accepted = 0;
        beyond = false;
        agreed = false;
    }

    @Override
    public void state(StateExchange s) {
        s.savedConstant(offered, "device in a slot, or one with other features");
        deviceWord = s.digested(deviceWord);
        driverWord = s.digested(driverWord);
        accepted = s.digested(accepted);
        beyond = s.digested(beyond);
        agreed = s.digested(agreed);
        s.require(!agreed || isAcceptable(), "features were agreed upon that were not offered");
    }
}
