/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "command.h"

#include "cmrr/measure.h"

static void print_option(FILE *out, const struct option_row *row)
{
    char name[64], letter[8] = "   ";
    if (row->letter)
        snprintf(letter, sizeof letter, "-%c,", row->letter);
    int length = snprintf(name, sizeof name, "%s --%s%s%s", letter, row->name, row->argument ? " " : "",
                          row->argument ? row->argument : "");
    for (char *c = name; *c; c++)
        if (*c == '_')
            *c = '-';
    fprintf(out, "  %-32s%s%s", name, length >= 32 ? " " : "", row->help);
    if (*row->preset)
        fprintf(out, " [%s]", row->preset);
    fputc('\n', out);
}

static void print_settings(FILE *out)
{
    fprintf(out, "\nSettings [default]:\n");
    for (size_t i = 0; i < settings_count; i++) {
        const struct setting *setting = &settings_table[i];
        bool is_flag = setting->type == SETTING_FLAG;
        print_option(out, &(struct option_row){setting->name, setting->letter, is_flag ? NULL : setting->unit,
                                               is_flag ? "" : setting->preset, setting->help});
    }
}

void command_help(FILE *out, const struct command *command)
{
    fprintf(out, "usage: cmrr %s [options]%s%s\n\n%s\n", command->name, *command->arguments ? " " : "",
            command->arguments, command->summary);
    if (command->details)
        fprintf(out, "\n%s\n", command->details);
    if (command->takes & TAKES_SETTINGS)
        print_settings(out);
    fprintf(out, "\nOptions:\n");
    for (size_t i = 0; command->options && command->options[i].name; i++)
        print_option(out, &command->options[i]);
    for (size_t i = 0; options_shared[i].name; i++)
        if (!options_shared_bit(i) || (options_shared_bit(i) & command->takes))
            print_option(out, &options_shared[i]);
}

void commands_help(FILE *out)
{
    fprintf(out, "usage: cmrr COMMAND [options]\n\nMeasures the common-mode rejection of balanced audio inputs.\n\n");
    for (size_t i = 0; commands[i]; i++)
        fprintf(out, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
    fprintf(out,
            "\n'cmrr COMMAND --help' lists the options of one. Exit codes: 0 done, 1 limit failed, 2 usage or files,\n"
            "3 device or daemon, 4 measured but not to be trusted, 5 cancelled.\n");
}

void version_print(FILE *out)
{
    fprintf(out, "cmrr %s (%s)\n", build_version(), build_id());
}
