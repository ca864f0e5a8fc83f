/* Moves the wall clock of a process and of its children by CLEF_AHEAD seconds. The clock that measures stays. */
#define _GNU_SOURCE
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long ahead;

__attribute__((constructor)) static void start(void) {
    const char *given = getenv("CLEF_AHEAD");
    ahead = given ? atol(given) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int failed = (int)syscall(SYS_clock_gettime, clock, now);
    if (!failed && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        now->tv_sec += ahead;
    return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec exact;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &exact);
    now->tv_sec = exact.tv_sec;
    now->tv_usec = exact.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *kept) {
    struct timespec exact;
    clock_gettime(CLOCK_REALTIME_COARSE, &exact);
    if (kept)
        *kept = exact.tv_sec;
    return exact.tv_sec;
}

/* The kernel waits until a deadline by its own clock: one of the moved clock would last for months. */
static struct timespec own(const struct timespec *deadline) {
    struct timespec moved = *deadline;
    moved.tv_sec -= ahead;
    return moved;
}

int pthread_cond_timedwait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex,
                           const struct timespec *restrict deadline) {
    struct timespec moved = own(deadline);
    if (deadline->tv_sec < 1000000000) /* seconds since the start of the machine */
        return pthread_cond_clockwait(condition, mutex, CLOCK_MONOTONIC, deadline);
    return pthread_cond_clockwait(condition, mutex, CLOCK_REALTIME, &moved);
}

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict deadline) {
    struct timespec moved = own(deadline);
    return sem_clockwait(semaphore, CLOCK_REALTIME, &moved);
}
