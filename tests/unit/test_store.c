/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmrr/store.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cmrr/file.h"
#include "folder.h"
#include "suite.h"

static struct folder folder;
static struct cmrr_error why;
static const time_t noon = 1795176000; /* 2026-11-20 12:00:00 UTC */

static void setup(void)
{
    folder_make(&folder);
    why = (struct cmrr_error){0};
}

static void teardown(void)
{
    folder_remove(&folder);
}

static void create(const char *label, char id[RUN_ID_MAX])
{
    char path[PATH_MAX];
    ck_assert_int_eq(store_create(folder.path, label, noon, id, path, &why), CMRR_OK);
    ck_assert(file_is_folder(path));
}

START_TEST(names_a_run_by_utc_time_and_label)
{
    char id[RUN_ID_MAX];
    create("Mixer ch 1 (pad)", id);
    ck_assert_str_eq(id, "20261120-120000-mixer-ch-1-pad");
}
END_TEST

START_TEST(calls_a_run_without_letters_in_its_label_run_and_counts_collisions)
{
    char id[RUN_ID_MAX];
    create("../../..", id);
    ck_assert_str_eq(id, "20261120-120000-run");
    create("", id);
    ck_assert_str_eq(id, "20261120-120000-run-2");
    create("\xc3\xa9", id);
    ck_assert_str_eq(id, "20261120-120000-run-3");
}
END_TEST

START_TEST(finds_a_run_by_id_piece_last_or_folder_and_says_what_else_it_could_be)
{
    char first[RUN_ID_MAX], second[RUN_ID_MAX], path[PATH_MAX];
    create("alpha", first);
    create("beta", second);
    ck_assert_int_eq(store_find(folder.path, "alp", path, &why), CMRR_OK);
    ck_assert_ptr_nonnull(strstr(path, first));
    ck_assert_int_eq(store_find(folder.path, "last", path, &why), CMRR_OK);
    ck_assert_ptr_nonnull(strstr(path, second));
    ck_assert_int_eq(store_find("/nowhere", folder_file(&folder, first), path, &why), CMRR_OK);
    ck_assert_int_eq(store_find(folder.path, "2026", path, &why), CMRR_USAGE);
    ck_assert_ptr_nonnull(strstr(why.text, first));
    ck_assert_ptr_nonnull(strstr(why.text, second));
    why = (struct cmrr_error){0};
    ck_assert_int_eq(store_find(folder.path, "gamma", path, &why), CMRR_USAGE);
    ck_assert_ptr_nonnull(strstr(why.text, "gamma"));
}
END_TEST

START_TEST(takes_an_absent_store_as_empty)
{
    char **ids;
    size_t count;
    ck_assert_int_eq(store_list(folder_file(&folder, "none"), &ids, &count, &why), CMRR_OK);
    ck_assert_uint_eq(count, 0);
    store_list_free(ids, count);
}
END_TEST

START_TEST(refuses_a_store_where_a_file_is_in_the_way)
{
    char id[RUN_ID_MAX], path[PATH_MAX];
    folder_write(&folder, "file", "x");
    ck_assert_int_eq(store_create(folder_file(&folder, "file/runs"), "a", noon, id, path, &why), CMRR_WRITE);
    ck_assert_ptr_nonnull(strstr(why.text, "file"));
}
END_TEST

START_TEST(writes_a_head_then_every_reading_as_it_comes)
{
    struct table *head = table_new();
    struct recorder *recorder = NULL;
    struct table *table = NULL;
    struct reading reading = {.stream = 1, .block = 2, .freq_hz = 1000, .y = {0.5, 1e-6, 100}, .attempt = 1};
    table_set_key(head, "name", "line 1\n# forged: yes");
    ck_assert_int_eq(recorder_new(&recorder, folder.path, head, &why), CMRR_OK);
    ck_assert_int_eq(recorder_append(recorder, &reading, &why), CMRR_OK);
    ck_assert_int_eq(recorder_flush(recorder, &why), CMRR_OK);
    /* Read while the recorder is still open: what a killed daemon leaves behind. */
    ck_assert_int_eq(file_read_table(folder_file(&folder, "steps.csv"), &table, &why), CMRR_OK);
    ck_assert_str_eq(table_key(table, "name"), "line 1 # forged: yes");
    ck_assert_ptr_null(table_key(table, "forged"));
    ck_assert_uint_eq(table_rows(table), 1);
    table_free(table);
    table_free(head);
    recorder_free(recorder);
}
END_TEST

