/* How long libraft takes to load a state directory, in milliseconds: the clock runs only around raft_io's load.
 *
 * usage: load DIR
 * DIR is modified by the library: give it a copy. Debian: libraft-dev, libuv1-dev; cc -O2 -o load load.c -lraft -luv
 */
#include <stdio.h>
#include <time.h>

#include <raft.h>
#include <raft/uv.h>
#include <uv.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

int main(int argc, char **argv)
{
    struct uv_loop_s loop;
    struct raft_uv_transport transport = {0};
    struct raft_io io = {0};
    raft_term term;
    raft_id vote;
    raft_index start;
    struct raft_snapshot *snapshot;
    struct raft_entry *entries;
    size_t n = 0;
    if (argc != 2) return 2;
    uv_loop_init(&loop);
    int rv = raft_uv_tcp_init(&transport, &loop);
    if (rv == 0) rv = raft_uv_init(&io, &loop, argv[1], &transport);
    if (rv == 0) rv = io.init(&io, 1, "127.0.0.1:9");
    double begun = now();
    if (rv == 0) rv = io.load(&io, &term, &vote, &snapshot, &start, &entries, &n);
    double took = now() - begun;
    if (rv != 0) {
        fprintf(stderr, "%d %s\n", rv, io.errmsg);
        return 1;
    }
    printf("%.3f %zu\n", took, n);
    return 0;
}
