/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMMAND_H
#define COMMAND_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include "cmrr/settings.h"
#include "cmrr/status.h"

/*
 * A command of the client is one file that ends in one const struct command, named in the list of commands.c. Its
 * options come from tables, and its --help comes from the same tables:
 *
 *     static const struct option_row options[] = {{"plan", 0, "FILE", "", "the plan of the stimulus"}, {0}};
 *
 *     static enum cmrr_status run(struct command_line *line, struct cmrr_error *why)
 *     {
 *         const char *plan = line->value[0];       NULL: not given
 *         ...
 *         return CMRR_OK;
 *     }
 *
 *     const struct command command_analyze = {
 *         .name = "analyze", .arguments = "CAPTURE", .summary = "...", .takes = TAKES_OUTPUT | TAKES_SETTINGS,
 *         .options = options, .min_args = 1, .max_args = 1, .run = run};
 *
 * What run returns decides the exit code (cmrr_exit_code); a sentence in *why is printed by main, on standard error.
 */
struct option_row {
    const char *name;     /* as typed behind --; NULL ends the table */
    char letter;          /* or 0 */
    const char *argument; /* "FILE"; NULL: a flag */
    const char *preset;   /* default for --help, "" none */
    const char *help;
};

/* Options that several commands share, beside --json -v -q --help --version that all have. */
enum takes {
    TAKES_SETTINGS = 1 << 0, /* the table of settings_table[] */
    TAKES_SERVER = 1 << 1,   /* -s, --server */
    TAKES_OUTPUT = 1 << 2,   /* -o, --output */
    TAKES_FORCE = 1 << 3     /* --force */
};

enum { COMMAND_OPTIONS_MAX = 16 };

struct command_line {
    const struct command *command;
    struct settings settings; /* defaults, and what was given */
    uint64_t given;           /* bit i: settings_table[i] was given */
    const char *server;       /* NULL: not given */
    const char *output;       /* NULL: not given */
    bool is_forced, is_json, is_quiet, is_verbose;
    const char *value[COMMAND_OPTIONS_MAX]; /* of the command's own options, in their order; "" for a flag */
    char **args;                            /* what is no option */
    int arg_count;
};

struct command {
    const char *name;
    const char *arguments; /* "RUN RUN..." */
    const char *summary;   /* one line */
    const char *details;   /* more, for --help; may be NULL */
    unsigned takes;
    const struct option_row *options; /* may be NULL */
    int min_args, max_args;           /* max -1: any number */
    enum cmrr_status (*run)(struct command_line *line, struct cmrr_error *why);
};

/* All commands, in the order of --help; ended by NULL. */
extern const struct command *const commands[];

/*
 * Read argv (argv[0] is the command's name) into *line; the arguments are reordered. *has_ended: --help or --version
 * was printed. CMRR_USAGE names the option and the nearest known.
 */
enum cmrr_status command_line_read(struct command_line *line, const struct command *command, int argc, char **argv,
                                   bool *has_ended, struct cmrr_error *why);

/* The options that every command has, and those of `takes`: row i counts where options_shared_bit(i) is 0 or taken. */
extern const struct option_row options_shared[];
unsigned options_shared_bit(size_t row);

void command_help(FILE *out, const struct command *command);
void commands_help(FILE *out);
void version_print(FILE *out);

#endif
