/* One real dqlite node that listens elsewhere than where its configuration says, so that states never meet.
 *
 * usage: node DIR ID ADDRESS REAL [ADDRESS REAL]...
 * It is ADDRESS and listens on REAL (127.x.y.z:port); so is each peer that is named. Nobody else can be reached.
 * Prints "started", or the failure; then it runs until it is killed. Elections take 0.75 to 1.5 s.
 * build: apt-get install libdqlite-dev; cc -o node node.c -ldqlite */
#include <arpa/inet.h>
#include <dqlite.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LATENCY_MS 50 /* dqlite's election timeout is 15 times this */

static int dial_real(const char *real, int *fd)
{
	struct sockaddr_in peer = {.sin_family = AF_INET};
	char host[32];
	unsigned port;
	if (sscanf(real, "%31[^:]:%u", host, &port) != 2)
		return 1;
	peer.sin_port = htons((unsigned short)port);
	inet_pton(AF_INET, host, &peer.sin_addr);
	*fd = socket(AF_INET, SOCK_STREAM, 0);
	if (*fd < 0)
		return 1;
	if (connect(*fd, (struct sockaddr *)&peer, sizeof peer) == 0)
		return 0;
	close(*fd);
	return 1;
}

static int dial(void *pairs, const char *address, int *fd)
{
	for (char **pair = pairs; pair[0] && pair[1]; pair += 2)
		if (strcmp(pair[0], address) == 0)
			return dial_real(pair[1], fd);
	return 1;
}

int main(int argc, char **argv)
{
	dqlite_node *node = NULL;
	int rv;
	if (argc < 5)
		return 2;
	signal(SIGPIPE, SIG_IGN);
	rv = dqlite_node_create(strtoull(argv[2], NULL, 10), argv[3], argv[1], &node);
	if (rv == 0)
		rv = dqlite_node_set_bind_address(node, argv[4]);
	if (rv == 0)
		rv = dqlite_node_set_connect_func(node, dial, argv + 3);
	if (rv == 0)
		rv = dqlite_node_set_network_latency_ms(node, LATENCY_MS);
	if (rv == 0)
		rv = dqlite_node_start(node);
	printf("%s\n", rv == 0 ? "started" : node ? dqlite_node_errmsg(node) : "cannot be created");
	fflush(stdout);
	while (rv == 0)
		pause();
	return 1;
}
