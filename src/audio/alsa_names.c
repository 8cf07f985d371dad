/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Names of devices and of those who hold them. Card numbers change with the order in which cards appear; the
 * card's id does not, so the stable name is made of the id. Who holds a PCM is said by the kernel in
 * /proc/asound/cardN/pcmMp/sub0/status ("owner_pid   : 1234", a thread's id) without opening anything.
 */
#include "alsa_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void say_nothing(const char *file, int line, const char *function, int error, const char *format, ...)
{
    (void)file, (void)line, (void)function, (void)error, (void)format;
}

void alsa_silence(void)
{
    snd_lib_error_set_handler(say_nothing);
}

bool alsa_is_hw(const char *name)
{
    return strncmp(name, "hw:", 3) == 0;
}

struct alsa_hw_name alsa_parse_hw(const char *name)
{
    struct alsa_hw_name hw = {.card = 0};
    char copy[256];
    snprintf(copy, sizeof copy, "%s", alsa_is_hw(name) ? name + 3 : name);
    char *rest = copy, *part;
    for (unsigned position = 0; (part = strsep(&rest, ",")); position++) {
        char *value = strchr(part, '=');
        bool is_card = value ? strncmp(part, "CARD=", 5) == 0 : position == 0;
        bool is_device = value ? strncmp(part, "DEV=", 4) == 0 : position == 1;
        value = value ? value + 1 : part;
        if (is_card)
            hw.card = snd_card_get_index(value);
        else if (is_device)
            hw.device = (unsigned)strtoul(value, NULL, 10);
    }
    return hw;
}

/* The number behind `key` and a colon in a small text file of the kernel's; 0 where there is none. */
static int read_number(const char *path, const char *key)
{
    char line[256];
    int number = 0;
    FILE *file = fopen(path, "re");
    if (!file)
        return 0;
    while (number == 0 && fgets(line, sizeof line, file)) {
        const char *colon = strchr(line, ':');
        if (strncmp(line, key, strlen(key)) == 0 && colon)
            number = atoi(colon + 1);
    }
    fclose(file);
    return number;
}

void alsa_find_holder(const char *proc, struct alsa_hw_name hw, snd_pcm_stream_t direction, struct alsa_holder *holder)
{
    char path[256];
    *holder = (struct alsa_holder){.pid = 0};
    if (hw.card < 0)
        return;
    snprintf(path, sizeof path, "%s/asound/card%d/pcm%u%c/sub0/status", proc, hw.card, hw.device,
             direction == SND_PCM_STREAM_PLAYBACK ? 'p' : 'c');
    int thread = read_number(path, "owner_pid");
    if (thread <= 0)
        return;
    snprintf(path, sizeof path, "%s/%d/status", proc, thread);
    int process = read_number(path, "Tgid");
    holder->pid = process > 0 ? process : thread;
    snprintf(path, sizeof path, "%s/%d/comm", proc, holder->pid);
    FILE *file = fopen(path, "re");
    if (file && fgets(holder->process, sizeof holder->process, file))
        holder->process[strcspn(holder->process, "\n")] = '\0';
    if (file)
        fclose(file);
}

/* The kernel module of a card, with the hyphens that everybody writes: "snd-usb-audio"; empty where unknown.
 */
static void find_module(int card, char *module, size_t size)
{
    char line[128], word[64];
    int index;
    module[0] = '\0';
    FILE *file = fopen("/proc/asound/modules", "re");
    if (!file)
        return;
    while (fgets(line, sizeof line, file))
        if (sscanf(line, "%d %63s", &index, word) == 2 && index == card)
            snprintf(module, size, "%s", word);
    fclose(file);
    for (char *c = module; *c; c++)
        if (*c == '_')
            *c = '-';
}

/* Nothing of a plugin's card is told: a plugin may sit on anything. */
void alsa_describe(struct alsa_audio *audio)
{
    struct audio_info *info = &audio->info;
    snprintf(info->driver, sizeof info->driver, "ALSA %s, %s plugin", snd_asoundlib_version(),
             snd_pcm_type_name(snd_pcm_type(audio->play.pcm)));
    if (info->is_plug)
        return;
    snd_ctl_t *ctl = NULL;
    snd_ctl_card_info_t *card;
    snd_ctl_card_info_alloca(&card);
    struct alsa_hw_name hw = alsa_parse_hw(info->device);
    char text[32], module[64];
    snprintf(text, sizeof text, "hw:%d", hw.card);
    find_module(hw.card, module, sizeof module);
    if (snd_ctl_open(&ctl, text, SND_CTL_NONBLOCK) < 0)
        return;
    if (snd_ctl_card_info(ctl, card) >= 0) {
        snprintf(info->device, sizeof info->device, "hw:CARD=%s,DEV=%u", snd_ctl_card_info_get_id(card), hw.device);
        snprintf(info->driver, sizeof info->driver, "ALSA %s, %s", snd_asoundlib_version(),
                 module[0] ? module : snd_ctl_card_info_get_driver(card));
    }
    snd_ctl_close(ctl);
}
