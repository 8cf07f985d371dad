/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>
#include "cmd/command.h"
#include "cmrr/words.h"

/* The client's main: which command, its options, its exit code. */

static const struct command *find(const char *name)
{
    for (size_t i = 0; commands[i]; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static enum cmrr_status unknown(const char *name, struct cmrr_error *why)
{
    const char *nearest = commands[0]->name;
    for (size_t i = 1; commands[i]; i++)
        if (words_distance(name, commands[i]->name) < words_distance(name, nearest))
            nearest = commands[i]->name;
    return cmrr_fail(why, CMRR_USAGE, "unknown command '%.60s': did you mean %s? 'cmrr --help' lists them", name,
                     nearest);
}

/* `cmrr`, `cmrr help`, `cmrr --help`, `cmrr --version`. */
static int answered_without_command(int argc, char **argv)
{
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0)
        commands_help(argc < 2 ? stderr : stdout);
    else if (strcmp(argv[1], "--version") == 0)
        version_print(stdout);
    else
        return 0;
    return 1;
}

static enum cmrr_status run(int argc, char **argv, struct cmrr_error *why)
{
    struct command_line line;
    bool has_ended = false;
    const struct command *command = find(argv[1]);
    if (!command)
        return unknown(argv[1], why);
    enum cmrr_status status = command_line_read(&line, command, argc - 1, argv + 1, &has_ended, why);
    return status == CMRR_OK && !has_ended ? command->run(&line, why) : status;
}

int main(int argc, char **argv)
{
    struct cmrr_error why = {0};
    enum cmrr_status status = CMRR_OK;
    if (argc < 2)
        status = CMRR_USAGE;
    if (!answered_without_command(argc, argv))
        status = run(argc, argv, &why);
    if (status == CMRR_RANGE)
        status = CMRR_USAGE;
    if (*why.text)
        fprintf(stderr, "cmrr: %s\n", why.text);
    /* A pipe that is closed or a full disk behind standard output is a lost result. */
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "cmrr: standard output cannot be written\n");
        return cmrr_exit_code(CMRR_WRITE);
    }
    return cmrr_exit_code(status);
}
