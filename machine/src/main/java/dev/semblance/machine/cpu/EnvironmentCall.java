package dev.semblance.machine.cpu;

/** Answers ECALL from S-mode: the supervisor execution environment. */
@FunctionalInterface
public interface EnvironmentCall {

    /** Serves one call. Arguments and results are in the hart's a-registers; the program counter moves by itself. */
    void call(Hart hart);
}
