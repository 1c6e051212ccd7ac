package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/deploysite/deploysite/internal/serve"
)

func serveCommand(env *environment, dir *string) *cobra.Command {
	var port int
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Build the site and show it on this machine",
		Long: `Build the site in memory and serve it on 127.0.0.1, for this machine only.
Nothing is written. Start it again to see what has changed since.`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return serveSite(cmd.Context(), env, *dir, port) },
	}
	cmd.Flags().IntVarP(&port, "port", "p", 1313, "listen on `PORT`; 0 takes any free one")
	return cmd
}

func serveSite(ctx context.Context, env *environment, dir string, port int) error {
	bar := newProgress(env.stderr)
	_, s, err := load(ctx, env, dir, "", bar)
	bar.clear()
	if err != nil {
		return err
	}
	defer s.Close()
	out, err := s.Output()
	if err != nil {
		return err
	}
	for _, problem := range s.Problems {
		fmt.Fprintln(env.stderr, problem)
	}
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return fmt.Errorf("%w; choose another port with -p, or any free one with -p 0", err)
	}
	fmt.Fprintf(env.stdout, "http://%s/\n", l.Addr())
	fmt.Fprintf(env.stderr, "%d records; Ctrl-C ends\n", len(s.Entries))
	server := serve.Server(serve.Handler(out))
	go func() {
		<-ctx.Done()
		end, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = server.Shutdown(end) // Serve below returns in any case
	}()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
