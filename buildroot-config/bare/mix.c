/* mix.c - bare-metal benchmark mix: ten small kernels, about 60 million instructions each.
 *
 * Output, one line per kernel and one at the end:
 *   mix: NAME CHECKSUM instret N
 *   mix: sum CHECKSUM instret N        (N: all kernels together, without the printing)
 *
 * Checksums depend on no address and no device; both platforms must print the same.  The code
 * is compiled without relaxation, so even the instruction counts are the same on both.
 */
#include "console.h"

#define NO_INLINE __attribute__((noinline))

/* working memory, shared by the kernels in turn */
static union {
    struct node { struct node *next; uint32_t value; } nodes[65536];            /* 512 KiB */
    struct { uint32_t a[96][96], b[96][96], c[96][96]; } matrix;
    uint8_t bytes[1 << 18];
    uint32_t words[1 << 16];
    struct { uint32_t screen[768][1024], sprite[128][128]; } picture;           /* 3 MiB + 64 KiB */
} mem;

static uint32_t random_state;

static inline uint32_t random32(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state;
}

/* list: follow one random cycle through 65536 nodes */
static NO_INLINE uint32_t list_walk(void)
{
    static uint32_t order[65536];
    for (uint32_t i = 0; i < 65536; i++)
        order[i] = i;
    for (uint32_t i = 65535; i > 0; i--) { /* Sattolo: a single cycle */
        uint32_t j = random32() % i, t = order[i];
        order[i] = order[j];
        order[j] = t;
    }
    for (uint32_t i = 0; i < 65536; i++) {
        mem.nodes[i].next = &mem.nodes[order[i]];
        mem.nodes[i].value = i * 2654435761u;
    }
    uint32_t sum = 0;
    const struct node *n = mem.nodes;
    for (uint32_t step = 0; step < 150 * 65536; step++) {
        sum = (sum ^ n->value) + step;
        n = n->next;
    }
    return sum;
}

/* matrix: 96 x 96 integer product, ten times */
static NO_INLINE uint32_t matrix_multiply(void)
{
    uint32_t sum = 0;
    for (int i = 0; i < 96; i++)
        for (int j = 0; j < 96; j++) {
            mem.matrix.a[i][j] = random32();
            mem.matrix.b[i][j] = random32();
        }
    for (int round = 0; round < 10; round++) {
        for (int i = 0; i < 96; i++)
            for (int j = 0; j < 96; j++) {
                uint32_t s = 0;
                for (int k = 0; k < 96; k++)
                    s += mem.matrix.a[i][k] * mem.matrix.b[k][j];
                mem.matrix.c[i][j] = s;
                sum = sum * 31 + s;
            }
        mem.matrix.a[round][round] = sum;
    }
    return sum;
}

static void fill_bytes(void)
{
    for (uint32_t i = 0; i < sizeof mem.bytes; i++)
        mem.bytes[i] = (uint8_t)(random32() >> 11);
}

/* crc32: the table-driven IEEE CRC over 256 KiB */
static NO_INLINE uint32_t crc32(void)
{
    static uint32_t table[256];
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t c = i;
        for (int k = 0; k < 8; k++)
            c = c & 1 ? c >> 1 ^ 0xedb88320u : c >> 1;
        table[i] = c;
    }
    fill_bytes();
    uint32_t crc = ~0u;
    for (int round = 0; round < 22; round++)
        for (uint32_t i = 0; i < sizeof mem.bytes; i++)
            crc = table[(crc ^ mem.bytes[i]) & 255] ^ crc >> 8;
    return ~crc;
}

/* states: a scanner for numbers, words, strings and comments over random text */
static NO_INLINE uint32_t state_machine(void)
{
    enum { BLANK, WORD, NUMBER, STRING, ESCAPE, COMMENT } state = BLANK;
    static const char alphabet[33] = "abcdefghijklmno0123456789 \n\"\\#_+";
    uint32_t counts[6] = { 0 }, sum = 0;
    for (uint32_t i = 0; i < sizeof mem.bytes; i++)
        mem.bytes[i] = (uint8_t)alphabet[random32() >> 27];
    for (int round = 0; round < 15; round++)
        for (uint32_t i = 0; i < sizeof mem.bytes; i++) {
            uint32_t c = mem.bytes[i];
            switch (state) {
            case BLANK:
                if (c - 'a' < 26u || c == '_') state = WORD;
                else if (c - '0' < 10u) state = NUMBER;
                else if (c == '"') state = STRING;
                else if (c == '#') state = COMMENT;
                break;
            case WORD:
                if (c - 'a' >= 26u && c - '0' >= 10u && c != '_') state = BLANK;
                break;
            case NUMBER:
                if (c - '0' >= 10u) state = c - 'a' < 26u ? WORD : BLANK;
                break;
            case STRING:
                if (c == '\\') state = ESCAPE;
                else if (c == '"') state = BLANK;
                break;
            case ESCAPE:
                state = STRING;
                break;
            case COMMENT:
                if (c == '\n') state = BLANK;
                break;
            }
            counts[state]++;
        }
    for (int i = 0; i < 6; i++)
        sum = sum * 1000003 + counts[i];
    return sum;
}

