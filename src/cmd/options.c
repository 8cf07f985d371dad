/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "command.h"

#include <getopt.h>
#include <string.h>
#include "cmrr/words.h"

/*
 * The three tables of a command (settings, shared, its own) as one list for getopt_long; what is found is stored by
 * where it came from.
 */
enum { ENTRIES_MAX = 80, NAME_MAX_BYTES = 40, FIRST_VALUE = 256 };

enum origin { FROM_SETTINGS, FROM_SHARED, FROM_COMMAND };

struct entry {
    enum origin origin;
    size_t row;
    char name[NAME_MAX_BYTES];
    char letter;
    bool has_argument;
};

struct entries {
    struct entry at[ENTRIES_MAX];
    size_t count;
};

enum shared { SERVER, OUTPUT, FORCE, JSON, QUIET, VERBOSE, HELP, VERSION, SHARED_COUNT };

const struct option_row options_shared[] = {
    [SERVER] = {"server", 's', "ADDRESS", "", "daemon to ask: unix:PATH or http://HOST:PORT"},
    [OUTPUT] = {"output", 'o', "PATH", "", "where to write"},
    [FORCE] = {"force", 0, NULL, "", "replace what is there"},
    [JSON] = {"json", 0, NULL, "", "one JSON object on standard output"},
    [QUIET] = {"quiet", 'q', NULL, "", "no progress and no remarks"},
    [VERBOSE] = {"verbose", 'v', NULL, "", "print all that explains the run too"},
    [HELP] = {"help", 'h', NULL, "", "print this and end"},
    [VERSION] = {"version", 0, NULL, "", "print version and build and end"},
    [SHARED_COUNT] = {0},
};

unsigned options_shared_bit(size_t row)
{
    static const unsigned bits[SHARED_COUNT] = {
        [SERVER] = TAKES_SERVER, [OUTPUT] = TAKES_OUTPUT, [FORCE] = TAKES_FORCE};
    return bits[row];
}

static void add(struct entries *entries, enum origin origin, size_t row, const char *name, char letter,
                bool has_argument)
{
    struct entry *entry = &entries->at[entries->count++];
    *entry = (struct entry){.origin = origin, .row = row, .letter = letter, .has_argument = has_argument};
    snprintf(entry->name, sizeof entry->name, "%s", name);
    for (char *c = entry->name; *c; c++)
        if (*c == '_')
            *c = '-';
}

static void collect(struct entries *entries, const struct command *command)
{
    for (size_t i = 0; (command->takes & TAKES_SETTINGS) && i < settings_count; i++)
        add(entries, FROM_SETTINGS, i, settings_table[i].name, settings_table[i].letter,
            settings_table[i].type != SETTING_FLAG);
    for (size_t i = 0; i < SHARED_COUNT; i++)
        if (!options_shared_bit(i) || (options_shared_bit(i) & command->takes))
            add(entries, FROM_SHARED, i, options_shared[i].name, options_shared[i].letter, options_shared[i].argument);
    for (size_t i = 0; command->options && command->options[i].name; i++)
        add(entries, FROM_COMMAND, i, command->options[i].name, command->options[i].letter,
            command->options[i].argument);
}

static enum cmrr_status set_shared(struct command_line *line, size_t row, bool *has_ended)
{
    switch ((enum shared)row) {
    case SERVER:
        line->server = optarg;
        break;
    case OUTPUT:
        line->output = optarg;
        break;
    case FORCE:
        line->is_forced = true;
        break;
    case JSON:
        line->is_json = true;
        break;
    case QUIET:
        line->is_quiet = true;
        break;
    case VERBOSE:
        line->is_verbose = true;
        break;
    case HELP:
        command_help(stdout, line->command);
        *has_ended = true;
        break;
    case VERSION:
        version_print(stdout);
        *has_ended = true;
        break;
    case SHARED_COUNT:
        break;
    }
    return CMRR_OK;
}

