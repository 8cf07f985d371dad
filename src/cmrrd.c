/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "cmrr/log.h"
#include "cmrr/measure.h"
#include "cmrr/server.h"
#include "cmrr/words.h"

/* The daemon's main: options, where to listen and where to store, then the loop of src/app/server.c. */
static const struct option_row {
    const char *name;
    int letter;
    const char *argument;
    const char *help;
} rows[] = {
    {"private", 'p', NULL, "end 2 s after the last run and the last client (what cmrr starts by itself)"},
    {"listen", 'l', "ADDRESS", "unix:PATH or http://127.0.0.1:PORT instead of the user's socket"},
    {"system", 's', NULL, "the system's socket (/run/cmrr/cmrrd.sock) and store (/var/lib/cmrr/runs)"},
    {"verbose", 'v', NULL, "log more"},
    {"help", 'h', NULL, "print this and end"},
    {"version", 'V', NULL, "print version and build and end"},
};
enum { ROWS = sizeof rows / sizeof *rows };

struct options {
    bool is_private, is_system;
    const char *listen;
    bool has_ended; /* help or version was printed */
};

static void print_help(void)
{
    printf(
        "usage: cmrrd [options]\n\nThe measurement daemon: owns the interface, measures, answers cmrr over HTTP.\n\n");
    for (size_t i = 0; i < ROWS; i++) {
        char name[40];
        snprintf(name, sizeof name, "--%s%s%s", rows[i].name, rows[i].argument ? " " : "",
                 rows[i].argument ? rows[i].argument : "");
        printf("  %-18s %s\n", name, rows[i].help);
    }
}

static enum cmrr_status unknown_option(const char *word, struct cmrr_error *why)
{
    const char *nearest = rows[0].name;
    for (size_t i = 1; i < ROWS; i++)
        if (words_distance(word + strspn(word, "-"), rows[i].name) < words_distance(word + strspn(word, "-"), nearest))
            nearest = rows[i].name;
    return cmrr_fail(why, CMRR_USAGE, "unknown option '%.60s': did you mean --%s?", word, nearest);
}

static enum cmrr_status apply(struct options *options, int letter, const char *word, struct cmrr_error *why)
{
    switch (letter) {
    case 'p':
        options->is_private = true;
        return CMRR_OK;
    case 'l':
        options->listen = optarg;
        return CMRR_OK;
    case 's':
        options->is_system = true;
        return CMRR_OK;
    case 'v':
        log_set_level(LOG_DETAIL);
        return CMRR_OK;
    case 'h':
        print_help();
        options->has_ended = true;
        return CMRR_OK;
    case 'V':
        printf("cmrrd %s (%s)\n", build_version(), build_id());
        options->has_ended = true;
        return CMRR_OK;
    case ':':
        return cmrr_fail(why, CMRR_USAGE, "option '%.60s' needs a value", word);
    default:
        return unknown_option(word, why);
    }
}

static enum cmrr_status read_options(struct options *options, int argc, char **argv, struct cmrr_error *why)
{
    struct option table[ROWS + 1] = {{0}};
    for (size_t i = 0; i < ROWS; i++)
        table[i] =
            (struct option){rows[i].name, rows[i].argument ? required_argument : no_argument, NULL, rows[i].letter};
    opterr = 0;
    for (int letter; (letter = getopt_long(argc, argv, ":vh", table, NULL)) != -1;) {
        enum cmrr_status status = apply(options, letter, argv[optind - 1], why);
        if (status != CMRR_OK || options->has_ended)
            return status;
    }
    if (optind < argc)
        return cmrr_fail(why, CMRR_USAGE, "'%.60s': cmrrd takes options only", argv[optind]);
    if (options->is_private && options->is_system)
        return cmrr_fail(why, CMRR_USAGE, "--private and --system exclude each other");
    return CMRR_OK;
}

static enum cmrr_status serve(const struct options *options, struct cmrr_error *why)
{
    char store[PATH_MAX];
    struct server_config config = {.store = store, .is_private = options->is_private, .is_system = options->is_system};
    enum cmrr_status status = CMRR_OK;
    if (options->listen)
        status = address_parse(&config.address, options->listen, why);
    else if (options->is_system)
        address_of_system(&config.address);
    else
        status = address_of_user(&config.address, why);
    if (status == CMRR_OK)
        status = store_root(store, options->is_system, why);
    if (status == CMRR_OK && chdir("/") != 0)
        status = cmrr_fail(why, CMRR_FAILED, "/: cannot be entered");
    return status == CMRR_OK ? server_run(&config, why) : status;
}

int main(int argc, char **argv)
{
    struct options options = {0};
    struct cmrr_error why = {0};
    enum cmrr_status status = read_options(&options, argc, argv, &why);
    if (status == CMRR_OK && !options.has_ended)
        status = serve(&options, &why);
    if (status != CMRR_OK)
        log_line(LOG_ERROR, "%s", why.text);
    return cmrr_exit_code(status);
}
