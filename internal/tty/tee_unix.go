//go:build unix

package tty

import (
	"io"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// Tee returns a second terminal for what a command prints. All of it goes to screen, as
// it comes, and to keep. So the command still prints to a terminal, and its keys
// still come from the first one: colours, passwords, editors and Ctrl-C work as ever.
//
// Call done when the command has ended. What its children print later goes nowhere.
func Tee(screen *os.File, keep io.Writer) (out *os.File, done func(), err error) {
	master, out, err := pty.Open()
	if err != nil {
		return nil, nil, err
	}
	if _, err := term.MakeRaw(int(out.Fd())); err != nil { // the screen makes line ends of its own
		out.Close()
		master.Close()
		return nil, nil, err
	}
	_ = pty.InheritSize(screen, master)
	resized := make(chan os.Signal, 1)
	signal.Notify(resized, syscall.SIGWINCH)
	go func() {
		for range resized {
			_ = pty.InheritSize(screen, master)
		}
	}()
	shown := &gate{to: io.MultiWriter(screen, keep)}
	ended := make(chan struct{})
	go func() {
		_, _ = io.Copy(shown, master) // ends with an error when nobody has the second one open
		master.Close()
		close(ended)
	}()
	return out, func() {
		out.Close()
		select {
		case <-ended:
		case <-time.After(lateOutput): // a child in the background has it open
		}
		shown.shut.Store(true)
		signal.Stop(resized)
		close(resized)
	}, nil
}

// lateOutput is how long the output of a command that has ended is waited for.
const lateOutput = 200 * time.Millisecond

// gate lets nothing through once it is shut.
type gate struct {
	to   io.Writer
	shut atomic.Bool
}

func (g *gate) Write(p []byte) (int, error) {
	if g.shut.Load() {
		return len(p), nil
	}
	return g.to.Write(p)
}

// DropInput takes the keys from a raw terminal that wait to be read, and reports whether there
// were any.
func DropInput(in *os.File) (dropped bool) {
	var some [256]byte
	for {
		ready := []unix.PollFd{{Fd: int32(in.Fd()), Events: unix.POLLIN}}
		if n, err := unix.Poll(ready, 0); n < 1 || err != nil {
			return dropped
		}
		if n, err := in.Read(some[:]); n == 0 || err != nil {
			return dropped
		}
		dropped = true
	}
}
