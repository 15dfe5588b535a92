#pragma once
#include <limits.h>
#include <microhttpd.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

// Swift cannot call variadic functions nor read macros that are casts; these wrappers are all that is needed of them.

/// Starts a daemon that accepts on `listen_fd` and works when `MHD_run` is called; NULL when it cannot.
static inline struct MHD_Daemon *braid_mhd_start(
    int listen_fd, unsigned connections, size_t memory, unsigned idle_seconds, MHD_AccessHandlerCallback handler,
    void *(*begun)(void *, const char *, struct MHD_Connection *), MHD_RequestCompletedCallback completed, void *context) {
    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO, 0, NULL, NULL, handler,
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

/// The epoll set that is readable when the daemon has something to do, or -1.
static inline int braid_mhd_set(struct MHD_Daemon *daemon) {
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
    return info ? info->epoll_fd : -1;
}

/// In how many milliseconds the daemon must be run though its set is not readable, or -1.
static inline int braid_mhd_timeout(struct MHD_Daemon *daemon) {
    MHD_UNSIGNED_LONG_LONG due = 0;
    return MHD_get_timeout(daemon, &due) != MHD_YES ? -1 : due > INT_MAX ? INT_MAX : (int)due;
}

/// A new epoll set, or -1.
static inline int braid_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

/// Has the set report `id`, once, when the other end of the socket closes.
static inline void braid_epoll_add(int set, int socket, uint64_t id) {
    struct epoll_event event = {.events = EPOLLRDHUP | EPOLLONESHOT, .data = {.u64 = id}};
    epoll_ctl(set, EPOLL_CTL_ADD, socket, &event);
}

/// Has the set report `id` while `other`, another set, is readable; returns whether it will.
static inline int braid_epoll_add_set(int set, int other, uint64_t id) {
    struct epoll_event event = {.events = EPOLLIN, .data = {.u64 = id}};
    return epoll_ctl(set, EPOLL_CTL_ADD, other, &event) == 0;
}

/// A descriptor in the set that `braid_wake` makes it readable with, or -1; it reports 0.
static inline int braid_epoll_add_wakeup(int set) {
    int wakeup = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data = {.u64 = 0}};
    epoll_ctl(set, EPOLL_CTL_ADD, wakeup, &event);
    return wakeup;
}

/// Makes the set of a wakeup readable, until it was looked at.
static inline void braid_wake(int wakeup) { eventfd_write(wakeup, 1); }

/// Takes the socket, or set, out of the set.
static inline void braid_epoll_remove(int set, int socket) { epoll_ctl(set, EPOLL_CTL_DEL, socket, NULL); }

/// Waits so many milliseconds (-1: for ever) for the set to have something to report; puts the ids into `ids`, and returns
/// how many.
static inline int braid_epoll_take(int set, uint64_t *ids, int capacity, int timeout) {
    struct epoll_event events[64];
    int count = epoll_wait(set, events, capacity < 64 ? capacity : 64, timeout);
    for (int index = 0; index < count; index++) ids[index] = events[index].data.u64;
    return count < 0 ? 0 : count;
}
