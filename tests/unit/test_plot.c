/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/plot.h"

#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <math.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../../src/output/plot_parts.h"

/* Each test has a folder of its own, which is the working folder and TMPDIR too: whatever is left lies in it.
 */

enum { POINTS = 31 };

static char folder[64];
static char saved_path[4096];
static struct point point[POINTS];
static struct run_points points;
static struct plot plot;
static struct cmrr_error why;

static void set_value(size_t i, double cmrr_db, double half_db, double floor_db)
{
    point[i].result = (struct cmrr_result){CMRR_KIND_VALUE, cmrr_db, cmrr_db - half_db, cmrr_db + half_db, floor_db};
}

static void set_bound(size_t i, double cmrr_db, double floor_db)
{
    point[i].result = (struct cmrr_result){CMRR_KIND_BOUND, cmrr_db, cmrr_db, NAN, floor_db};
}

static void set_invalid(size_t i)
{
    point[i].result = (struct cmrr_result){CMRR_KIND_INVALID, NAN, NAN, NAN, NAN};
}

static void setup(void)
{
    snprintf(folder, sizeof folder, "/tmp/cmrr-test-plot-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    setenv("TMPDIR", folder, 1);
    snprintf(saved_path, sizeof saved_path, "%s", getenv("PATH"));
    why = (struct cmrr_error){0};
    points = (struct run_points){.at = point, .count = POINTS};
    for (size_t i = 0; i < POINTS; i++) {
        point[i] = (struct point){.freq_hz = 20 * pow(10, (double)i / 10), .residual_db = NAN};
        set_value(i, 46, 0.5, 60);
    }
    plot = (struct plot){.title = "title", .subtitle = "", .verdict = "", .foot_left = "", .foot_right = ""};
    plot.curve[0] = (struct plot_curve){"curve", &points};
    plot.curves = 1;
}

static void teardown(void)
{
    setenv("PATH", saved_path, 1);
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_int_eq(system(command), 0);
}

static size_t files_in(const char *path)
{
    size_t count = 0;
    DIR *list = opendir(path);
    ck_assert_ptr_nonnull(list);
    for (struct dirent *entry; (entry = readdir(list));)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(list);
    return count;
}

static char content[1 << 20];

static size_t read_file(const char *path)
{
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    size_t size = fread(content, 1, sizeof content - 1, file);
    fclose(file);
    content[size] = '\0';
    return size;
}

static void write_file(const char *path, const char *text, mode_t mode)
{
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_int_eq(chmod(path, mode), 0);
}

/* A program in the place of gnuplot; only built-in commands and absolute paths work in it. */
static void stand_in(const char *text)
{
    ck_assert_int_eq(mkdir("bin", 0700), 0);
    write_file("bin/gnuplot", text, 0700);
    char path[128];
    snprintf(path, sizeof path, "%s/bin", folder);
    setenv("PATH", path, 1);
}

static void expect_drawn(const char *path)
{
    enum cmrr_status status = plot_draw(&plot, path, &why);
    ck_assert_msg(status == CMRR_OK, "%s", why.text);
}

/* The picture's source is left in `content`. */
static bool svg_shows(const char *text)
{
    expect_drawn("shown.svg");
    read_file("shown.svg");
    return strstr(content, text) != NULL;
}

START_TEST(svg_png_and_pdf_begin_and_end_as_they_should)
{
    expect_drawn("a.svg");
    size_t size = read_file("a.svg");
    ck_assert_int_eq(strncmp(content, "<?xml", 5), 0);
    ck_assert_ptr_nonnull(strstr(content + size - 10, "</svg>"));
    expect_drawn("a.png");
    size = read_file("a.png");
    ck_assert_mem_eq(content, "\x89PNG\r\n\x1a\n", 8);
    ck_assert_mem_eq(content + size - 8, "IEND\xAE\x42\x60\x82", 8);
    expect_drawn("a.pdf");
    size = read_file("a.pdf");
    ck_assert_int_eq(strncmp(content, "%PDF-", 5), 0);
    ck_assert_ptr_nonnull(strstr(content + size - 10, "%%EOF"));
    /* Neither the private folder nor the file beside the target is left. */
    ck_assert_uint_eq(files_in("."), 3);
}
END_TEST

START_TEST(another_ending_is_refused)
{
    ck_assert_int_eq(plot_draw(&plot, "a.jpg", &why), CMRR_USAGE);
    ck_assert_ptr_nonnull(strstr(why.text, "a.jpg"));
    ck_assert_int_eq(plot_draw(&plot, ".svg", NULL), CMRR_USAGE);
    ck_assert_uint_eq(files_in("."), 0);
}
END_TEST

static const struct {
    const char *text;
    const char *svg;
} injections[] = {
    {"a `touch PWNED` b", ">a `touch PWNED` b<"},
    {"\"`touch PWNED`\"", ">\"`touch PWNED`\"<"},
    {"$(touch PWNED) @x", ">$(touch PWNED) @x<"},
    {"it's", ">it's<"},
    {"'; system 'touch PWNED", ">'; system 'touch PWNED<"},
    {"'68 amp", ">'68 amp<"},
    {"12'' disc''", ">12'' disc''<"},
    {"'''", ">'''<"},
    {"'.system('touch PWNED').'", ">'.system('touch PWNED').'<"},
    {"a''.system(\"touch PWNED\").''", ">a''.system(\"touch PWNED\").''<"},
    {"a\nsystem \"touch PWNED\"\n", ">asystem \"touch PWNED\"<"},
    {"a'\r\nsystem 'touch PWNED'\r\n", ">a'system 'touch PWNED'<"},
    {"a\\'\\\nsystem 'touch PWNED'", ">a\\'\\system 'touch PWNED'<"},
    {"< touch PWNED", ">&lt; touch PWNED<"},
    {"|touch PWNED", ">|touch PWNED<"},
    {"EOD\n!touch PWNED", ">EOD!touch PWNED<"},
    {"<script>&amp;", ">&lt;script>&amp;amp;<"},
    {"{/Times x}^2_3", ">{/Times x}^2_3<"},
};

START_TEST(no_text_reaches_gnuplot_as_a_command)
{
    const char *text = injections[_i].text;
    plot.title = plot.subtitle = plot.verdict = plot.foot_left = plot.foot_right = text;
    ck_assert_msg(svg_shows(injections[_i].svg), "%s", text);
    plot.curve[0].label = plot.curve[1].label = text;
    plot.curve[1].points = &points;
    plot.curves = 2;
    ck_assert_msg(svg_shows(injections[_i].svg), "%s", text);
    ck_assert_uint_eq(files_in("."), 1);
    ck_assert_int_ne(access("/tmp/PWNED", F_OK), 0);
}
END_TEST

START_TEST(bytes_that_are_no_utf8_are_replaced_and_direction_marks_dropped)
{
    plot.title = "a\xff\xc3(\xed\xa0\x80z";
    ck_assert(svg_shows(">a\xEF\xBF\xBD\xEF\xBF\xBD(\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz<"));
    plot.title = "10 Ω \xE2\x80\xAEµ\xC2\x85 日本";
    ck_assert(svg_shows(">10 Ω µ 日本<"));
    /* A text that ends within a character does not lead the reader past its end. */
    plot.title = "cut \xE2\x80";
    ck_assert(svg_shows(">cut \xEF\xBF\xBD\xEF\xBF\xBD<"));
}
END_TEST

START_TEST(a_long_text_is_cut_with_an_ellipsis)
{
    static char text[100001];
    memset(text, 'x', sizeof text - 1);
    plot.title = plot.subtitle = plot.verdict = plot.foot_left = plot.foot_right = text;
    ck_assert(svg_shows("xxx…<"));
    ck_assert_uint_lt(strlen(content), 100000);
}
END_TEST

START_TEST(missing_texts_are_empty)
{
    plot.title = plot.subtitle = plot.verdict = plot.foot_left = plot.foot_right = plot.curve[0].label = NULL;
    expect_drawn("a.svg");
}
END_TEST

START_TEST(a_simulated_run_says_so)
{
    ck_assert(!svg_shows("SIMULATED"));
    plot.is_simulated = true;
    ck_assert(svg_shows(">SIMULATED<"));
}
END_TEST

START_TEST(the_legend_lists_only_what_is_there)
{
    ck_assert(svg_shows(">CMRR<"));
    ck_assert_ptr_nonnull(strstr(content, ">95 % band<"));
    ck_assert_ptr_nonnull(strstr(content, ">floor<"));
    ck_assert_ptr_null(strstr(content, ">residual"));
    ck_assert_ptr_null(strstr(content, ">at least (bound)<"));
    ck_assert_ptr_null(strstr(content, ">invalid<"));
    point[3].residual_db = 70;
    set_invalid(5);
    set_bound(6, 50, 60);
    ck_assert(svg_shows(">residual<"));
    ck_assert_ptr_nonnull(strstr(content, ">at least (bound)<"));
    ck_assert_ptr_nonnull(strstr(content, ">invalid<"));
}
END_TEST

START_TEST(a_run_of_bounds_has_neither_curve_nor_band)
{
    for (size_t i = 0; i < POINTS; i++)
        set_bound(i, 35, 38);
    ck_assert(svg_shows(">at least (bound)<"));
    ck_assert_ptr_null(strstr(content, ">CMRR<"));
    ck_assert_ptr_null(strstr(content, ">95 % band<"));
}
END_TEST

START_TEST(a_run_without_a_valid_point_says_so)
{
    for (size_t i = 0; i < POINTS; i++)
        set_invalid(i);
    ck_assert(svg_shows(">no valid point<"));
    points.count = 0;
    ck_assert(svg_shows(">no valid point<"));
}
END_TEST

START_TEST(one_single_point_is_drawn_whatever_its_kind)
{
    points.count = 1;
    expect_drawn("value.png");
    point[0].residual_db = 50;
    expect_drawn("residual.svg");
    set_bound(0, 35, 40);
    expect_drawn("bound.pdf");
    set_invalid(0);
    expect_drawn("invalid.svg");
}
END_TEST

START_TEST(twelve_curves_are_drawn)
{
    plot.curves = PLOT_CURVES_MAX;
    for (size_t c = 0; c < PLOT_CURVES_MAX; c++)
        plot.curve[c] = (struct plot_curve){"a curve with a rather long name of its own, cut in the legend", &points};
    expect_drawn("a.svg");
}
END_TEST

/* Every word of a data file must be a finite number. */
static void expect_finite(const struct plot_file *file)
{
    for (const char *at = file->text; *at;) {
        char *end = NULL;
        ck_assert_msg(isfinite(strtod(at, &end)), "%s: %s", file->name, at);
        ck_assert_msg(end != at, "%s: %s", file->name, at);
        at = end + strspn(end, " \n");
    }
}

START_TEST(data_files_hold_only_finite_numbers)
{
    static const double odd[] = {NAN, INFINITY, -INFINITY, 0, -6.02, 300, 1e300};
    enum { ODD = sizeof odd / sizeof *odd };
    for (size_t i = 0; i < POINTS; i++) {
        point[i].residual_db = odd[i % ODD];
        point[i].result = (struct cmrr_result){(enum cmrr_kind)(i % 3), i % 5 ? 40 : odd[i % ODD], odd[(i + 1) % ODD],
                                               odd[(i + 2) % ODD], odd[(i / 2) % ODD]};
    }
    point[7].freq_hz = NAN;
    point[8].freq_hz = 0;
    point[9].freq_hz = INFINITY;
    struct plot_sheet sheet;
    ck_assert_int_eq(plot_sheet_make(&sheet, &plot, PLOT_SVG, &why), CMRR_OK);
    ck_assert_uint_gt(sheet.files, 5);
    for (size_t i = 1; i < sheet.files; i++)
        if (sheet.file[i].text[strspn(sheet.file[i].text, "\n")])
            expect_finite(&(struct plot_file){.text = sheet.file[i].text + strspn(sheet.file[i].text, "\n")});
    plot_sheet_free(&sheet);
    expect_drawn("a.svg");
}
END_TEST

START_TEST(bounds_and_invalid_points_leave_gaps_in_the_curve)
{
    points.count = 4;
    set_bound(1, 50, 60);
    char *text = NULL;
    size_t size = 0;
    struct plot_axes axes = plot_axes_fit(&plot);
    FILE *out = open_memstream(&text, &size);
    ck_assert_uint_eq(plot_layer_write(out, PLOT_VALUE, &points, &axes, 0), 3);
    fclose(out);
    ck_assert_str_eq(text, "20 46\n\n31.6978638 46\n39.9052463 46\n");
    free(text);
}
END_TEST

START_TEST(a_band_without_upper_limit_reaches_the_floor)
{
    points.count = 2;
    point[0].result.hi95_db = point[1].result.hi95_db = NAN;
    char *text = NULL;
    size_t size = 0;
    struct plot_axes axes = plot_axes_fit(&plot);
    FILE *out = open_memstream(&text, &size);
    plot_layer_write(out, PLOT_BAND, &points, &axes, 0);
    fclose(out);
    ck_assert_str_eq(text, "20 45.5 60\n25.1785082 45.5 60\n");
    free(text);
}
END_TEST

START_TEST(a_far_floor_does_not_squash_the_curve)
{
    for (size_t i = 0; i < POINTS; i++)
        set_value(i, 46, 0.1, 230);
    struct plot_axes axes = plot_axes_fit(&plot);
    ck_assert_double_le(axes.y_max, 80);
    ck_assert(svg_shows(">floor (off scale: 230 dB and above)<"));
    /* One that comes near is followed for 30 dB, so that it is seen to leave. */
    point[4].result.floor_db = 60;
    axes = plot_axes_fit(&plot);
    ck_assert_double_eq(axes.y_max, 80);
}
END_TEST

START_TEST(axes_are_tens_around_everything_measured)
{
    set_value(0, -6.02, 0.1, 60);
    set_value(1, 117, 1, 120);
    struct plot_axes axes = plot_axes_fit(&plot);
    ck_assert_double_eq(axes.y_min, -10);
    ck_assert_double_eq(axes.y_max, 130);
    ck_assert_double_lt(axes.x_min, 20);
    ck_assert_double_gt(axes.x_max, 20000);
}
END_TEST

START_TEST(numbers_have_a_decimal_point_in_every_locale)
{
    if (!setlocale(LC_ALL, "de_DE.UTF-8"))
        printf("note no de_DE.UTF-8 locale here: the decimal point was not put to the test\n");
    struct plot_sheet sheet;
    set_value(0, 46.5, 0.25, 60);
    ck_assert_int_eq(plot_sheet_make(&sheet, &plot, PLOT_SVG, &why), CMRR_OK);
    ck_assert_ptr_nonnull(strstr(sheet.file[1].text, "20 46.25 46.75\n"));
    plot_sheet_free(&sheet);
    setlocale(LC_ALL, "C");
}
END_TEST

START_TEST(a_picture_takes_less_than_half_a_second_of_the_processor)
{
    struct rusage before, after;
    getrusage(RUSAGE_CHILDREN, &before);
    expect_drawn("a.svg");
    getrusage(RUSAGE_CHILDREN, &after);
    double used_s = (double)(after.ru_utime.tv_sec - before.ru_utime.tv_sec) +
                    1e-6 * (double)(after.ru_utime.tv_usec - before.ru_utime.tv_usec);
    ck_assert_double_lt(used_s, 0.5);
}
END_TEST

/* What follows: failures. In each the target keeps what it held, and nothing else is left. */

static void expect_failure(enum cmrr_status status, const char *word)
{
    write_file("kept.svg", "as it was", 0644);
    size_t files = files_in(".");
    ck_assert_int_eq(plot_draw(&plot, "kept.svg", &why), status);
    ck_assert_msg(strstr(why.text, word) != NULL, "%s", why.text);
    read_file("kept.svg");
    ck_assert_str_eq(content, "as it was");
    ck_assert_uint_eq(files_in("."), files);
}

START_TEST(a_missing_gnuplot_is_named_with_its_package)
{
    setenv("PATH", folder, 1);
    expect_failure(CMRR_FAILED, "install the package gnuplot-nox");
}
END_TEST

START_TEST(the_complaint_of_gnuplot_is_passed_on)
{
    stand_in("#!/bin/sh\necho >&2\necho 'plot nonsense' >&2\n"
             "echo '\"plot.gp\" line 7: undefined variable: nonsense' >&2\nexit 1\n");
    expect_failure(CMRR_FAILED, "line 7: undefined variable: nonsense");
}
END_TEST

START_TEST(a_gnuplot_that_makes_no_picture_is_a_failure)
{
    stand_in("#!/bin/sh\necho no terminal >&2\n");
    expect_failure(CMRR_FAILED, "no terminal");
}
END_TEST

START_TEST(a_picture_without_its_end_is_a_failure)
{
    stand_in("#!/bin/sh\necho '<?xml ?><svg><path' >picture\n");
    expect_failure(CMRR_FAILED, "unfinished");
}
END_TEST

START_TEST(a_gnuplot_that_hangs_is_ended_with_its_children)
{
    stand_in("#!/bin/sh\n/bin/sleep 77 &\necho $! >$TMPDIR/child\nwait\n");
    struct plot_sheet sheet;
    char *picture = NULL;
    size_t size = 0;
    ck_assert_int_eq(plot_sheet_make(&sheet, &plot, PLOT_SVG, &why), CMRR_OK);
    ck_assert_int_eq(gnuplot_run(&sheet, 0.5, &picture, &size, &why), CMRR_FAILED);
    plot_sheet_free(&sheet);
    ck_assert_ptr_nonnull(strstr(why.text, "longer than 0.5 s"));
    ck_assert_ptr_null(picture);
    read_file("child");
    /* Killed with its group; whoever inherits it may need a moment to reap it. */
    struct timespec moment = {.tv_nsec = 100000000};
    int is_there = 0;
    for (int i = 0; i < 20 && (is_there = kill(atoi(content), 0)) == 0; i++) {
        char stat_path[64];
        snprintf(stat_path, sizeof stat_path, "/proc/%d/stat", atoi(content));
        FILE *stat_file = fopen(stat_path, "r");
        char state = 'Z';
        if (stat_file && fscanf(stat_file, "%*d (%*[^)]) %c", &state) != 1)
            state = 'Z';
        if (stat_file)
            fclose(stat_file);
        if (state == 'Z')
            break;
        nanosleep(&moment, NULL);
        ck_assert_int_lt(i, 19);
    }
    ck_assert_uint_eq(files_in("."), 2);
}
END_TEST

START_TEST(a_folder_in_the_way_is_refused_and_left)
{
    ck_assert_int_eq(mkdir("a.svg", 0700), 0);
    ck_assert_int_eq(plot_draw(&plot, "a.svg", &why), CMRR_WRITE);
    ck_assert_ptr_nonnull(strstr(why.text, "a.svg"));
    ck_assert_uint_eq(files_in("."), 1);
    ck_assert_int_eq(plot_draw(&plot, "absent/a.svg", NULL), CMRR_WRITE);
    ck_assert_uint_eq(files_in("."), 1);
}
END_TEST

START_TEST(a_tmpdir_that_is_not_there_is_named)
{
    setenv("TMPDIR", "/nonexistent", 1);
    expect_failure(CMRR_FAILED, "/nonexistent");
}
END_TEST

/* RLIMIT_FSIZE stands for a full disk where none can be mounted: writing more fails, also in gnuplot. */
START_TEST(a_limit_on_the_size_of_files_is_noticed)
{
    struct rlimit before, small;
    getrlimit(RLIMIT_FSIZE, &before);
    small = before;
    small.rlim_cur = 12000;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    write_file("kept.svg", "as it was", 0644);
    enum cmrr_status status = plot_draw(&plot, "kept.svg", &why);
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, SIG_DFL);
    ck_assert_int_eq(status, CMRR_FAILED);
    read_file("kept.svg");
    ck_assert_str_eq(content, "as it was");
    ck_assert_uint_eq(files_in("."), 1);
}
END_TEST

