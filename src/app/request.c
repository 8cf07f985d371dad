/* SPDX-FileCopyrightText: the cmrr authors
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "api_json.h"

/*
 * One request from its headers to its answer. The HTTP library calls request_handle() with the headers, with each piece
 * of the body, and when the body is complete; a suspended one once more when it is resumed.
 */
enum { DISCARD_MAX = 1 << 20 }; /* of a body that is too large: beyond it the connection is closed */

static enum MHD_Result send_reply(struct request *request)
{
    struct reply *reply = &request->reply;
    struct MHD_Response *response = reply->response;
    if (!response) {
        char *text = api_format(reply->body);
        response = text ? MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE) : NULL;
        if (!response) {
            free(text);
            return MHD_NO;
        }
        MHD_add_response_header(response, "Content-Type", "application/json");
        if (reply->location[0])
            MHD_add_response_header(response, "Location", reply->location);
        if (reply->allow[0])
            MHD_add_response_header(response, "Allow", reply->allow);
    }
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    enum MHD_Result result = MHD_queue_response(request->connection, reply->http, response);
    MHD_destroy_response(response);
    reply->response = NULL;
    return result;
}

/*
 * A page from elsewhere must not measure through somebody's browser: with an Origin, that must be ourselves; over TCP the
 * Host must be a name of this machine's loopback, or a foreign name was made to point here.
 */
static bool is_foreign(const struct request *request)
{
    static const char *const names[] = {"127.0.0.1", "localhost", "[::1]"};
    const char *host = MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, "Host");
    const char *origin = MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, "Origin");
    if (origin && (!host || strncmp(origin, "http://", 7) != 0 || strcasecmp(origin + 7, host) != 0))
        return true;
    if (request->server->config->address.is_unix)
        return false;
    for (size_t i = 0; host && i < sizeof names / sizeof *names; i++) {
        size_t length = strlen(names[i]);
        if (strncasecmp(host, names[i], length) == 0 && (host[length] == ':' || host[length] == '\0'))
            return false;
    }
    return true;
}

/* Cut "/v1/a/b" at its slashes; false where it is not below /v1 or has more segments than any route. */
static bool cut_path(struct request *request)
{
    if (strncmp(request->path, "/v1/", 4) != 0)
        return false;
    char *rest = request->path + 4;
    for (char *part; (part = strsep(&rest, "/"));) {
        if (request->segments == REQUEST_SEGMENTS)
            return false;
        request->segment[request->segments++] = part;
    }
    return true;
}

static struct request *new_request(struct server *server, struct MHD_Connection *connection, const char *url,
                                   const char *method)
{
    struct request *request = calloc(1, sizeof *request);
    if (!request)
        return NULL;
    request->server = server;
    request->connection = connection;
    request->method = strcmp(method, "HEAD") == 0 ? "GET" : method;
    snprintf(request->path, sizeof request->path, "%s", url);
    if (is_foreign(request))
        reply_error(&request->reply, 403, "forbidden", "only programs and pages of this machine may ask", "");
    else if (strlen(url) >= sizeof request->path || !cut_path(request))
        reply_error(&request->reply, 404, "not_found", "there is nothing of that name", "everything is below /v1");
    return request;
}

static enum MHD_Result take_body(struct request *request, const char *data, size_t *size)
{
    size_t chunk = *size;
    *size = 0;
    if (request->refused || request->size + chunk > REQUEST_BODY_MAX) {
        request->refused += chunk;
        return request->refused > DISCARD_MAX ? MHD_NO : MHD_YES; /* MHD_NO: hang up */
    }
    char *grown = realloc(request->body, request->size + chunk);
    if (!grown)
        return MHD_NO;
    memcpy(grown + request->size, data, chunk);
    request->body = grown;
    request->size += chunk;
    return MHD_YES;
}

static void refuse_size(struct request *request)
{
    reply_error(&request->reply, 413, "too_large", "the body is larger than 64 KiB", "");
}

enum MHD_Result request_handle(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                               const char *version, const char *data, size_t *size, void **request_context)
{
    struct request *request = *request_context;
    (void)version;
    if (!request) { /* the headers are in */
        request = new_request(context, connection, url, method);
        if (!request)
            return MHD_NO;
        *request_context = request;
        const char *length = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Length");
        if (length && strtoull(length, NULL, 10) > REQUEST_BODY_MAX) {
            refuse_size(request);
            return send_reply(request); /* before the body comes: the connection ends behind it */
        }
        return MHD_YES;
    }
    if (*size)
        return take_body(request, data, size);
    if (request->refused && !request->reply.http)
        refuse_size(request);
    if (!request->reply.http)
        request_route(request);
    return request->reply.http ? send_reply(request) : MHD_YES;
}
