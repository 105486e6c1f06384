/* counters - print the time and instret counters of the hart, 64 bits each.
 *
 * usage: counters [time]
 *   time   only the time CSR; instret may be closed to user mode on other machines
 * prints: "counters: time T instret N"
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* on rv32 a counter is two CSRs; read again when the upper half has moved */
#define READ_COUNTER(low_csr, high_csr)                                   \
    ({                                                                    \
        uint32_t high, low, again;                                        \
        do {                                                              \
            __asm__ volatile("csrr %0, " high_csr : "=r"(high));          \
            __asm__ volatile("csrr %0, " low_csr : "=r"(low));            \
            __asm__ volatile("csrr %0, " high_csr : "=r"(again));         \
        } while (high != again);                                          \
        (unsigned long long)high << 32 | low;                             \
    })

int main(int argc, char **argv)
{
    printf("counters: time %llu", READ_COUNTER("time", "timeh"));
    fflush(stdout); /* before instret, which may kill us */
    if (argc < 2 || strcmp(argv[1], "time"))
        printf(" instret %llu", READ_COUNTER("instret", "instreth"));
    puts("");
    return 0;
}
