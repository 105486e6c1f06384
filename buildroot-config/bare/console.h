/* console.h - polled 16550 output and the retired-instruction counter, for the bare programs. */
#ifndef CONSOLE_H
#define CONSOLE_H
#include <stdint.h>

#ifdef PLATFORM_SEMU
#define UART_BASE 0xF4000000u
#else
#define UART_BASE 0x10000000u
#endif
#ifdef PLATFORM_VIRT
#define CSR_INSTRET "minstret"
#define CSR_INSTRETH "minstreth"
#else
#define CSR_INSTRET "instret"
#define CSR_INSTRETH "instreth"
#endif

static inline void put_char(char c)
{
    volatile uint8_t *uart = (volatile uint8_t *)UART_BASE;
    while (!(uart[5] & 0x20)) /* LSR: transmit holding register empty */
        ;
    uart[0] = (uint8_t)c;
}

static inline void put_text(const char *s)
{
    for (; *s; s++)
        put_char(*s);
}

static inline void put_hex(uint32_t v)
{
    for (int shift = 28; shift >= 0; shift -= 4)
        put_char("0123456789abcdef"[v >> shift & 15]);
}

/* 64-bit decimal by long division over 16-bit digits: no libgcc needed */
static inline void put_decimal(uint64_t v)
{
    uint32_t part[4] = { (uint32_t)(v >> 48), v >> 32 & 0xffff, v >> 16 & 0xffff, v & 0xffff };
    char digits[20];
    int n = 0;
    do {
        uint32_t rest = 0;
        for (int i = 0; i < 4; i++) {
            uint32_t t = rest << 16 | part[i];
            part[i] = t / 10;
            rest = t % 10;
        }
        digits[n++] = (char)('0' + rest);
    } while (part[0] | part[1] | part[2] | part[3]);
    while (n)
        put_char(digits[--n]);
}

static inline uint64_t instructions_retired(void)
{
#if __riscv_xlen == 64
    uint64_t count;
    __asm__ volatile("csrr %0, " CSR_INSTRET : "=r"(count) : : "memory");
    return count;
#else
    uint32_t high, low, again;
    do {
        __asm__ volatile("csrr %0, " CSR_INSTRETH : "=r"(high) : : "memory");
        __asm__ volatile("csrr %0, " CSR_INSTRET : "=r"(low) : : "memory");
        __asm__ volatile("csrr %0, " CSR_INSTRETH : "=r"(again) : : "memory");
    } while (high != again);
    return (uint64_t)high << 32 | low;
#endif
}
#endif
