/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The device under test between a program's outputs and its inputs, as a JACK client:
 *
 *     out_1 = a in_1 + b in_2,  out_2 = c in_1 + d in_2
 *
 * jackdut GAINFILE reads "a,b,c,d" from the file, again at every SIGHUP, and prints "ready" once it is
 * active. tests/support/with-jack compiles and runs it; it is part of no test program.
 */
#include <jack/jack.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static jack_port_t *in[2], *out[2];
static volatile float gain[4] = {1, 0, 0, 1}; /* the audio thread may see two of four for one cycle: tests wait */
static volatile sig_atomic_t must_load, must_stop;

static void on_signal(int number)
{
    if (number == SIGHUP)
        must_load = 1;
    else
        must_stop = 1;
}

static void on_shutdown(void *arg)
{
    (void)arg;
    _exit(0);
}

static int process(jack_nframes_t frames, void *arg)
{
    (void)arg;
    const float *x = jack_port_get_buffer(in[0], frames), *y = jack_port_get_buffer(in[1], frames);
    float *u = jack_port_get_buffer(out[0], frames), *v = jack_port_get_buffer(out[1], frames);
    for (jack_nframes_t n = 0; n < frames; n++) {
        u[n] = gain[0] * x[n] + gain[1] * y[n];
        v[n] = gain[2] * x[n] + gain[3] * y[n];
    }
    return 0;
}

static void load(const char *path)
{
    float value[4];
    FILE *file = fopen(path, "r");
    if (!file)
        return;
    if (fscanf(file, "%f,%f,%f,%f", &value[0], &value[1], &value[2], &value[3]) == 4)
        for (int i = 0; i < 4; i++)
            gain[i] = value[i];
    fclose(file);
}

static void register_ports(jack_client_t *client)
{
    for (int i = 0; i < 2; i++) {
        char name[16];
        snprintf(name, sizeof name, "in_%d", i + 1);
        in[i] = jack_port_register(client, name, JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput | JackPortIsPhysical, 0);
        snprintf(name, sizeof name, "out_%d", i + 1);
        out[i] = jack_port_register(client, name, JACK_DEFAULT_AUDIO_TYPE, JackPortIsOutput | JackPortIsPhysical, 0);
    }
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    load(argv[1]);
    jack_client_t *client = jack_client_open("dut", JackNoStartServer | JackUseExactName, NULL);
    if (!client)
        return 1;
    register_ports(client);
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGHUP, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    jack_set_process_callback(client, process, NULL);
    jack_on_shutdown(client, on_shutdown, NULL);
    if (jack_activate(client) != 0)
        return 1;
    puts("ready");
    fflush(stdout);
    while (!must_stop) {
        usleep(10000); /* not pause(): a signal between the test and the pause would be slept over */
        if (must_load) {
            must_load = 0;
            load(argv[1]);
        }
    }
    jack_client_close(client);
    return 0;
}