START_TEST(says_that_the_disk_is_full_at_the_row_that_no_longer_fits)
{
    if (mount("tmpfs", folder.path, "tmpfs", 0, "size=64k") != 0) {
        printf("note no permission to mount a small tmpfs\n");
        return;
    }
    struct table *head = table_new();
    struct recorder *recorder = NULL;
    struct reading reading = {.stream = 1, .freq_hz = 1000, .y = {0.123456789, 1e-6, 100}};
    enum cmrr_status status = recorder_new(&recorder, folder.path, head, &why);
    ck_assert_int_eq(status, CMRR_OK);
    for (int i = 0; i < 2000 && status == CMRR_OK; i++)
        status = recorder_append(recorder, &reading, &why);
    recorder_free(recorder);
    table_free(head);
    umount(folder.path);
    ck_assert_int_eq(status, CMRR_WRITE);
    ck_assert_ptr_nonnull(strstr(why.text, "No space left"));
}
END_TEST

START_TEST(leaves_the_old_file_when_the_new_one_cannot_be_written)
{
    char *text = NULL;
    size_t size;
    folder_write(&folder, "run.csv", "old");
    ck_assert_int_eq(file_write("/dev/full/x", "new", 3, &why), CMRR_WRITE);
    why = (struct cmrr_error){0};
    ck_assert_int_eq(file_write(folder_file(&folder, "run.csv/x"), "new", 3, &why), CMRR_WRITE);
    ck_assert_int_eq(file_read(folder_file(&folder, "run.csv"), &text, &size, &why), CMRR_OK);
    ck_assert_str_eq(text, "old");
    ck_assert_uint_eq(folder_count(folder.path), 1);
    free(text);
}
END_TEST

START_TEST(reads_regular_files_only)
{
    char *text;
    size_t size;
    mkfifo(folder_file(&folder, "fifo"), 0600);
    ck_assert_int_eq(file_read(folder_file(&folder, "fifo"), &text, &size, &why), CMRR_BAD_FILE);
    ck_assert_ptr_nonnull(strstr(why.text, "regular"));
    why = (struct cmrr_error){0};
    ck_assert_int_eq(file_read("/dev/zero", &text, &size, &why), CMRR_BAD_FILE);
    why = (struct cmrr_error){0};
    ck_assert_int_eq(file_read(folder_file(&folder, "none"), &text, &size, &why), CMRR_BAD_FILE);
    ck_assert_ptr_nonnull(strstr(why.text, "No such file"));
}
END_TEST

START_TEST(calls_a_folder_with_steps_but_no_run_interrupted)
{
    struct run_file file;
    folder_write(&folder, "steps.csv", "");
    ck_assert_int_eq(run_file_read(&file, folder.path, &why), CMRR_BAD_FILE);
    ck_assert_ptr_nonnull(strstr(why.text, "interrupted"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("store");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, names_a_run_by_utc_time_and_label);
    tcase_add_test(tcase, calls_a_run_without_letters_in_its_label_run_and_counts_collisions);
    tcase_add_test(tcase, finds_a_run_by_id_piece_last_or_folder_and_says_what_else_it_could_be);
    tcase_add_test(tcase, takes_an_absent_store_as_empty);
    tcase_add_test(tcase, refuses_a_store_where_a_file_is_in_the_way);
    tcase_add_test(tcase, writes_a_head_then_every_reading_as_it_comes);
    tcase_add_test(tcase, says_that_the_disk_is_full_at_the_row_that_no_longer_fits);
    tcase_add_test(tcase, leaves_the_old_file_when_the_new_one_cannot_be_written);
    tcase_add_test(tcase, reads_regular_files_only);
    tcase_add_test(tcase, calls_a_folder_with_steps_but_no_run_interrupted);
    suite_add_tcase(suite, tcase);
    return suite_finish(suite);
}
