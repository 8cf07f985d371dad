/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/wav.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Integers go out as integers: libsndfile would scale doubles by 2^23 - 1, we by 2^23. */
enum { PIECE = 16384 };

static enum cmrr_status check_info(const SF_INFO *info, const char *path, unsigned channel, struct cmrr_error *why)
{
    if (channel > (unsigned)info->channels)
        return cmrr_fail(why, CMRR_BAD_FILE, "%s: no channel %u, the file has %d; see --in-channel", path, channel,
                         info->channels);
    if (info->frames <= 0 || info->samplerate <= 0)
        return cmrr_fail(why, CMRR_BAD_FILE, "%s: holds no samples", path);
    if (info->frames / info->samplerate > WAV_SECONDS_MAX)
        return cmrr_fail(why, CMRR_BAD_FILE, "%s: longer than %d hours", path, WAV_SECONDS_MAX / 3600);
    return CMRR_OK;
}

static bool is_integer_format(int format)
{
    int subtype = format & SF_FORMAT_SUBMASK;
    return subtype == SF_FORMAT_PCM_16 || subtype == SF_FORMAT_PCM_24 || subtype == SF_FORMAT_PCM_32 ||
           subtype == SF_FORMAT_PCM_S8 || subtype == SF_FORMAT_PCM_U8;
}

/* One channel out of interleaved pieces; a file that is shorter than its head says is as long as what is there. */
static enum cmrr_status read_channel(SNDFILE *file, const SF_INFO *info, unsigned channel, struct wav *wav,
                                     const char *path, struct cmrr_error *why)
{
    size_t channels = (size_t)info->channels;
    double *piece = malloc(PIECE * channels * sizeof *piece);
    wav->samples = malloc((size_t)info->frames * sizeof *wav->samples);
    if (!piece || !wav->samples) {
        free(piece);
        return cmrr_fail(why, CMRR_NO_MEMORY, "%s: out of memory", path);
    }
    sf_count_t got;
    while (wav->frames < (size_t)info->frames && (got = sf_readf_double(file, piece, PIECE)) > 0)
        for (sf_count_t i = 0; i < got && wav->frames < (size_t)info->frames; i++)
            wav->samples[wav->frames++] = piece[(size_t)i * channels + channel - 1];
    free(piece);
    for (size_t i = 0; i < wav->frames; i++)
        if (!isfinite(wav->samples[i]))
            return cmrr_fail(why, CMRR_BAD_FILE, "%s: sample %zu is not a number", path, i);
    return CMRR_OK;
}

/* Non-blocking, so that a FIFO in the place of a file cannot hang us. */
static enum cmrr_status open_sound(SNDFILE **file, SF_INFO *info, const char *path, struct cmrr_error *why)
{
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return cmrr_fail(why, CMRR_BAD_FILE, "%s: cannot be opened: %s", path, strerror(errno));
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) {
        close(fd);
        return cmrr_fail(why, CMRR_BAD_FILE, "%s: is no regular file", path);
    }
    *file = sf_open_fd(fd, SFM_READ, info, 1); /* closes fd, in failure too */
    if (!*file)
        return cmrr_fail(why, CMRR_BAD_FILE, "%s: is no sound file: %s", path, sf_strerror(NULL));
    return CMRR_OK;
}

enum cmrr_status wav_read(struct wav *wav, const char *path, unsigned channel, struct cmrr_error *why)
{
    SF_INFO info = {0};
    SNDFILE *file = NULL;
    enum cmrr_status status = open_sound(&file, &info, path, why);
    if (status != CMRR_OK)
        return status;
    struct wav made = {.rate_hz = (unsigned)info.samplerate,
                       .channels = (unsigned)info.channels,
                       .is_integer = is_integer_format(info.format)};
    status = check_info(&info, path, channel, why);
    if (status == CMRR_OK)
        status = read_channel(file, &info, channel, &made, path, why);
    sf_close(file);
    if (status == CMRR_OK)
        *wav = made;
    else
        free(made.samples);
    return status;
}

static bool write_frames(SNDFILE *file, const double *samples, size_t frames)
{
    int piece[2 * PIECE];
    for (size_t done = 0; done < frames;) {
        size_t count = frames - done < PIECE ? frames - done : PIECE;
        for (size_t i = 0; i < 2 * count; i++)
            piece[i] = (int)(rint(samples[2 * done + i] * 0x1p23) * 256.0);
        if (sf_writef_int(file, piece, (sf_count_t)count) != (sf_count_t)count)
            return false;
        done += count;
    }
    return true;
}

enum cmrr_status wav_write(const char *path, const double *samples, size_t frames, unsigned rate_hz,
                           struct cmrr_error *why)
{
    char temporary[PATH_MAX];
    SF_INFO info = {.samplerate = (int)rate_hz, .channels = 2, .format = SF_FORMAT_WAV | SF_FORMAT_PCM_24};
    if (snprintf(temporary, sizeof temporary, "%s.XXXXXX", path) >= (int)sizeof temporary)
        return cmrr_fail(why, CMRR_WRITE, "%.60s...: the path is too long", path);
    int fd = mkstemp(temporary);
    if (fd < 0)
        return cmrr_fail(why, CMRR_WRITE, "%s: cannot be written: %s", path, strerror(errno));
    mode_t mask = umask(0);
    umask(mask);
    fchmod(fd, 0666 & ~mask);
    SNDFILE *file = sf_open_fd(fd, SFM_WRITE, &info, 0);
    bool is_written = file && write_frames(file, samples, frames);
    /* Closing writes the head; only then is it known that all is there. */
    is_written = file && sf_close(file) == 0 && is_written && fsync(fd) == 0;
    is_written = close(fd) == 0 && is_written && rename(temporary, path) == 0;
    if (is_written)
        return CMRR_OK;
    int reason = errno;
    unlink(temporary);
    return cmrr_fail(why, CMRR_WRITE, "%s: cannot be written: %s", path, strerror(reason));
}
