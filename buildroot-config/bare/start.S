/* start.S - first instructions of the bare-metal programs, and their way out.
 *
 * Built from the same text for:
 *   PLATFORM_SEMU   semu's machine: S-mode, entered at pc 0 with a0 = hart id, a1 = device tree
 *   PLATFORM_VIRTS  profile virt: the same, 2 MiB above the start of RAM
 *   PLATFORM_VIRT   QEMU "virt" with -bios none: M-mode, entered at 0x80000000
 *
 * With FLOATS, floating point is switched on.
 *
 * Sets up sp and the trap vector, clears .bss, calls main() and switches the machine off.
 * Any trap is a bug: it is reported by report_trap() and ends the run as well.
 */
#ifdef PLATFORM_VIRT
#define CSR_STATUS mstatus
#define CSR_TVEC   mtvec
#define CSR_CAUSE  mcause
#define CSR_EPC    mepc
#define CSR_TVAL   mtval
#else
#define CSR_STATUS sstatus
#define CSR_TVEC   stvec
#define CSR_CAUSE  scause
#define CSR_EPC    sepc
#define CSR_TVAL   stval
#endif

    .section .text.start, "ax"
    .globl  _start
_start:
    la      sp, stack_top
    la      t0, on_trap
    csrw    CSR_TVEC, t0
#ifdef FLOATS
    li      t0, 1 << 13             /* FS = Initial: the registers of F and D can be used */
    csrs    CSR_STATUS, t0
    fscsr   zero                    /* to nearest, no flags */
#endif
    la      t0, bss_start
    la      t1, bss_end
1:  bgeu    t0, t1, 2f
    sw      zero, 0(t0)
    addi    t0, t0, 4
    j       1b
2:  call    main

    .globl  power_off
power_off:
#ifdef PLATFORM_VIRT
    li      t0, 0x100000            /* SiFive test device: 0x5555 = pass */
    li      t1, 0x5555
    sw      t1, 0(t0)
#else
    li      a7, 0x53525354          /* SBI "SRST", system reset: */
    li      a6, 0
    li      a0, 0                   /* shutdown, */
    li      a1, 0                   /* no reason */
    ecall
#endif
3:  j       3b

    .balign 4
on_trap:
    la      sp, stack_top
    csrr    a0, CSR_CAUSE
    csrr    a1, CSR_EPC
    csrr    a2, CSR_TVAL
    call    report_trap
    j       power_off
