package serve

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/text"
	"github.com/deploysite/deploysite/internal/watch"
)

// Options says how a project is served.
type Options struct {
	Host string // an address or name of this machine; "" is the loopback
	Port int    // 0 is any free one
	Poll bool   // look for changes each second, instead of being told by the system
	Open bool   // open the site in the browser
}

// Project serves the site of the project in env.Dir until ctx ends, and builds it
// again whenever its files change.
func Project(ctx context.Context, env *cli.Env, opt Options) error {
	listener, err := openPort(env, opt)
	if err != nil {
		return err
	}
	live := NewLive(servedHost(listener, opt.Host))
	server := Server(live)
	server.ErrorLog = log.New(visibleWriter{env.Stderr}, "deploysite: ", 0)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	failed := make(chan error, 1)
	go func() {
		failed <- server.Serve(listener)
		cancel()
	}()
	b := newRebuilder(env, opt, live, addresses(listener))
	watch.Run(ctx, watch.Options{Inputs: b.inputs, Root: b.root, Poll: opt.Poll, Say: b.say, Also: byTheClock(ctx, time.Minute, env.Now, &b.planned)}, b.build)
	live.Close()
	end, stop := context.WithTimeout(context.Background(), time.Second)
	defer stop()
	if server.Shutdown(end) != nil {
		_ = server.Close() // a client does not read its answer
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// openPort listens, on this machine's loopback unless told otherwise.
func openPort(env *cli.Env, opt Options) (net.Listener, error) {
	host := opt.Host
	if host == "" || host == "localhost" {
		host = "127.0.0.1"
	}
	l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(opt.Port)))
	if err != nil {
		hint := "choose another port with -p, or any free one with -p 0"
		if unknown := (*net.DNSError)(nil); errors.As(err, &unknown) || errors.Is(err, syscall.EADDRNOTAVAIL) {
			hint = "--host must be an address or a name of this machine"
		}
		return nil, fmt.Errorf("%w; %s", err, hint)
	}
	if !onLoopback(l) {
		env.Tell("warning: everybody who can reach %s can read the records now; there is no password", opt.Host)
	}
	return l, nil
}

func onLoopback(l net.Listener) bool {
	addr, ok := l.Addr().(*net.TCPAddr)
	return ok && addr.IP.IsLoopback()
}

// servedHost is the host that [guard] lets clients name, "" for the loopback.
func servedHost(l net.Listener, host string) string {
	if onLoopback(l) && (net.ParseIP(host) != nil || host == "localhost") {
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
	own, _ := net.InterfaceAddrs() // after an error the loopback's has to do
	for _, a := range own {
		if ip, ok := a.(*net.IPNet); ok && ip.IP.IsGlobalUnicast() {
			all = append(all, "http://"+net.JoinHostPort(ip.IP.String(), strconv.Itoa(addr.Port))+"/")
		}
	}
	return all
}

// byTheClock asks for a build when a day begins, at the hour of a planned deployment, and a
// day after one began: which records are planned or unfinished depends on them. It looks
// each so often.
func byTheClock(ctx context.Context, every time.Duration, now func() time.Time, planned *atomic.Int64) <-chan struct{} {
	ask := make(chan struct{}, 1)
	day := func() string { return now().Format(time.DateOnly) }
	go func() {
		for today := day(); ; {
			select {
			case <-ctx.Done():
				return
			case <-time.After(every):
			}
			at := planned.Load()
			if next := day(); next != today || at != 0 && now().Unix() >= at && planned.CompareAndSwap(at, 0) {
				today = next
				ask <- struct{}{}
			}
		}
	}()
	return ask
}

// A visibleWriter makes control characters visible.
type visibleWriter struct{ io.Writer }

func (w visibleWriter) Write(data []byte) (int, error) {
	_, err := io.WriteString(w.Writer, text.Visible(string(data)))
	return len(data), err
}
