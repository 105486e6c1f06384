/* fpmix.c - bare-metal mix of floating point for rv64gc: six kernels, about 60 million instructions each.
 *
 * Output, one line per kernel and one at the end, as mix.c:
 *   fpmix: NAME CHECKSUM instret N
 *   fpmix: sum CHECKSUM instret N
 *
 * A checksum is made of the bits of the results, so both platforms must round each operation alike.  Products and sums
 * are contracted to fused ones, as GCC does for applications.  No library: sine and cosine are made from one square root.
 */
#include "console.h"

#define NO_INLINE __attribute__((noinline))
#define SIZE 96
#define POINTS 4096

/* working memory, shared by the kernels in turn */
static union {
    struct { double a[SIZE][SIZE], b[SIZE][SIZE], c[SIZE][SIZE]; } matrix;
    struct { float a[SIZE][SIZE], b[SIZE][SIZE], c[SIZE][SIZE]; } single;
    struct { double re[POINTS], im[POINTS], cosine[POINTS / 2], sine[POINTS / 2]; } fft;
    struct { float left[POINTS], right[POINTS]; uint8_t out[POINTS]; } blend;
} mem;

static uint32_t random_state;

static inline uint32_t random32(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state;
}

/* in [-1, 1) */
static inline double random_double(void)
{
    return (double)(int32_t)random32() / 2147483648.0;
}

static inline uint32_t mixed(uint32_t sum, double value)
{
    union { double d; uint64_t bits; } u = { value };
    return (sum << 5 | sum >> 27) ^ (uint32_t)u.bits ^ (uint32_t)(u.bits >> 32);
}

/* matmul: product of matrices of doubles */
static NO_INLINE uint32_t matmul(void)
{
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++) {
            mem.matrix.a[i][j] = random_double();
            mem.matrix.b[i][j] = random_double();
        }
    uint32_t sum = 0;
    for (int round = 0; round < 12; round++) {
        for (int i = 0; i < SIZE; i++)
            for (int j = 0; j < SIZE; j++) {
                double dot = 0;
                for (int k = 0; k < SIZE; k++)
                    dot += mem.matrix.a[i][k] * mem.matrix.b[k][j];
                mem.matrix.c[i][j] = dot;
            }
        for (int i = 0; i < SIZE; i++) {
            sum = mixed(sum, mem.matrix.c[i][(i * 7 + round) % SIZE]);
            mem.matrix.a[i][round] = mem.matrix.c[i][round] / SIZE;
        }
    }
    return sum;
}

/* single: the same of floats */
static NO_INLINE uint32_t single(void)
{
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++) {
            mem.single.a[i][j] = (float)random_double();
            mem.single.b[i][j] = (float)random_double();
        }
    uint32_t sum = 0;
    for (int round = 0; round < 12; round++) {
        for (int i = 0; i < SIZE; i++)
            for (int j = 0; j < SIZE; j++) {
                float dot = 0;
                for (int k = 0; k < SIZE; k++)
                    dot += mem.single.a[i][k] * mem.single.b[k][j];
                mem.single.c[i][j] = dot;
            }
        for (int i = 0; i < SIZE; i++) {
            sum = mixed(sum, mem.single.c[i][(i * 7 + round) % SIZE]);
            mem.single.a[i][round] = mem.single.c[i][round] / SIZE;
        }
    }
    return sum;
}

/* nbody: five bodies that attract each other, a square root and a division a pair */
static NO_INLINE uint32_t nbody(void)
{
    static struct { double x, y, z, vx, vy, vz, mass; } body[5];
    for (int i = 0; i < 5; i++) {
        body[i].x = random_double() * 10;
        body[i].y = random_double() * 10;
        body[i].z = random_double() * 10;
        body[i].vx = random_double();
        body[i].vy = random_double();
        body[i].vz = random_double();
        body[i].mass = i == 0 ? 40 : 1 + random_double() / 2;
    }
    const double dt = 0.001;
    uint32_t sum = 0;
    for (int step = 1; step <= 150000; step++) {
        for (int i = 0; i < 5; i++)
            for (int j = i + 1; j < 5; j++) {
                double dx = body[i].x - body[j].x, dy = body[i].y - body[j].y, dz = body[i].z - body[j].z;
                double square = dx * dx + dy * dy + dz * dz + 0.01;
                double pull = dt / (square * __builtin_sqrt(square));
                double ours = body[j].mass * pull, theirs = body[i].mass * pull;
                body[i].vx -= dx * ours;
                body[i].vy -= dy * ours;
                body[i].vz -= dz * ours;
                body[j].vx += dx * theirs;
                body[j].vy += dy * theirs;
                body[j].vz += dz * theirs;
            }
        for (int i = 0; i < 5; i++) {
            body[i].x += dt * body[i].vx;
            body[i].y += dt * body[i].vy;
            body[i].z += dt * body[i].vz;
        }
        if (step % 1000 == 0)
            sum = mixed(sum, body[step / 1000 % 5].x);
    }
    return sum;
}

