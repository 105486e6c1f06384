/*
 * Speaks protocol 1 of docs/TARGETS.md on standard input and output for a device that is written in C: link it to the four
 * functions of gpu.h. Lines come from Semblance, whose JSON is compact and has no blank or escape in what is looked for here.
 */
#define _GNU_SOURCE
#include "gpu.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *line;
static size_t line_size;

static void fail(const char *why)
{
    fprintf(stderr, "pipe: %s\n", why); /* Whatever is on standard error is a finding. */
    exit(1);
}

static void *room_for(size_t bytes)
{
    void *room = malloc(bytes ? bytes : 1);
    if (!room)
        fail("out of memory");
    return room;
}

static int read_line(void)
{
    return getline(&line, &line_size, stdin) > 0;
}

/* The value behind "name":, or null. */
static const char *field(const char *name)
{
    char key[32];
    int length = snprintf(key, sizeof key, "\"%s\":", name);
    const char *at = strstr(line, key);
    return at ? at + length : NULL;
}

/* A number, which may be "0x…" in quotation marks. */
static uint64_t number(const char *name)
{
    const char *at = field(name);
    return at ? strtoull(at + (*at == '"'), NULL, 0) : 0;
}

static int is(const char *name, const char *text)
{
    const char *at = field(name);
    size_t length = strlen(text);
    return at && *at == '"' && !strncmp(at + 1, text, length) && at[1 + length] == '"';
}

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static size_t hex_length(const char *name)
{
    const char *at = field(name);
    return at ? strcspn(at + 1, "\"") / 2 : 0;
}

static void hex_bytes(const char *name, uint8_t *to, size_t length)
{
    const char *at = field(name) + 1;
    for (size_t i = 0; i < length; i++)
        to[i] = (uint8_t)(digit(at[2 * i]) << 4 | digit(at[2 * i + 1]));
}

static void put_hex(const char *name, const uint8_t *bytes, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    printf(",\"%s\":\"", name);
    for (size_t i = 0; i < length; i++) {
        putchar(digits[bytes[i] >> 4]);
        putchar(digits[bytes[i] & 15]);
    }
    putchar('"');
}

/* While a line is open the device may ask for guest memory; the request has been taken out of the line by then. */
int guest_read(uint64_t address, uint8_t *to, size_t length)
{
    while (length) {
        size_t part = length < 1 << 20 ? length : 1 << 20;
        printf("{\"op\":\"mem_read\",\"addr\":\"0x%llx\",\"len\":%zu}\n", (unsigned long long)address, part);
        fflush(stdout);
        if (!read_line())
            fail("the input ends in the middle of a line");
        if (field("error"))
            return -1; /* Outside RAM: the driver's mistake. */
        hex_bytes("hex", to, part);
        address += part;
        to += part;
        length -= part;
    }
    return 0;
}

static void displays(void)
{
    const char *at = field("heads") + 1;
    for (int head = 0; *at == '['; head++) {
        char *end;
        uint32_t width = (uint32_t)strtoul(at + 1, &end, 10);
        uint32_t height = (uint32_t)strtoul(end + 1, &end, 10);
        gpu_display(head, width, height);
        at = end + 1 + (end[1] == ',');
    }
}

static void command(unsigned long long id)
{
    int cursor = is("queue", "cursor");
    uint64_t room = number("resp_len");
    size_t length = hex_length("request_hex");
    uint8_t *request = room_for(length);
    uint8_t response[GPU_MOST_RESPONSE];
    hex_bytes("request_hex", request, length);
    size_t size = gpu_execute(cursor, request, length, response);
    free(request);
    printf("{\"id\":%llu", id); /* Not before: the device may have asked for guest memory. */
    put_hex("response_hex", response, size < room ? size : (size_t)room);
}

static void screendump(unsigned long long id)
{
    uint32_t width, height;
    const uint8_t *rgb = gpu_picture((int)number("head"), &width, &height);
    printf("{\"id\":%llu", id);
    if (!rgb) {
        printf(",\"dark\":true");
        return;
    }
    printf(",\"width\":%u,\"height\":%u", width, height);
    put_hex("rgb_hex", rgb, (size_t)3 * width * height);
}

int main(void)
{
    puts("{\"semblance\":1,\"capabilities\":[\"screendump\",\"display\"]}");
    fflush(stdout);
    while (read_line()) {
        unsigned long long id = number("id");
        if (!field("op")) {
            command(id);
        } else if (is("op", "screendump")) {
            screendump(id);
        } else {
            if (is("op", "device"))
                displays();
            else if (is("op", "display"))
                gpu_display((int)number("head"), (uint32_t)number("width"), (uint32_t)number("height"));
            else if (is("op", "reset"))
                gpu_reset();
            printf("{\"id\":%llu", id);
        }
        puts("}");
        fflush(stdout);
    }
    return 0;
}