static bool mount_small_disk(const char *path, const char *size)
{
    if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("none", path, "tmpfs", 0, size) != 0) {
        printf("note no disk may be mounted here (%s): a full one was not put to the test\n", strerror(errno));
        return false;
    }
    return true;
}

START_TEST(a_full_disk_under_the_target_is_noticed)
{
    ck_assert_int_eq(mkdir("disk", 0700), 0);
    if (!mount_small_disk("disk", "size=8k"))
        return;
    write_file("disk/a.svg", "as it was", 0644);
    ck_assert_int_eq(plot_draw(&plot, "disk/a.svg", &why), CMRR_WRITE);
    ck_assert_ptr_nonnull(strstr(why.text, strerror(ENOSPC)));
    read_file("disk/a.svg");
    ck_assert_str_eq(content, "as it was");
    ck_assert_uint_eq(files_in("disk"), 1);
    umount("disk");
}
END_TEST

START_TEST(a_full_disk_under_gnuplot_is_noticed)
{
    ck_assert_int_eq(mkdir("disk", 0700), 0);
    if (!mount_small_disk("disk", "size=48k"))
        return;
    char path[128];
    snprintf(path, sizeof path, "%s/disk", folder);
    setenv("TMPDIR", path, 1);
    expect_failure(CMRR_FAILED, "unfinished");
    ck_assert_uint_eq(files_in("disk"), 0);
    umount("disk");
}
END_TEST