/* sort: recursive quicksort of 65536 words */
static NO_INLINE void quicksort(uint32_t *v, int low, int high)
{
    while (low < high) {
        uint32_t pivot = v[(low + high) / 2];
        int i = low, j = high;
        while (i <= j) {
            while (v[i] < pivot) i++;
            while (v[j] > pivot) j--;
            if (i <= j) {
                uint32_t t = v[i];
                v[i++] = v[j];
                v[j--] = t;
            }
        }
        quicksort(v, low, j);
        low = i;
    }
}

static NO_INLINE uint32_t sort(void)
{
    uint32_t sum = 0;
    for (int round = 0; round < 6; round++) {
        for (uint32_t i = 0; i < 65536; i++)
            mem.words[i] = random32();
        quicksort(mem.words, 0, 65535);
        for (uint32_t i = 0; i < 65536; i++)
            sum = (sum ^ mem.words[i]) * 16777619u;
    }
    return sum;
}

/* copy: memset and memcpy of 64 KiB blocks, words and an odd-sized tail of bytes */
static NO_INLINE void copy(void *to, const void *from, uint32_t n)
{
    uint32_t *d = to;
    const uint32_t *s = from;
    for (; n >= 16; n -= 16, d += 4, s += 4) {
        d[0] = s[0];
        d[1] = s[1];
        d[2] = s[2];
        d[3] = s[3];
    }
    uint8_t *db = (uint8_t *)d;
    const uint8_t *sb = (const uint8_t *)s;
    while (n--)
        *db++ = *sb++;
}

static NO_INLINE void set(void *to, uint8_t value, uint32_t n)
{
    uint32_t *d = to, word = value * 0x01010101u;
    for (; n >= 16; n -= 16, d += 4)
        d[0] = d[1] = d[2] = d[3] = word;
    uint8_t *db = (uint8_t *)d;
    while (n--)
        *db++ = value;
}

static NO_INLINE uint32_t copy_and_set(void)
{
    uint8_t *block = mem.bytes;
    uint32_t sum = 0;
    fill_bytes();
    for (uint32_t round = 0; round < 800; round++) {
        uint32_t from = round % 3, to = (round + 1) % 3;
        copy(block + to * 65536, block + from * 65536, 65536 - round % 16);
        set(block + 3 * 65536, (uint8_t)round, 65536 - round % 8);
        sum = sum * 31 + block[to * 65536 + round * 79 % 65536] + block[4 * 65536 - 1 - round % 16];
    }
    return sum;
}

/* blit: 128 x 128 sprite with a transparent colour over a 1024 x 768 picture */
static NO_INLINE uint32_t blit(void)
{
    uint32_t sum = 0;
    for (int y = 0; y < 128; y++)
        for (int x = 0; x < 128; x++) {
            int dx = x - 64, dy = y - 64;
            mem.picture.sprite[y][x] = dx * dx + dy * dy < 64 * 64 ? 0xff000000u | x << 9 | y : 0;
        }
    for (int y = 0; y < 768; y++)
        for (int x = 0; x < 1024; x++)
            mem.picture.screen[y][x] = 0xff202020u;
    for (int round = 0; round < 550; round++) {
        uint32_t left = random32() % (1024 - 128), top = random32() % (768 - 128);
        for (int y = 0; y < 128; y++) {
            const uint32_t *s = mem.picture.sprite[y];
            uint32_t *d = &mem.picture.screen[top + y][left];
            for (int x = 0; x < 128; x++)
                if (s[x])
                    d[x] = s[x];
        }
        sum = sum * 31 + mem.picture.screen[top + 64][left + 64];
    }
    for (int y = 0; y < 768; y++)
        for (int x = 0; x < 1024; x++)
            sum = (sum ^ mem.picture.screen[y][x]) * 16777619u;
    return sum;
}

/* fib: plain recursion, call and return */
static NO_INLINE uint32_t fib_of(uint32_t n)
{
    return n < 2 ? n : fib_of(n - 1) + fib_of(n - 2);
}

static NO_INLINE uint32_t fib(void)
{
    return fib_of(32);
}