static enum cmrr_status set(struct command_line *line, const struct entry *entry, bool *has_ended,
                            struct cmrr_error *why)
{
    if (entry->origin == FROM_SHARED)
        return set_shared(line, entry->row, has_ended);
    if (entry->origin == FROM_COMMAND) {
        line->value[entry->row] = entry->has_argument ? optarg : "";
        return CMRR_OK;
    }
    line->given |= UINT64_C(1) << entry->row;
    return settings_set(&line->settings, settings_table[entry->row].name, entry->has_argument ? optarg : "1", why);
}

static enum cmrr_status unknown(const struct entries *entries, const char *command, const char *word,
                                struct cmrr_error *why)
{
    char name[64];
    const char *nearest = entries->at[0].name;
    snprintf(name, sizeof name, "%.*s", (int)strcspn(word + 2, "="), word + 2);
    for (size_t i = 1; i < entries->count; i++)
        if (words_distance(name, entries->at[i].name) < words_distance(name, nearest))
            nearest = entries->at[i].name;
    return cmrr_fail(why, CMRR_USAGE, "%s: unknown option '--%.60s': did you mean --%s?", command, name, nearest);
}

/* What getopt_long did not like; `word` is the argument that it was reading. */
static enum cmrr_status refuse(const struct entries *entries, const char *command, int letter, const char *word,
                               struct cmrr_error *why)
{
    bool is_long = strncmp(word, "--", 2) == 0;
    if (letter == ':')
        return cmrr_fail(why, CMRR_USAGE, "%s: option '%.60s' needs a value", command, word);
    if (optopt >= FIRST_VALUE)
        return cmrr_fail(why, CMRR_USAGE, "%s: option '%.60s' takes no value", command, word);
    if (is_long && optopt == 0)
        return unknown(entries, command, word, why);
    return cmrr_fail(why, CMRR_USAGE, "%s: unknown option '-%c'; 'cmrr %s --help' lists what there is", command, optopt,
                     command);
}

static enum cmrr_status read_all(struct command_line *line, const struct entries *entries, int argc, char **argv,
                                 bool *has_ended, struct cmrr_error *why)
{
    struct option table[ENTRIES_MAX + 1] = {{0}};
    char letters[2 * ENTRIES_MAX + 2] = ":";
    for (size_t i = 0; i < entries->count; i++) {
        const struct entry *entry = &entries->at[i];
        table[i] = (struct option){entry->name, entry->has_argument, NULL, FIRST_VALUE + (int)i};
        if (entry->letter)
            sprintf(letters + strlen(letters), "%c%s", entry->letter, entry->has_argument ? ":" : "");
    }
    opterr = 0;
    optind = 1;
    for (int found; (found = getopt_long(argc, argv, letters, table, NULL)) != -1;) {
        if (found == '?' || found == ':')
            return refuse(entries, line->command->name, found, argv[optind - 1], why);
        size_t i = 0;
        if (found >= FIRST_VALUE)
            i = (size_t)(found - FIRST_VALUE);
        else
            while (entries->at[i].letter != found)
                i++;
        enum cmrr_status status = set(line, &entries->at[i], has_ended, why);
        if (status != CMRR_OK || *has_ended)
            return status;
    }
    return CMRR_OK;
}

enum cmrr_status command_line_read(struct command_line *line, const struct command *command, int argc, char **argv,
                                   bool *has_ended, struct cmrr_error *why)
{
    struct entries entries = {.count = 0};
    *line = (struct command_line){.command = command};
    *has_ended = false;
    settings_init(&line->settings);
    collect(&entries, command);
    enum cmrr_status status = read_all(line, &entries, argc, argv, has_ended, why);
    if (status != CMRR_OK || *has_ended)
        return status;
    line->args = argv + optind;
    line->arg_count = argc - optind;
    if (line->arg_count < command->min_args)
        return cmrr_fail(why, CMRR_USAGE, "%s: %s is missing; usage: cmrr %s %s", command->name, command->arguments,
                         command->name, command->arguments);
    if (command->max_args >= 0 && line->arg_count > command->max_args)
        return cmrr_fail(why, CMRR_USAGE, "%s: '%.60s' is one argument too many", command->name,
                         line->args[command->max_args]);
    return CMRR_OK;
}
