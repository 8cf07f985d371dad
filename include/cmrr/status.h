/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMRR_STATUS_H
#define CMRR_STATUS_H

/*
 * What can fail returns enum cmrr_status; layers that touch the world also fill one sentence that names the
 * thing, the value and the cure:
 *
 *     struct cmrr_error why = {0};
 *     if (table_parse(&table, text, size, path, &why) != CMRR_OK)
 *         fprintf(stderr, "cmrr: %s\n", why.text);
 */
enum cmrr_status {
    CMRR_OK = 0,
    CMRR_USAGE,          /* an option, setting or request that cannot be used */
    CMRR_BAD_FILE,       /* an input file that is missing, broken, short or does not match */
    CMRR_WRITE,          /* an output that cannot be written */
    CMRR_NO_MEMORY,      /* allocation refused */
    CMRR_RANGE,          /* an argument outside the valid range of a function */
    CMRR_DEVICE_UNKNOWN, /* no such interface, channel, rate or format */
    CMRR_DEVICE_BUSY,    /* somebody else holds the interface */
    CMRR_DEVICE_LOST,    /* the interface vanished or gave nothing for too long */
    CMRR_SAMPLES_LOST,   /* the interface lost samples; what was being measured is void */
    CMRR_FIXTURE,        /* the fixture did not take the position */
    CMRR_DAEMON,         /* the daemon is absent, of another version, or was killed */
    CMRR_RUN_BUSY,       /* the daemon is measuring already */
    CMRR_UNTRUSTED,      /* measured, but not to be trusted: silent, clipped, a failed leg check */
    CMRR_CANCELLED,      /* somebody asked to stop */
    CMRR_FAILED,         /* anything else that the system refused */
    CMRR_STATUS_COUNT
};

struct cmrr_error {
    enum cmrr_status status; /* CMRR_OK: nothing filled in yet */
    char text[640];          /* one sentence, lower case, no full stop */
};

/* In words, lower case, no full stop; never NULL. */
const char *cmrr_strerror(enum cmrr_status status);

/* The word that the HTTP interface sends as error.code, such as "device_busy"; and back (CMRR_FAILED if unknown). */
const char *cmrr_status_code(enum cmrr_status status);
enum cmrr_status cmrr_status_from_code(const char *code);

/* The exit code of the programs: 0 done, 2 usage or files, 3 device, daemon or fixture, 4 untrusted, 5 cancelled. */
int cmrr_exit_code(enum cmrr_status status);

/*
 * Fill `why` (may be NULL) with the status and a printf sentence, and return the status, so that a failure is one
 * statement: return cmrr_fail(why, CMRR_BAD_FILE, "%s: no header line", path). Set once, nearest the cause: a
 * sentence that is already there stays. Control characters and what is no UTF-8 become '?'.
 */
enum cmrr_status cmrr_fail(struct cmrr_error *why, enum cmrr_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
