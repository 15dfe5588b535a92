#pragma once
#include <spawn.h>

// glibc declares these only under _GNU_SOURCE, which the compiler's own module of it does not define.
int pipe2(int descriptors[2], int flags);
int memfd_create(const char *name, unsigned int flags);
int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
int sync_file_range(int descriptor, off_t offset, off_t count, unsigned int flags);

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

/// Starts a program in a process group of its own, with signals as a shell gives them and no other descriptors than these:
/// `input` (or nothing when -1) as 0, `output` as 1 and 2 (or nothing when -1), `gate` as 3 unless -1. They must be above 9.
/// Returns 0, or the system's error.
static inline int braid_spawn(pid_t *pid, char *const arguments[], char *const environment[], const char *directory,
                              int input, int output, int gate) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    if (input >= 0) posix_spawn_file_actions_adddup2(&actions, input, 0);
    else posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    for (int descriptor = 1; descriptor <= 2; descriptor++) {
        if (output >= 0) posix_spawn_file_actions_adddup2(&actions, output, descriptor);
        else posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0);
    }
    if (gate >= 0) posix_spawn_file_actions_adddup2(&actions, gate, 3);
    posix_spawn_file_actions_addclosefrom_np(&actions, gate >= 0 ? 4 : 3);
    if (directory) posix_spawn_file_actions_addchdir_np(&actions, directory);
    int status = posix_spawn(pid, arguments[0], &actions, &attributes, arguments, environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return status;
}

/// Waits until a child has ended, without taking its process id back from it.
static inline void braid_await_exit(pid_t pid) {
    siginfo_t info;
    while (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) < 0 && errno == EINTR) {}
}

/// Frees a child that has ended; returns its exit status, or the negative number of the signal that ended it.
static inline int braid_reap(pid_t pid) {
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

/// The same open file under a number above 9, closed in programs that are started; the given one is closed.
static inline int braid_raise_descriptor(int descriptor) {
    int raised = fcntl(descriptor, F_DUPFD_CLOEXEC, 10);
    close(descriptor);
    return raised;
}

/// A descriptor that becomes readable with `braid_wake_up`, or -1.
static inline int braid_wakeup(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

/// Makes a wakeup readable.
static inline void braid_wake_up(int wakeup) { eventfd_write(wakeup, 1); }

/// Bytes of the heap that something holds, without those that the allocator keeps for later.
static inline size_t braid_heap_in_use(void) {
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}
