/* hello.S - the smallest program that shows life: prints one line and switches the machine off.
 * Thirty-odd bytes of output, no memory written, no trap expected: the first thing to run when
 * a machine does not boot.  Platforms as in start.S. */
#ifdef PLATFORM_SEMU
#define UART 0xF4000000
#else
#define UART 0x10000000
#endif
    .section .text.start, "ax"
    .globl  _start
_start:
    la      s0, text
    li      s1, UART
1:  lbu     a0, 0(s0)
    beqz    a0, 3f
2:  lbu     t0, 5(s1)               /* LSR: wait until a byte may be sent */
    andi    t0, t0, 0x20
    beqz    t0, 2b
    sb      a0, 0(s1)
    addi    s0, s0, 1
    j       1b
3:
#ifdef PLATFORM_VIRT
    li      t0, 0x100000
    li      t1, 0x5555
    sw      t1, 0(t0)
#else
    li      a7, 0x53525354
    li      a6, 0
    li      a0, 0
    li      a1, 0
    ecall
#endif
4:  j       4b

    .section .rodata
text:
#if __riscv_xlen == 64
    .asciz  "hello: rv64 bare metal is alive\n"
#else
    .asciz  "hello: rv32 bare metal is alive\n"
#endif
