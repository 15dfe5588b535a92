#pragma once
#include <microhttpd.h>
#include <sys/epoll.h>
#include <sys/socket.h>

// Swift cannot call variadic functions nor read macros that are casts; these wrappers are all that is needed of them.

/// Starts a daemon that accepts on `listen_fd`, with one internal epoll thread; NULL when it cannot.
static inline struct MHD_Daemon *braid_mhd_start(
    int listen_fd, unsigned connections, size_t memory, unsigned idle_seconds, MHD_AccessHandlerCallback handler,
    void *(*begun)(void *, const char *, struct MHD_Connection *), MHD_RequestCompletedCallback completed, void *context) {
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC | MHD_USE_TURBO, 0, NULL, NULL, handler,
        context, MHD_OPTION_LISTEN_SOCKET, listen_fd, MHD_OPTION_CONNECTION_LIMIT, connections,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, memory, MHD_OPTION_CONNECTION_TIMEOUT, idle_seconds,
        MHD_OPTION_URI_LOG_CALLBACK, begun, context, MHD_OPTION_NOTIFY_COMPLETED, completed, context, MHD_OPTION_END);
}

/// The socket of a connection, or -1.
static inline int braid_mhd_socket(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

/// The client's address, or NULL; valid as long as the connection.
static inline const struct sockaddr *braid_mhd_client(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return info ? info->client_addr : NULL;
}

/// A response whose body a callback gives, of unknown length.
static inline struct MHD_Response *braid_mhd_stream(
    size_t block, MHD_ContentReaderCallback reader, void *context, MHD_ContentReaderFreeCallback release) {
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, block, reader, context, release);
}

static const ssize_t braid_mhd_end_of_stream = MHD_CONTENT_READER_END_OF_STREAM;
static const ssize_t braid_mhd_end_with_error = MHD_CONTENT_READER_END_WITH_ERROR;

/// A new epoll set, or -1.
static inline int braid_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

/// Has the set report `id`, once, when the other end of the socket closes.
static inline void braid_epoll_add(int set, int socket, uint64_t id) {
    struct epoll_event event = {.events = EPOLLRDHUP | EPOLLONESHOT, .data = {.u64 = id}};
    epoll_ctl(set, EPOLL_CTL_ADD, socket, &event);
}

/// Takes the socket out of the set.
static inline void braid_epoll_remove(int set, int socket) { epoll_ctl(set, EPOLL_CTL_DEL, socket, NULL); }

/// The id of one socket whose other end has closed, or 0 when there is none now.
static inline uint64_t braid_epoll_next(int set) {
    struct epoll_event event;
    return epoll_wait(set, &event, 1, 0) == 1 ? event.data.u64 : 0;
}