static TCase *pictures(void)
{
    TCase *tcase = tcase_create("pictures");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, svg_png_and_pdf_begin_and_end_as_they_should);
    tcase_add_test(tcase, another_ending_is_refused);
    tcase_add_loop_test(tcase, no_text_reaches_gnuplot_as_a_command, 0, sizeof injections / sizeof *injections);
    tcase_add_test(tcase, bytes_that_are_no_utf8_are_replaced_and_direction_marks_dropped);
    tcase_add_test(tcase, a_long_text_is_cut_with_an_ellipsis);
    tcase_add_test(tcase, missing_texts_are_empty);
    tcase_add_test(tcase, a_simulated_run_says_so);
    tcase_add_test(tcase, the_legend_lists_only_what_is_there);
    tcase_add_test(tcase, a_run_of_bounds_has_neither_curve_nor_band);
    tcase_add_test(tcase, a_run_without_a_valid_point_says_so);
    tcase_add_test(tcase, one_single_point_is_drawn_whatever_its_kind);
    tcase_add_test(tcase, twelve_curves_are_drawn);
    tcase_add_test(tcase, data_files_hold_only_finite_numbers);
    tcase_add_test(tcase, bounds_and_invalid_points_leave_gaps_in_the_curve);
    tcase_add_test(tcase, a_band_without_upper_limit_reaches_the_floor);
    tcase_add_test(tcase, a_far_floor_does_not_squash_the_curve);
    tcase_add_test(tcase, axes_are_tens_around_everything_measured);
    tcase_add_test(tcase, numbers_have_a_decimal_point_in_every_locale);
    tcase_add_test(tcase, a_picture_takes_less_than_half_a_second_of_the_processor);
    return tcase;
}

static TCase *failures(void)
{
    TCase *tcase = tcase_create("failures");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_missing_gnuplot_is_named_with_its_package);
    tcase_add_test(tcase, the_complaint_of_gnuplot_is_passed_on);
    tcase_add_test(tcase, a_gnuplot_that_makes_no_picture_is_a_failure);
    tcase_add_test(tcase, a_picture_without_its_end_is_a_failure);
    tcase_add_test(tcase, a_gnuplot_that_hangs_is_ended_with_its_children);
    tcase_add_test(tcase, a_folder_in_the_way_is_refused_and_left);
    tcase_add_test(tcase, a_tmpdir_that_is_not_there_is_named);
    tcase_add_test(tcase, a_limit_on_the_size_of_files_is_noticed);
    tcase_add_test(tcase, a_full_disk_under_the_target_is_noticed);
    tcase_add_test(tcase, a_full_disk_under_gnuplot_is_noticed);
    return tcase;
}

int main(void)
{
    Suite *suite = suite_create("plot");
    suite_add_tcase(suite, pictures());
    suite_add_tcase(suite, failures());
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
