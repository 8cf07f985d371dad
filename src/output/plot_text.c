/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "plot_parts.h"

#include <stdint.h>

/*
 * Texts from outside on their way into a gnuplot script. Between single quotes gnuplot expands neither
 * backslash nor backtick, and only a quote or a line end can close the string. No control byte passes. A
 * quote leaves the string and comes back as the variable Q: gnuplot 5.4 takes a doubled quote for one only
 * behind another character, so that a text which begins with a quote, or has two in a row, would break the
 * script if they were doubled.
 */

enum { REPLACEMENT = 0xFFFD };
#define ELLIPSIS "…"
#define ELLIPSIS_EM 1.0

/* One code point; bytes that are no UTF-8 (overlong, surrogate, cut short) count as one U+FFFD each. */
static size_t decode(const char *text, uint32_t *code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *byte = (const unsigned char *)text;
    size_t length = byte[0] < 0x80 ? 1 : byte[0] < 0xC2 ? 0 : byte[0] < 0xE0 ? 2 : byte[0] < 0xF0 ? 3 : 4;
    *code = REPLACEMENT;
    if (length == 0 || byte[0] > 0xF4)
        return 1;
    uint32_t value = length == 1 ? byte[0] : byte[0] & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((byte[i] & 0xC0) != 0x80)
            return 1;
        value = value << 6 | (byte[i] & 0x3Fu);
    }
    if (value < least[length] || (value >= 0xD800 && value <= 0xDFFF) || value > 0x10FFFF)
        return 1;
    *code = value;
    return length;
}

/* Neither seen nor allowed in XML, or turning the rest of the line around. */
static bool is_dropped(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || (code >= 0x200B && code <= 0x200F) ||
           (code >= 0x2028 && code <= 0x202E) || (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF ||
           (code & 0xFFFE) == 0xFFFE;
}

/* Advance widths of DejaVu Sans from blank to tilde, hundredths of an em; bold is wider by up to 14 of them.
 */
static const unsigned char ascii_width[] = {
    32, 40, 46, 84, 64, 95, 78, 27, 39,  39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79,
    60, 79, 69, 63, 61, 73, 68, 99, 69,  61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63,
    63, 28, 28, 58, 28, 97, 63, 61, 63,  63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
};

/* Beyond ASCII classes are enough: the text only must not run into its neighbour. */
static double width_em(uint32_t code, bool is_bold)
{
    double bold = is_bold ? 0.07 : 0.0;
    if (code >= ' ' && code <= '~')
        return ascii_width[code - ' '] / 100.0 + bold;
    if (code == 0xB7)
        return 0.32 + bold;
    if (code < 0x1100)
        return 0.70 + bold;
    return code >= 0x2000 && code < 0x2E80 ? 0.85 : 1.0;
}

double plot_text_width(const char *text, bool is_bold)
{
    double width = 0;
    uint32_t code = 0;
    for (const char *at = text ? text : ""; *at;) {
        at += decode(at, &code);
        if (!is_dropped(code))
            width += width_em(code, is_bold);
    }
    return width;
}

static void write_code(FILE *out, uint32_t code, const char *bytes, size_t length)
{
    if (code == '\'')
        fputs("'.Q.'", out);
    else if (code == REPLACEMENT)
        fputs("\xEF\xBF\xBD", out);
    else
        fwrite(bytes, 1, length, out);
}

void plot_text_write(FILE *out, const char *text, bool is_bold, double room_em)
{
    /* A room that was made to measure is wide enough, whatever the division by the font size rounded to. */
    bool is_cut = plot_text_width(text, is_bold) > room_em + 1e-6;
    double left_em = is_cut ? room_em - ELLIPSIS_EM : room_em;
    fputc('\'', out);
    for (const char *at = text ? text : ""; *at;) {
        uint32_t code = 0;
        size_t length = decode(at, &code);
        if (!is_dropped(code)) {
            left_em -= width_em(code, is_bold);
            if (is_cut && left_em < 0)
                break;
            write_code(out, code, at, length);
        }
        at += length;
    }
    fputs(is_cut ? ELLIPSIS "'" : "'", out);
}
