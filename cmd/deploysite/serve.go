package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/serve"
	"github.com/deploysite/deploysite/internal/text"
	"github.com/deploysite/deploysite/internal/watch"
)

type serveOptions struct {
	port int
	host string
	open bool
	poll bool
}

func serveCommand(env *cli.Env) *cobra.Command {
	opt := serveOptions{}
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Show the site on this machine, always as the records are now",
		Long: `Build the site in memory, serve it on 127.0.0.1, for this machine only, and
build it anew whenever a record, the checklist, the process, a picture, the
theme or deploysite.toml is saved, or git moves on. Open pages load themselves
again and stay where they were. Nothing is written.

If something cannot be built, the last site stays, and the terminal and every
open page say what is wrong and where. It goes on as soon as that is mended.

It prints the site's address. Ctrl-C ends it.`,
		Example: `  deploysite serve --open        # and open it in the browser
  deploysite serve -p 0          # on any free port
  deploysite serve --host 192.168.1.20   # for the phone in the same network too`,
		Args: cli.NoArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return serveSite(cmd.Context(), env, opt) },
	}
	f := cmd.Flags()
	f.IntVarP(&opt.port, "port", "p", 1313, "listen on `PORT`; 0 takes any free one")
	f.StringVar(&opt.host, "host", "", "listen on `ADDR`, another address or name of this machine, where others can read the records too")
	f.BoolVar(&opt.open, "open", false, "open the site in the browser")
	f.BoolVar(&opt.poll, "poll", false, "look for changes each second, where the system does not tell of them")
	return cmd
}

func serveSite(ctx context.Context, env *cli.Env, opt serveOptions) error {
	if opt.port < 0 || opt.port > 65535 {
		return cli.Usagef("there is no port %d; they go from 0, for any free one, to 65535", opt.port)
	}
	info, err := os.Stat(env.Dir) // what nobody can mend by saving a file is told at once
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s is not a folder", env.Dir)
	}
	if err != nil {
		return err
	}
	listener, err := listen(env, opt)
	if err != nil {
		return err
	}
	live := serve.NewLive(serve.Options{Host: servedHost(listener, opt.host)})
	server := serve.Server(live)
	server.ErrorLog = log.New(visibleWriter{env.Stderr}, "deploysite: ", 0)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	failed := make(chan error, 1)
	go func() {
		failed <- server.Serve(listener)
		cancel()
	}()
	b := newRebuilder(env, opt, live, addresses(listener))
	watch.Run(ctx, watch.Options{Inputs: b.inputs, Root: b.root, Poll: opt.poll, Say: b.say, Also: eachDay(ctx, env)}, b.build)
	live.Close()
	end, stop := context.WithTimeout(context.Background(), time.Second)
	defer stop()
	if server.Shutdown(end) != nil {
		_ = server.Close() // somebody does not read to the end
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// listen opens the port, on this machine's loopback unless told otherwise.
func listen(env *cli.Env, opt serveOptions) (net.Listener, error) {
	host := opt.host
	if host == "" || host == "localhost" {
		host = "127.0.0.1"
	}
	l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(opt.port)))
	if err != nil {
		hint := "choose another port with -p, or any free one with -p 0"
		if opt.host != "" {
			hint += "; --host must be an address or a name of this machine"
		}
		return nil, fmt.Errorf("%w; %s", err, hint)
	}
	if !isLoopback(l) {
		env.Tell("warning: everybody who can reach %s can read the records now; there is no password", opt.host)
	}
	return l, nil
}

func isLoopback(l net.Listener) bool {
	addr, ok := l.Addr().(*net.TCPAddr)
	return ok && addr.IP.IsLoopback()
}

// servedHost is the host that clients must name, "" for those of the loopback.
func servedHost(l net.Listener, host string) string {
	if isLoopback(l) && (net.ParseIP(host) != nil || host == "localhost") {
		return ""
	}
	return host
}

// addresses lists where a browser finds the site.
func addresses(l net.Listener) []string {
	addr, ok := l.Addr().(*net.TCPAddr)
	if !ok || !addr.IP.IsUnspecified() {
		return []string{"http://" + l.Addr().String() + "/"}
	}
	all := []string{fmt.Sprintf("http://127.0.0.1:%d/", addr.Port)}
	own, _ := net.InterfaceAddrs() // where they cannot be told, one is enough
	for _, a := range own {
		if ip, ok := a.(*net.IPNet); ok && ip.IP.IsGlobalUnicast() {
			all = append(all, "http://"+net.JoinHostPort(ip.IP.String(), strconv.Itoa(addr.Port))+"/")
		}
	}
	return all
}

// eachDay asks for a build when a new day begins: what is unfinished depends on
// the day.
func eachDay(ctx context.Context, env *cli.Env) <-chan struct{} {
	begun := make(chan struct{}, 1)
	day := func() string { return env.Now().Format(time.DateOnly) }
	go func() {
		for today := day(); ; {
			select {
			case <-ctx.Done():
				return
			case <-time.After(time.Minute):
			}
			if now := day(); now != today {
				today = now
				begun <- struct{}{}
			}
		}
	}()
	return begun
}

// findRoot is the root of the project, as well as that can be told.
func findRoot(dir string) string {
	p, _, err := project.Open(dir)
	if err != nil {
		return dir
	}
	return p.Root
}

// A visibleWriter makes visible what would steer a terminal.
type visibleWriter struct{ io.Writer }

func (w visibleWriter) Write(data []byte) (int, error) {
	_, err := io.WriteString(w.Writer, text.Visible(string(data)))
	return len(data), err
}
