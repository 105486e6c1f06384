package dev.semblance.machine.cpu;

/** Answers ECALL from S-mode: the supervisor execution environment. */
@FunctionalInterface
public interface EnvironmentCall {

    /**
     * Serves one call. Arguments and results are in the hart's a-registers; the program counter moves by itself.
     *
     * @param hart the hart that asks, with its registers
     */
    void call(Hart hart);
}