/* mandelbrot: comparisons that leave a loop, in doubles and in floats in turn */
static NO_INLINE uint32_t mandelbrot(void)
{
    uint32_t sum = 0;
    for (int y = 0; y < 256; y++)
        for (int x = 0; x < 256; x++) {
            int n = 0;
            if ((x + y) & 1) {
                double cr = x / 100.0 - 2.0, ci = y / 100.0 - 1.28, r = 0, i = 0;
                while (n < 300 && r * r + i * i <= 4.0) {
                    double t = r * r - i * i + cr;
                    i = 2 * r * i + ci;
                    r = t;
                    n++;
                }
            } else {
                float cr = (float)x / 100.0f - 2.0f, ci = (float)y / 100.0f - 1.28f, r = 0, i = 0;
                while (n < 300 && r * r + i * i <= 4.0f) {
                    float t = r * r - i * i + cr;
                    i = 2 * r * i + ci;
                    r = t;
                    n++;
                }
            }
            sum = sum * 31 + (uint32_t)n;
        }
    return sum;
}

static void transform(double direction)
{
    double *re = mem.fft.re, *im = mem.fft.im;
    for (uint32_t i = 0, j = 0; i < POINTS; i++) {
        if (i < j) {
            double t = re[i];
            re[i] = re[j];
            re[j] = t;
            t = im[i];
            im[i] = im[j];
            im[j] = t;
        }
        uint32_t bit = POINTS / 2;
        while (j & bit) {
            j ^= bit;
            bit /= 2;
        }
        j |= bit;
    }
    for (uint32_t half = 1; half < POINTS; half *= 2)
        for (uint32_t start = 0; start < POINTS; start += 2 * half)
            for (uint32_t k = 0; k < half; k++) {
                uint32_t at = k * (POINTS / 2 / half), i = start + k, j = i + half;
                double c = mem.fft.cosine[at], s = direction * mem.fft.sine[at];
                double tr = re[j] * c - im[j] * s, ti = re[j] * s + im[j] * c;
                re[j] = re[i] - tr;
                im[j] = im[i] - ti;
                re[i] += tr;
                im[i] += ti;
            }
}

/* fft: 4096 complex doubles, there and back */
static NO_INLINE uint32_t fft(void)
{
    /* Angles of a full turn over POINTS, by halving: from a quarter turn on, with the formulas for half an angle. */
    for (uint32_t step = POINTS / 4; step >= 1; step /= 2)
        for (uint32_t i = 0; i < POINTS / 2; i += step) {
            if (i % (2 * step) == 0 && step < POINTS / 4)
                continue;
            double c, s;
            if (step == POINTS / 4) {
                c = i == 0;
                s = i != 0;
            } else {
                /* between its neighbours, which are known; at the end of the half turn that is (-1, 0) */
                uint32_t before = i - step, after = i + step;
                double c1 = after == POINTS / 2 ? -1 : mem.fft.cosine[after];
                double s1 = after == POINTS / 2 ? 0 : mem.fft.sine[after];
                double x = mem.fft.cosine[before] + c1, y = mem.fft.sine[before] + s1;
                double length = __builtin_sqrt(x * x + y * y);
                c = x / length;
                s = y / length;
            }
            mem.fft.cosine[i] = c;
            mem.fft.sine[i] = s;
        }
    for (int i = 0; i < POINTS; i++) {
        mem.fft.re[i] = random_double();
        mem.fft.im[i] = 0;
    }
    uint32_t sum = 0;
    for (int round = 0; round < 28; round++) {
        transform(-1);
        for (int i = 0; i < 8; i++)
            sum = mixed(sum, mem.fft.re[(i * 509 + round) % POINTS]);
        transform(1);
        for (int i = 0; i < POINTS; i++) {
            mem.fft.re[i] /= POINTS;
            mem.fft.im[i] /= POINTS;
        }
    }
    return sum;
}

/* blend: what a renderer does with pixels: from integers, weighed, clamped, back to integers */
static NO_INLINE uint32_t blend(void)
{
    for (int i = 0; i < POINTS; i++) {
        mem.blend.left[i] = (float)(random32() & 255);
        mem.blend.right[i] = (float)(random32() & 255);
    }
    uint32_t sum = 0;
    for (int round = 0; round < 700; round++) {
        float weight = (float)(round % 256) / 255.0f, rest = 1.0f - weight;
        for (int i = 0; i < POINTS; i++) {
            float v = mem.blend.left[i] * weight + mem.blend.right[i] * rest;
            v = __builtin_copysignf(v, 1.0f) * 1.1f - 8.0f;
            v = v < 0.0f ? 0.0f : v > 255.0f ? 255.0f : v;
            mem.blend.out[i] = (uint8_t)(int32_t)(v + 0.5f);
            mem.blend.left[i] = (float)((mem.blend.out[i] + i) & 255);
        }
        sum = sum * 31 + mem.blend.out[(round * 37) % POINTS];
    }
    return sum;
}

void report_trap(uint32_t cause, uint32_t pc, uint32_t value)
{
    put_text("fpmix: trap cause ");
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
        { "matmul", matmul }, { "single", single }, { "nbody", nbody },
        { "mandelbrot", mandelbrot }, { "fft", fft }, { "blend", blend },
    };
    uint32_t sum = 0;
    uint64_t total = 0;
    for (uint32_t k = 0; k < sizeof kernels / sizeof *kernels; k++) {
        random_state = 0x2545f491u; /* each kernel on its own gives the same result */
        uint64_t before = instructions_retired();
        uint32_t result = kernels[k].run();
        uint64_t spent = instructions_retired() - before;
        put_text("fpmix: ");
        put_text(kernels[k].name);
        put_char(' ');
        put_hex(result);
        put_text(" instret ");
        put_decimal(spent);
        put_char('\n');
        sum = sum * 31 + result;
        total += spent;
    }
    put_text("fpmix: sum ");
    put_hex(sum);
    put_text(" instret ");
    put_decimal(total);
    put_char('\n');
    return 0;
}
