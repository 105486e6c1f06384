package dev.semblance.machine.differential;

/** How a stretch of a program sees memory while it is executed. */
enum View {
    /** S-mode, addresses are physical. */
    BARE,
    /** S-mode, its code on a superpage that maps addresses to themselves. */
    SUPERVISOR,
    /** S-mode, its code on pages whose physical pages are scattered. */
    PAGED,
    /** U-mode, its code on scattered pages. */
    USER;

    boolean isTranslated() {
        return this != BARE;
    }

    boolean isScattered() {
        return this == PAGED || this == USER;
    }
}