/* vm: interpreter of a small stack machine; its program sums the Collatz steps of 1..limit */
enum { PUSH, LOAD, STORE, ADD, MUL, HALVE, ODD, LESS, JUMP, JUMP_ZERO, HALT };

static NO_INLINE uint32_t vm_run(const uint8_t *code, uint32_t limit)
{
    uint32_t stack[16], locals[4] = { 1, 0, limit, 0 }, *sp = stack;
    for (uint32_t pc = 0;;) {
        switch (code[pc++]) {
        case PUSH: *sp++ = code[pc++]; break;
        case LOAD: *sp++ = locals[code[pc++] & 3]; break;
        case STORE: locals[code[pc++] & 3] = *--sp; break;
        case ADD: sp--; sp[-1] += sp[0]; break;
        case MUL: sp--; sp[-1] *= sp[0]; break;
        case HALVE: sp[-1] >>= 1; break;
        case ODD: sp[-1] &= 1; break;
        case LESS: sp--; sp[-1] = sp[-1] < sp[0]; break;
        case JUMP: pc = code[pc]; break;
        case JUMP_ZERO: pc = *--sp ? pc + 1 : code[pc]; break;
        case HALT: return locals[3];
        }
    }
}

static NO_INLINE uint32_t vm(void)
{
    static const uint8_t program[] = {
        /*  0 */ LOAD, 0, LOAD, 2, LESS, JUMP_ZERO, 50,           /* while (i < limit) */
        /*  7 */ LOAD, 0, STORE, 1,                               /*   n = i */
        /* 11 */ PUSH, 1, LOAD, 1, LESS, JUMP_ZERO, 41,           /*   while (1 < n) */
        /* 18 */ LOAD, 3, PUSH, 1, ADD, STORE, 3,                 /*     steps++ */
        /* 25 */ LOAD, 1, ODD, JUMP_ZERO, 52,                     /*     if (n odd) */
        /* 30 */ LOAD, 1, PUSH, 3, MUL, PUSH, 1, ADD, JUMP, 57,   /*       n = 3n + 1 */
        /* 40 */ HALT,
        /* 41 */ LOAD, 0, PUSH, 1, ADD, STORE, 0, JUMP, 0,        /*   i++ */
        /* 50 */ HALT, HALT,
        /* 52 */ LOAD, 1, HALVE, JUMP, 57,                        /*     else n = n / 2 */
        /* 57 */ STORE, 1, JUMP, 11,
    };
    return vm_run(program, 2750);
}

/* alu: shifts, multiplication, division and remainder, all in registers */
static NO_INLINE uint32_t alu(void)
{
    uint32_t a = 0x12345678, b = 0x9abcdef1, c = 0;
    for (uint32_t i = 1; i <= 2250000; i++) {
        a = (a << 7 | a >> 25) + b;
        b ^= a * 0x9e3779b1u;
        c += (uint32_t)((uint64_t)a * b >> 32);
        c ^= (uint32_t)((int32_t)b >> 5);
        a += b / i;
        b -= c % (i | 1);
        c += (int32_t)a < (int32_t)b ? ~a & b : a | c >> 3;
        a ^= (uint32_t)((int32_t)c / (int32_t)((i & 1023) | 1));
    }
    return a ^ b ^ c;
}

void report_trap(uint32_t cause, uint32_t pc, uint32_t value)
{
    put_text("mix: trap cause ");
    put_hex(cause);
    put_text(" pc ");
    put_hex(pc);
    put_text(" value ");
    put_hex(value);
    put_char('\n');
}

int main(void)
{
    static const struct { const char *name; uint32_t (*run)(void); } kernels[] = {
        { "list", list_walk }, { "matrix", matrix_multiply }, { "crc32", crc32 },
        { "states", state_machine }, { "sort", sort }, { "copy", copy_and_set },
        { "blit", blit }, { "fib", fib }, { "vm", vm }, { "alu", alu },
    };
    uint32_t sum = 0;
    uint64_t total = 0;
    for (uint32_t k = 0; k < sizeof kernels / sizeof *kernels; k++) {
        random_state = 0x2545f491u; /* each kernel on its own gives the same result */
        uint64_t before = instructions_retired();
        uint32_t result = kernels[k].run();
        uint64_t spent = instructions_retired() - before;
        put_text("mix: ");
        put_text(kernels[k].name);
        put_char(' ');
        put_hex(result);
        put_text(" instret ");
        put_decimal(spent);
        put_char('\n');
        sum = sum * 31 + result;
        total += spent;
    }
    put_text("mix: sum ");
    put_hex(sum);
    put_text(" instret ");
    put_decimal(total);
    put_char('\n');
    return 0;
}
